_base_ = 'resnetv1d152_8xb32_in1k.py'
