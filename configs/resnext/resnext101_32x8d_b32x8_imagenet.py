_base_ = 'resnext101-32x8d_8xb32_in1k.py'
