_base_ = 'resnet20_cifar10.py'
model = dict(backbone=dict(depth=110))
# The paper begins with a rate of 0.01 until the training error is below 80 %, about 400 iterations.
lr_config = dict(warmup='constant', warmup_iters=400, warmup_ratio=0.1)
