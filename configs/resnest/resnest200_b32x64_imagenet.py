_base_ = 'resnest200_64xb32_in1k.py'
