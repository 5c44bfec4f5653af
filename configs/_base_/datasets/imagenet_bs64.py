# ImageNet-1k, 64 images a device.
_base_ = 'imagenet_bs32.py'
data = dict(samples_per_gpu=64)
