_base_ = 'resnet50_8xb16-mixup_cifar10.py'
