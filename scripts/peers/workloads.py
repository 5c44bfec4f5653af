"""The work that scripts/bench.py times: the same here and in dev.taxon.bench.Workload. Needs nothing but Python."""
import math
from typing import NamedTuple


class Workload(NamedTuple):
    title: str
    model: str          # of models.MODELS
    shape: tuple        # (N, C, H, W)
    training: bool
    classes: int
    comparable: bool = True     # False where a step draws dropout masks


def workloads():
    table = {
        'lenet5_train_128': Workload('LeNet-5, training, batch 128', 'lenet5', (128, 1, 32, 32), True, 10),
        'resnet20_train_128': Workload('ResNet-20, training, batch 128', 'resnet20', (128, 3, 32, 32), True, 10),
        'resnet18_cifar_train_128': Workload('ResNet-18 (CIFAR), training, batch 128', 'resnet18_cifar',
                                             (128, 3, 32, 32), True, 10),
    }
    for model, title, trained in (
            ('resnet18', 'ResNet-18', False), ('resnet50', 'ResNet-50', True), ('resnext50', 'ResNeXt-50 32x4d', True),
            ('mobilenet_v2', 'MobileNetV2', True), ('shufflenet_v1', 'ShuffleNetV1, 3 groups', True),
            ('shufflenet_v2', 'ShuffleNetV2 1.0x', True), ('vgg16', 'VGG-16', True), ('vit_b16', 'ViT-B/16', False)):
        for batch in (1, 16):
            table[f'{model}_infer_{batch}'] = Workload(f'{title}, inference, batch {batch}', model,
                                                       (batch, 3, 224, 224), False, 1000)
        if trained:
            table[f'{model}_train_16'] = Workload(f'{title}, training, batch 16', model, (16, 3, 224, 224), True, 1000,
                                                  model != 'vgg16')
    return table


WORKLOADS = workloads()
QUICK = ('lenet5_train_128', 'resnet20_train_128', 'resnet18_infer_1', 'resnet50_infer_1', 'mobilenet_v2_infer_1',
         'resnet50_train_16')


def images(shape):
    """x[i] = cos(0.013 i), float32."""
    import numpy as np
    return np.cos(0.013 * np.arange(math.prod(shape), dtype=np.float64)).reshape(shape).astype(np.float32)
