_base_ = 'vgg11_8xb32_in1k.py'
