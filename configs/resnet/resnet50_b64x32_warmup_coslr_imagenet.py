_base_ = 'resnet50_32xb64-warmup-coslr_in1k.py'
