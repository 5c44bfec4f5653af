_base_ = 'vgg16_8xb32_in1k.py'
