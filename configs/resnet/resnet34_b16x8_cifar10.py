_base_ = 'resnet34_8xb16_cifar10.py'
