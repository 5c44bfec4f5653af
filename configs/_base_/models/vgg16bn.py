_base_ = 'vgg16.py'
model = dict(backbone=dict(norm_cfg=dict(type='BN')))
