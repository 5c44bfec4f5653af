_base_ = 'mobilenet-v2_8xb32_in1k.py'
