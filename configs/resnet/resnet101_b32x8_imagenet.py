_base_ = 'resnet101_8xb32_in1k.py'
