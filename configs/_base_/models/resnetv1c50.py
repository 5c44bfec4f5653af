# A stem of three 3 x 3 convolutions (He et al. 2018).
_base_ = 'resnet50.py'
model = dict(backbone=dict(type='ResNetV1c'))
