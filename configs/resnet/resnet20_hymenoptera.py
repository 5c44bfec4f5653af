# Ants or bees: ResNet-20 with weights of CIFAR-10 goes on with 244 photographs, at 32x32 pixels. See docs/finetune.md.
_base_ = ['../_base_/models/resnet20_cifar.py', '../_base_/default_runtime.py']
model = dict(head=dict(num_classes=2, topk=(1, )))

img_norm_cfg = dict(  # those that the weights were trained with
    mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='RandomResizedCrop', size=32, scale=(0.25, 1.0), backend='pillow'),
    dict(type='RandomFlip', flip_prob=0.5, direction='horizontal'),
    dict(type='ColorJitter', brightness=0.2, contrast=0.2, saturation=0.2),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='ToTensor', keys=['gt_label']),
    dict(type='Collect', keys=['img', 'gt_label'])
]
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='Resize', size=(36, -1), backend='pillow'),
    dict(type='CenterCrop', crop_size=32),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='Collect', keys=['img'])
]
held_out = dict(type='CustomDataset', data_prefix='data/hymenoptera_data/val', pipeline=test_pipeline)
data = dict(
    samples_per_gpu=32,
    workers_per_gpu=2,
    train=dict(type='CustomDataset', data_prefix='data/hymenoptera_data/train', pipeline=train_pipeline),
    val=held_out,
    test=held_out)
del held_out

optimizer = dict(type='SGD', lr=0.01, momentum=0.9, weight_decay=5e-4)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='CosineAnnealing', min_lr=0)
runner = dict(type='EpochBasedRunner', max_epochs=20)
evaluation = dict(interval=1, metric='accuracy', metric_options=dict(topk=(1, )))
checkpoint_config = dict(interval=20)
log_config = dict(interval=4)

load_from = 'weights/resnet20-12fca82f.th'
taxon = dict(skip_head=True)  # ten classes there, two here
