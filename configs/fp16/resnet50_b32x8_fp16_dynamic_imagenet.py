_base_ = '../resnet/resnet50_8xb32-fp16-dynamic_in1k.py'
