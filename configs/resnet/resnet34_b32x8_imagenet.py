_base_ = 'resnet34_8xb32_in1k.py'
