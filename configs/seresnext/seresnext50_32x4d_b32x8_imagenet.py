_base_ = '../seresnet/seresnext50-32x4d_8xb32_in1k.py'
