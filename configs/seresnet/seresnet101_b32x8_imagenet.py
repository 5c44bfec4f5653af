_base_ = 'seresnet101_8xb32_in1k.py'
