# ResNet-20 of He et al. 2015, section 4.2: three stages of 16, 32 and 64 channels, shortcuts without parameters (option A).
model = dict(
    type='ImageClassifier',
    backbone=dict(type='ResNetCifarA', depth=20),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='LinearClsHead',
        num_classes=10,
        in_channels=64,
        loss=dict(type='CrossEntropyLoss', loss_weight=1.0)))
