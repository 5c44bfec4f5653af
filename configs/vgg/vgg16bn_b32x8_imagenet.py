_base_ = 'vgg16bn_8xb32_in1k.py'
