_base_ = 'vgg13bn_8xb32_in1k.py'
