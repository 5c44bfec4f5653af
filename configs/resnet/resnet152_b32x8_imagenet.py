_base_ = 'resnet152_8xb32_in1k.py'
