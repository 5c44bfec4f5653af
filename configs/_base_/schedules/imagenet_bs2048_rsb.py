# ResNet strikes back: Lamb for a total batch of 2048, warm-up of five epochs of ImageNet-1k, then half a cosine.
optimizer = dict(type='Lamb', lr=0.005, weight_decay=0.02)
optimizer_config = dict(grad_clip=None)
lr_config = dict(
    policy='CosineAnnealing', min_lr=1e-6, warmup='linear', warmup_iters=5 * 626, warmup_ratio=0.0001)
runner = dict(type='EpochBasedRunner', max_epochs=100)
