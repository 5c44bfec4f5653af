_base_ = 'resnest269_64xb32_in1k.py'
