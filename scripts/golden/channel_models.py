"""Networks that split, concatenate, shuffle or weigh channels, and RepVGG, with mmcls's names: for training.py."""

import torch
from torch import nn
import torch.nn.functional as F


def norm_relu(norm, x):
    return F.relu(norm(x))


class Conv(nn.Module):
    """mmcv's ConvModule without a bias."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1, relu=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs)
        self.relu = relu

    def forward(self, x):
        x = self.bn(self.conv(x))
        return F.relu(x) if self.relu else x


def shuffle(x, groups):
    n, c, h, w = x.shape
    return x.view(n, groups, c // groups, h, w).transpose(1, 2).reshape(n, c, h, w)


class ShuffleUnit2(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        half = outputs // 2
        self.halves = stride == 1
        if not self.halves:
            self.branch1 = nn.Sequential(
                Conv(inputs, inputs, 3, stride, inputs, relu=False), Conv(inputs, half, 1))
        self.branch2 = nn.Sequential(
            Conv(half if self.halves else inputs, half, 1),
            Conv(half, half, 3, stride, half, relu=False),
            Conv(half, half, 1))

    def forward(self, x):
        if self.halves:
            a, b = x.chunk(2, 1)
            return shuffle(torch.cat((a, self.branch2(b)), 1), 2)
        return shuffle(torch.cat((self.branch1(x), self.branch2(x)), 1), 2)


class ShuffleNetV2(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = Conv(3, 24, 3, 2)
        self.layers = nn.ModuleList()
        inputs = 24
        for outputs, units in zip(channels, (4, 8, 4)):
            self.layers.append(nn.Sequential(
                ShuffleUnit2(inputs, outputs, 2), *(ShuffleUnit2(outputs, outputs, 1) for _ in range(units - 1))))
            inputs = outputs
        self.layers.append(Conv(inputs, channels[3], 1))

    def forward(self, x):
        x = F.max_pool2d(self.conv1(x), 3, 2, 1)
        for layer in self.layers:
            x = layer(x)
        return x.mean((2, 3))


class ShuffleUnit1(nn.Module):
    def __init__(self, inputs, outputs, groups, first_groups, down):
        super().__init__()
        self.groups, self.down = groups, down
        middle = outputs // 4
        self.g_conv_1x1_compress = Conv(inputs, middle, 1, groups=first_groups)
        self.depthwise_conv3x3_bn = Conv(middle, middle, 3, 2 if down else 1, middle, relu=False)
        self.g_conv_1x1_expand = Conv(middle, outputs - inputs if down else outputs, 1, groups=groups, relu=False)

    def forward(self, x):
        y = self.depthwise_conv3x3_bn(self.g_conv_1x1_compress(x))
        y = self.g_conv_1x1_expand(shuffle(y, self.groups) if self.groups > 1 else y)
        if self.down:
            return torch.cat((F.avg_pool2d(x, 3, 2, 1), F.relu(y)), 1)
        return F.relu(x + y)


class ShuffleNetV1(nn.Module):
    def __init__(self, groups, channels):
        super().__init__()
        self.conv1 = Conv(3, 24, 3, 2)
        self.layers = nn.ModuleList()
        inputs = 24
        for stage, (outputs, units) in enumerate(zip(channels, (4, 8, 4))):
            layer = []
            for i in range(units):
                first = 1 if stage == i == 0 else groups
                layer.append(ShuffleUnit1(inputs, outputs, groups, first, i == 0))
                inputs = outputs
            self.layers.append(nn.Sequential(*layer))

    def forward(self, x):
        x = F.max_pool2d(self.conv1(x), 3, 2, 1)
        for layer in self.layers:
            x = layer(x)
        return x.mean((2, 3))


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, 4 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, 1, 1, bias=False)

    def forward(self, x):
        y = self.conv1(norm_relu(self.norm1, x))
        return torch.cat((x, self.conv2(norm_relu(self.norm2, y))), 1)


class DenseNet(nn.Module):
    def __init__(self, growth, depths, channels):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, channels, 7, 2, 3, bias=False), nn.BatchNorm2d(channels), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.stages, self.transitions = nn.ModuleList(), nn.ModuleList()
        for i, depth in enumerate(depths):
            stage = nn.Module()
            stage.block = nn.Sequential(*(DenseLayer(channels + k * growth, growth) for k in range(depth)))
            self.stages.append(stage)
            channels += depth * growth
            transition = nn.Sequential()
            if i + 1 < len(depths):
                transition.add_module('norm', nn.BatchNorm2d(channels))
                transition.add_module('act', nn.ReLU())
                transition.add_module('conv', nn.Conv2d(channels, channels // 2, 1, bias=False))
                transition.add_module('pool', nn.AvgPool2d(2, 2))
                channels //= 2
            else:
                transition = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU())
            self.transitions.append(transition)

    def forward(self, x):
        x = self.stem(x)
        for stage, transition in zip(self.stages, self.transitions):
            x = transition(stage.block(x))
        return x.mean((2, 3))


def shortcut(inputs, outputs, stride, pooled):
    """ResNetV1d's; Res2Net's, where the pooling stands even before a stride of 1."""
    conv = nn.Conv2d(inputs, outputs, 1, 1 if pooled else stride, bias=False)
    pool = [nn.AvgPool2d(stride, stride, ceil_mode=True, count_include_pad=False)] if pooled else []
    return nn.Sequential(*pool, conv, nn.BatchNorm2d(outputs))


class SplitAttention(nn.Module):
    def __init__(self, channels, radix):
        super().__init__()
        self.radix = radix
        inter = max(channels * radix // 4, 32)
        self.conv = nn.Conv2d(channels, channels * radix, 3, 1, 1, groups=radix, bias=False)
        self.bn0 = nn.BatchNorm2d(channels * radix)
        self.fc1 = nn.Conv2d(channels, inter, 1)
        self.bn1 = nn.BatchNorm2d(inter)
        self.fc2 = nn.Conv2d(inter, channels * radix, 1)

    def forward(self, x):
        x = norm_relu(self.bn0, self.conv(x))
        n, c, h, w = x.shape
        splits = x.view(n, self.radix, c // self.radix, h, w)
        a = F.adaptive_avg_pool2d(splits.sum(1), 1)
        a = self.fc2(norm_relu(self.bn1, self.fc1(a)))
        a = F.softmax(a.view(n, 1, self.radix, -1).transpose(1, 2), 1).reshape(n, self.radix, -1, 1, 1)
        return (a * splits).sum(1)


class SplitAttentionBlock(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        outputs = 4 * width
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = SplitAttention(width, 2)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.stride = stride
        self.downsample = shortcut(inputs, outputs, stride, stride > 1) if inputs != outputs else None

    def forward(self, x):
        y = self.conv2(norm_relu(self.bn1, self.conv1(x)))
        if self.stride > 1:
            y = F.avg_pool2d(y, 3, self.stride, 1)
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class SplitBlock(nn.Module):
    """Res2Net's, with scales of base channels at width 64."""

    def __init__(self, inputs, width, stride, first, scales=4, base=26, pooled=True):
        super().__init__()
        outputs, part = 4 * width, width * base // 64
        self.first, self.part, self.stride = first, part, stride
        self.conv1 = nn.Conv2d(inputs, part * scales, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(part * scales)
        self.conv3 = nn.Conv2d(part * scales, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = shortcut(inputs, outputs, stride, pooled) if first else None
        self.convs = nn.ModuleList(nn.Conv2d(part, part, 3, stride, 1, bias=False) for _ in range(scales - 1))
        self.bns = nn.ModuleList(nn.BatchNorm2d(part) for _ in range(scales - 1))

    def forward(self, x):
        parts = norm_relu(self.bn1, self.conv1(x)).split(self.part, 1)
        out = []
        for i, (conv, bn) in enumerate(zip(self.convs, self.bns)):
            y = parts[i] if self.first or i == 0 else out[-1] + parts[i]
            out.append(norm_relu(bn, conv(y)))
        out.append(F.avg_pool2d(parts[-1], 3, self.stride, 1) if self.first else parts[-1])
        y = self.bn3(self.conv3(torch.cat(out, 1)))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class DeepStem(nn.Module):
    """A stem of three 3 x 3 convolutions, and the first two stages of depth 50."""

    def __init__(self, block):
        super().__init__()
        self.stem = nn.Sequential(Conv(3, 32, 3, 2), Conv(32, 32, 3), Conv(32, 64, 3))
        self.layer1 = nn.Sequential(*(block(64 if i == 0 else 256, 64, 1, i == 0) for i in range(3)))
        self.layer2 = nn.Sequential(*(block(256 if i == 0 else 512, 128, 2 if i == 0 else 1, i == 0) for i in range(4)))

    def forward(self, x):
        x = F.max_pool2d(self.stem(x), 3, 2, 1)
        return self.layer2(self.layer1(x)).mean((2, 3))


def resnest50():
    return DeepStem(lambda inputs, width, stride, first: SplitAttentionBlock(inputs, width, stride))


def res2net50():
    return DeepStem(SplitBlock)


class Branch(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride, groups):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.conv(x))


class SqueezeExcitation(nn.Module):
    """mmcls's SELayer: its convolutions stand in ConvModules, with a bias and no norm."""

    def __init__(self, channels, inside):
        super().__init__()
        self.conv1, self.conv2 = nn.Module(), nn.Module()
        self.conv1.conv = nn.Conv2d(channels, inside, 1)
        self.conv2.conv = nn.Conv2d(inside, channels, 1)

    def forward(self, x):
        a = F.relu(self.conv1.conv(F.adaptive_avg_pool2d(x, 1)))
        return x * torch.sigmoid(self.conv2.conv(a))


class RepVggBlock(nn.Module):
    def __init__(self, inputs, outputs, stride, groups=1, ratio=None):
        super().__init__()
        self.branch_norm = nn.BatchNorm2d(inputs) if inputs == outputs and stride == 1 else None
        self.branch_3x3 = Branch(inputs, outputs, 3, stride, groups)
        self.branch_1x1 = Branch(inputs, outputs, 1, stride, groups)
        self.se_layer = SqueezeExcitation(outputs, outputs // ratio) if ratio else None

    def forward(self, x):
        y = self.branch_3x3(x) + self.branch_1x1(x) + (0 if self.branch_norm is None else self.branch_norm(x))
        return F.relu(y if self.se_layer is None else self.se_layer(y))


class RepVgg(nn.Module):
    """Stages of blocks, widths over 64 times 2 to the stage's number; every second block has groups."""

    def __init__(self, blocks, widths, groups=1, ratio=None):
        super().__init__()
        inputs = min(64, int(64 * widths[0]))
        self.stem = RepVggBlock(3, inputs, 2, ratio=ratio)
        number = 1
        self.names = []
        for i, (count, width) in enumerate(zip(blocks, widths)):
            outputs, stage = int(64 * 2**i * width), []
            for k in range(count):
                stage.append(RepVggBlock(inputs, outputs, 1 if k else 2, 1 if number % 2 else groups, ratio))
                inputs = outputs
                number += 1
            self.names.append(f'stage_{i + 1}')
            self.add_module(self.names[-1], nn.Sequential(*stage))

    def forward(self, x):
        x = self.stem(x)
        for name in self.names:
            x = getattr(self, name)(x)
        return x.mean((2, 3))
