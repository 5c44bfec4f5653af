"""MobileNets, networks with squeeze-and-excitation, and the later stems of ResNet, with mmcls's names: for training.py."""

from channel_models import Conv, DeepStem, SqueezeExcitation, norm_relu, shortcut
from torch import nn
import torch.nn.functional as F


def divisible(value, divisor=8):
    """The multiple of divisor next to value, not below 0.9 of it."""
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded


class Unit(nn.Module):
    """mmcv's ConvModule without a bias, with any function behind it."""

    def __init__(self, inputs, outputs, kernel, function, stride=1, groups=1, eps=1e-5):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps)
        self.function = function

    def forward(self, x):
        x = self.bn(self.conv(x))
        return x if self.function is None else self.function(x)


class InvertedResidual2(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        middle = inputs * expansion
        units = [Unit(inputs, middle, 1, F.relu6)] if expansion > 1 else []
        self.conv = nn.Sequential(
            *units, Unit(middle, middle, 3, F.relu6, stride, middle), Unit(middle, outputs, 1, None))
        self.same = stride == 1 and inputs == outputs

    def forward(self, x):
        y = self.conv(x)
        return x + y if self.same else y


class MobileNetV2(nn.Module):
    def __init__(self, widen):
        super().__init__()
        inputs = divisible(32 * widen)
        self.conv1 = Unit(3, inputs, 3, F.relu6, 2)
        stages = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
        for number, (expansion, width, blocks, stride) in enumerate(stages):
            outputs, layer = divisible(width * widen), []
            for i in range(blocks):
                layer.append(InvertedResidual2(inputs, outputs, 1 if i else stride, expansion))
                inputs = outputs
            self.add_module(f'layer{number + 1}', nn.Sequential(*layer))
        self.conv2 = Unit(inputs, 1280, 1, F.relu6)

    def forward(self, x):
        x = self.conv1(x)
        for i in range(7):
            x = getattr(self, f'layer{i + 1}')(x)
        return self.conv2(x).mean((2, 3))


class HardSqueezeExcitation(SqueezeExcitation):
    """Its factor is clamp(a x + b, 0, 1)."""

    def __init__(self, channels, inside, slope, shift):
        super().__init__(channels, inside)
        self.slope, self.shift = slope, shift

    def forward(self, x):
        a = F.relu(self.conv1.conv(F.adaptive_avg_pool2d(x, 1)))
        return x * (self.conv2.conv(a) * self.slope + self.shift).clamp(0, 1)


class InvertedResidual3(nn.Module):
    """Of MobileNetV3; as mmcls 0.12 had it (old), a ReLU or h-swish stands behind the narrowing convolution too."""

    def __init__(self, inputs, kernel, middle, outputs, squeeze, function, stride, old, eps):
        super().__init__()
        if old or middle != inputs:
            self.expand_conv = Unit(inputs, middle, 1, function, eps=eps)
        self.depthwise_conv = Unit(middle, middle, kernel, function, stride, middle, eps)
        if squeeze:
            inside = middle // 4 if old else divisible(middle // 4)
            slope, shift = (1 / 2, 1 / 2) if old else (1 / 6, 1 / 2)
            self.se = HardSqueezeExcitation(middle, inside, slope, shift)
        self.linear_conv = Unit(middle, outputs, 1, function if old else None, eps=eps)
        self.same = stride == 1 and inputs == outputs

    def forward(self, x):
        y = x
        for unit in self.children():
            y = unit(y)
        return x + y if self.same else y


SMALL = [
    (3, 16, 16, True, F.relu, 2), (3, 72, 24, False, F.relu, 2), (3, 88, 24, False, F.relu, 1),
    (5, 96, 40, True, F.hardswish, 2), (5, 240, 40, True, F.hardswish, 1), (5, 240, 40, True, F.hardswish, 1),
    (5, 120, 48, True, F.hardswish, 1), (5, 144, 48, True, F.hardswish, 1), (5, 288, 96, True, F.hardswish, 2),
    (5, 576, 96, True, F.hardswish, 1), (5, 576, 96, True, F.hardswish, 1)]


BIG = [
    (3, 16, 16, False, F.relu, 1), (3, 64, 24, False, F.relu, 2), (3, 72, 24, False, F.relu, 1),
    (5, 72, 40, True, F.relu, 2), (5, 120, 40, True, F.relu, 1), (5, 120, 40, True, F.relu, 1),
    (3, 240, 80, False, F.hardswish, 2), (3, 200, 80, False, F.hardswish, 1), (3, 184, 80, False, F.hardswish, 1),
    (3, 184, 80, False, F.hardswish, 1), (3, 480, 112, True, F.hardswish, 1), (3, 672, 112, True, F.hardswish, 1),
    (5, 672, 160, True, F.hardswish, 1), (5, 672, 160, True, F.hardswish, 2), (5, 960, 160, True, F.hardswish, 1)]


class MobileNetV3(nn.Module):
    """Small; old: as mmcls 0.12 had it, with its names and no convolution behind the blocks."""

    def __init__(self, old, rows=SMALL):
        super().__init__()
        eps = 1e-5 if old else 1e-3
        self.stem = 'conv1' if old else 'layer0'
        self.add_module(self.stem, Unit(3, 16, 3, F.hardswish, 2, eps=eps))
        inputs = 16
        for i, (kernel, middle, outputs, squeeze, function, stride) in enumerate(rows):
            block = InvertedResidual3(inputs, kernel, middle, outputs, squeeze, function, stride, old, eps)
            self.add_module(f'layer{i + 1}', block)
            inputs = outputs
        if not old:
            self.layer12 = Unit(inputs, 576, 1, F.hardswish, eps=eps)

    def forward(self, x):
        for unit in self.children():
            x = unit(x)
        return x.mean((2, 3))


class SqueezedBottleneck(nn.Module):
    """Of SE-ResNet and, with groups, SE-ResNeXt."""

    def __init__(self, inputs, middle, outputs, groups, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, middle, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(middle)
        self.conv2 = nn.Conv2d(middle, middle, 3, stride, 1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(middle)
        self.conv3 = nn.Conv2d(middle, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = shortcut(inputs, outputs, stride, False) if inputs != outputs else None
        self.se_layer = SqueezeExcitation(outputs, divisible(outputs // 16))

    def forward(self, x):
        y = norm_relu(self.bn2, self.conv2(norm_relu(self.bn1, self.conv1(x))))
        y = self.se_layer(self.bn3(self.conv3(y)))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class SqueezedResNet(nn.Module):
    """The first two stages of depth 50."""

    def __init__(self, widths, groups):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        a, b = widths
        self.layer1 = nn.Sequential(*(SqueezedBottleneck(256 if i else 64, a, 256, groups, 1) for i in range(3)))
        self.layer2 = nn.Sequential(
            *(SqueezedBottleneck(512 if i else 256, b, 512, groups, 1 if i else 2) for i in range(4)))

    def forward(self, x):
        x = F.max_pool2d(norm_relu(self.bn1, self.conv1(x)), 3, 2, 1)
        return self.layer2(self.layer1(x)).mean((2, 3))


def seresnet50():
    return SqueezedResNet((64, 128), 1)


def seresnext50():
    return SqueezedResNet((128, 256), 32)


class PooledBottleneck(nn.Module):
    """ResNetV1d's: a shortcut with a stride pools before its convolution."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = shortcut(inputs, 4 * width, stride, stride > 1) if inputs != 4 * width else None

    def forward(self, x):
        y = norm_relu(self.bn2, self.conv2(norm_relu(self.bn1, self.conv1(x))))
        return F.relu(self.bn3(self.conv3(y)) + (x if self.downsample is None else self.downsample(x)))


def resnetv1d50():
    return DeepStem(lambda inputs, width, stride, first: PooledBottleneck(inputs, width, stride))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = shortcut(inputs, outputs, stride, False) if inputs != outputs else None

    def forward(self, x):
        y = self.bn2(self.conv2(norm_relu(self.bn1, self.conv1(x))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNetV1c18(nn.Module):
    """The first two stages."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(Conv(3, 32, 3, 2), Conv(32, 32, 3), Conv(32, 64, 3))
        self.layer1 = nn.Sequential(BasicBlock(64, 64, 1), BasicBlock(64, 64, 1))
        self.layer2 = nn.Sequential(BasicBlock(64, 128, 2), BasicBlock(128, 128, 1))

    def forward(self, x):
        return self.layer2(self.layer1(F.max_pool2d(self.stem(x), 3, 2, 1))).mean((2, 3))
