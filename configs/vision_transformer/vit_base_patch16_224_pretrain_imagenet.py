# mmcls 0.12: ViT-B/16, trained from scratch on ImageNet-1k with mixup and AutoAugment
# (the policy of 0.25, whose probabilities differ from 0.12's in four places).
_base_ = [
    '../_base_/models/vit_base_patch16_224_pretrain.py', '../_base_/datasets/imagenet_bs64_pil_resize.py',
    '../_base_/schedules/imagenet_bs4096_AdamW.py', '../_base_/default_runtime.py',
    '../_base_/datasets/pipelines/auto_aug.py'
]
img_norm_cfg = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='RandomResizedCrop', size=224),
    dict(type='RandomFlip', flip_prob=0.5, direction='horizontal'),
    dict(type='AutoAugment', policies={{_base_.policy_imagenet}}),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='ToTensor', keys=['gt_label']),
    dict(type='Collect', keys=['img', 'gt_label'])
]
data = dict(train=dict(pipeline=train_pipeline))
