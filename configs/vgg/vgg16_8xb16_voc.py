# VGG-16 for several labels an image, from weights of ImageNet-1k; the new classifier learns ten times as fast.
_base_ = ['../_base_/datasets/voc_bs16.py', '../_base_/default_runtime.py']
model = dict(
    type='ImageClassifier',
    backbone=dict(type='VGG', depth=16, num_classes=20),
    neck=None,
    head=dict(
        type='MultiLabelClsHead', loss=dict(type='CrossEntropyLoss', use_sigmoid=True, loss_weight=1.0)))
load_from = 'https://download.openmmlab.com/mmclassification/v0/vgg/vgg16_batch256_imagenet_20210208-db26f1a5.pth'
optimizer = dict(
    type='SGD',
    lr=0.001,
    momentum=0.9,
    weight_decay=0,
    paramwise_cfg=dict(custom_keys={'.backbone.classifier': dict(lr_mult=10)}))
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='step', step=20, gamma=0.1)
runner = dict(type='EpochBasedRunner', max_epochs=40)
