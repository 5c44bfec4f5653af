_base_ = 'resnet50_8xb32-mixup_in1k.py'
