_base_ = 'resnet18_8xb32_in1k.py'
