_base_ = 'resnetv1d50_8xb32_in1k.py'
