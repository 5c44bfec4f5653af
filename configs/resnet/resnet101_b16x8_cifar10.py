_base_ = 'resnet101_8xb16_cifar10.py'
