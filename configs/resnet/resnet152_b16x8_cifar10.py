_base_ = 'resnet152_8xb16_cifar10.py'
