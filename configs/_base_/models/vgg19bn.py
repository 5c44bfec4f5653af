_base_ = 'vgg19.py'
model = dict(backbone=dict(norm_cfg=dict(type='BN')))
