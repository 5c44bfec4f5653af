# 270 epochs for a total batch of 2048: five of linear warm-up from 0, then half a cosine; biases and norms do not decay.
optimizer = dict(
    type='SGD',
    lr=0.8,
    momentum=0.9,
    weight_decay=1e-4,
    paramwise_cfg=dict(bias_decay_mult=0., norm_decay_mult=0.))
optimizer_config = dict(grad_clip=None)
lr_config = dict(
    policy='CosineAnnealing', min_lr=0, warmup='linear', warmup_iters=5, warmup_ratio=1e-6, warmup_by_epoch=True)
runner = dict(type='EpochBasedRunner', max_epochs=270)
