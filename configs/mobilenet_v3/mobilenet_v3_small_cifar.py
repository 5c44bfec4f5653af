_base_ = 'mobilenet-v3-small_8xb16_cifar10.py'
