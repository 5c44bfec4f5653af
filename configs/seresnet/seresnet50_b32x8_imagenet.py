_base_ = 'seresnet50_8xb32_in1k.py'
