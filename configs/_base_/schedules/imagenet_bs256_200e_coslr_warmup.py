# 200 epochs for a total batch of 256: five of linear warm-up from a quarter, then half a cosine down to 0.
optimizer = dict(type='SGD', lr=0.1, momentum=0.9, weight_decay=0.0001)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='CosineAnnealing', min_lr=0, warmup='linear', warmup_iters=25025, warmup_ratio=0.25)
runner = dict(type='EpochBasedRunner', max_epochs=200)
