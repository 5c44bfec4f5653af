_base_ = 'vgg13_8xb32_in1k.py'
