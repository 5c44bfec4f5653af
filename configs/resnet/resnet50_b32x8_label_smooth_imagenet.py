_base_ = 'resnet50_8xb32-lbs_in1k.py'
