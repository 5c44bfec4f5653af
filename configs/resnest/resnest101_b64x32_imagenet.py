_base_ = 'resnest101_32xb64_in1k.py'
