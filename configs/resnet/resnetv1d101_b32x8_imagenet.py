_base_ = 'resnetv1d101_8xb32_in1k.py'
