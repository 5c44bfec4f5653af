# Stanford Cars, 8 images a device: crops of 448 from images whose short side is 512.
dataset_type = 'StanfordCars'
img_norm_cfg = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='Resize', size=512),
    dict(type='RandomCrop', size=448),
    dict(type='RandomFlip', flip_prob=0.5, direction='horizontal'),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='ToTensor', keys=['gt_label']),
    dict(type='Collect', keys=['img', 'gt_label'])
]
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='Resize', size=512),
    dict(type='CenterCrop', crop_size=448),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='Collect', keys=['img'])
]
data_root = 'data/stanfordcars'
data = dict(
    samples_per_gpu=8,
    workers_per_gpu=2,
    train=dict(type=dataset_type, data_prefix=data_root, test_mode=False, pipeline=train_pipeline),
    val=dict(type=dataset_type, data_prefix=data_root, test_mode=True, pipeline=test_pipeline),
    test=dict(type=dataset_type, data_prefix=data_root, test_mode=True, pipeline=test_pipeline))
evaluation = dict(interval=1, metric='accuracy', save_best='auto')
