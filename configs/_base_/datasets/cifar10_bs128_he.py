# CIFAR-10 in RGB with ImageNet's mean and deviation, as the published option-A ResNets were trained; one batch of 128.
dataset_type = 'CIFAR10'
img_norm_cfg = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=False)
train_pipeline = [
    dict(type='RandomCrop', size=32, padding=4),
    dict(type='RandomFlip', flip_prob=0.5, direction='horizontal'),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='ToTensor', keys=['gt_label']),
    dict(type='Collect', keys=['img', 'gt_label'])
]
test_pipeline = [
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='Collect', keys=['img'])
]
held_out = dict(type=dataset_type, data_prefix='data/cifar10', pipeline=test_pipeline, test_mode=True)
data = dict(
    samples_per_gpu=128,
    workers_per_gpu=2,
    train=dict(type=dataset_type, data_prefix='data/cifar10', pipeline=train_pipeline),
    val=held_out,
    test=held_out)
del held_out
