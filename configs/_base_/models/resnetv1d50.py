# ResNetV1c, and shortcuts that pool before their convolution (He et al. 2018).
_base_ = 'resnet50.py'
model = dict(backbone=dict(type='ResNetV1d'))
