_base_ = 'vgg19_8xb32_in1k.py'
