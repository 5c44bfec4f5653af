_base_ = 'resnet50_8xb32-coslr_in1k.py'
# before the checkpoint is written, so that it has the precise statistics
custom_hooks = [dict(type='PreciseBNHook', num_samples=8192, interval=1, priority='ABOVE_NORMAL')]
