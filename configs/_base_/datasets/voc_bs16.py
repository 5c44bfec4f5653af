# PASCAL VOC 2007, 16 images a device; an image has any number of the 20 classes.
dataset_type = 'VOC'
img_norm_cfg = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='RandomResizedCrop', size=224),
    dict(type='RandomFlip', flip_prob=0.5, direction='horizontal'),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='ToTensor', keys=['gt_label']),
    dict(type='Collect', keys=['img', 'gt_label'])
]
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='Resize', size=(256, -1)),
    dict(type='CenterCrop', crop_size=224),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='Collect', keys=['img'])
]
data_root = 'data/VOCdevkit/VOC2007/'
held_out = dict(
    type=dataset_type,
    data_prefix=data_root,
    ann_file=data_root + 'ImageSets/Main/test.txt',
    pipeline=test_pipeline)
data = dict(
    samples_per_gpu=16,
    workers_per_gpu=2,
    train=dict(
        type=dataset_type,
        data_prefix=data_root,
        ann_file=data_root + 'ImageSets/Main/trainval.txt',
        pipeline=train_pipeline),
    val=held_out,
    test=held_out)
del held_out
evaluation = dict(interval=1, metric=['mAP', 'CP', 'OP', 'CR', 'OR', 'CF1', 'OF1'])
