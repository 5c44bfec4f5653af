_base_ = 'shufflenet-v2-1x_16xb64_in1k.py'
