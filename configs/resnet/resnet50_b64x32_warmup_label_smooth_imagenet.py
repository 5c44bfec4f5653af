_base_ = 'resnet50_32xb64-warmup-lbs_in1k.py'
