_base_ = 'mobilenet-v3-large_8xb32_in1k.py'
