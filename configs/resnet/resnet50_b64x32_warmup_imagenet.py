_base_ = 'resnet50_32xb64-warmup_in1k.py'
