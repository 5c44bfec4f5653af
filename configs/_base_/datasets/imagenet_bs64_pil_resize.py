# ImageNet-1k, 64 images a device, resized as Pillow does.
_base_ = 'imagenet_bs32_pil_resize.py'
data = dict(samples_per_gpu=64)
