_base_ = [
    '../_base_/models/resnet20_cifar.py',
    '../_base_/datasets/cifar10_bs128_he.py',
    '../_base_/schedules/cifar10_bs128_he.py',
    '../_base_/default_runtime.py'
]
