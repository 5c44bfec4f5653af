_base_ = 'vgg19bn_8xb32_in1k.py'
