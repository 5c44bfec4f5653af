_base_ = 'resnext152-32x4d_8xb32_in1k.py'
