_base_ = 'resnest50_32xb64_in1k.py'
