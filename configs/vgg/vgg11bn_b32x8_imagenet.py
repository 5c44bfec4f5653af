_base_ = 'vgg11bn_8xb32_in1k.py'
