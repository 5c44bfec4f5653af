_base_ = 'shufflenet-v1-1x_16xb64_in1k.py'
