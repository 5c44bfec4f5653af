_base_ = '../resnet/resnet50_8xb32-fp16_in1k.py'
