_base_ = 'resnet50_8xb32-cutmix_in1k.py'
