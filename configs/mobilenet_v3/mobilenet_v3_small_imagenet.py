_base_ = 'mobilenet-v3-small_8xb32_in1k.py'
