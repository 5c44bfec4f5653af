# LeNet-5 on FashionMNIST, with its own mean and deviation.
_base_ = 'lenet5_mnist.py'

dataset_type = 'FashionMNIST'
img_norm_cfg = dict(mean=[72.94], std=[90.02], to_rgb=True)
train_pipeline = [
    dict(type='Resize', size=32),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='ToTensor', keys=['gt_label']),
    dict(type='Collect', keys=['img', 'gt_label'])
]
test_pipeline = [
    dict(type='Resize', size=32),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='Collect', keys=['img'])
]
data = dict(
    train=dict(type=dataset_type, data_prefix='data/fashion-mnist', pipeline=train_pipeline),
    val=dict(type=dataset_type, data_prefix='data/fashion-mnist', pipeline=test_pipeline),
    test=dict(type=dataset_type, data_prefix='data/fashion-mnist', pipeline=test_pipeline))
work_dir = './work_dirs/fashion-mnist/'
