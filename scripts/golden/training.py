#!/usr/bin/env python3
"""Golden training runs: PyTorch in float64, and how far PyTorch in float32 is from it.

    python3 scripts/golden/training.py [run ...]

writes src/test/resources/golden/training/RUN.json for each run. Made with torch 2.13.0 on a CPU, 2 threads.
Everything is by formula, so that nothing but results is stored:

  lenet5, resnet18_cifar    five steps of the recipe in src/test/resources/golden/mmcls/README.md.
  resnet50                  its first step: these weights are so ill-conditioned that float32 soon goes its own way.
  resnet18_cifar_20_steps   twenty steps on fresh batches of 16. hash(i) is an integer mix of i (below), u(i) = its upper
                            24 bits / 2^24. The j-th entry of the state dict, flat index i: tensors of 2 or more
                            dimensions (2u - 1) * sqrt(6 / fan_in) with u = u(i + 10^8 j); a batch or layer norm's weight 0.5, its
                            bias 1.5 for even i and -1.5 for odd, running variance 1, all else 0. Step t, flat index i of
                            the batch, channel c, label y = (7 n + t) mod 10 of sample n: x = 2u - 1 + cos(y (c + 1)) / 2
                            with u = u(i + 16 * 3072 t + 2^31). SGD lr 0.0005, momentum 0.9, weight decay 1e-4. The biases
                            keep ReLU inputs away from 0: with biases 0 rounding flips the sign of some of the millions of
                            them, each flip moves all gradients before it by some 1e-3, and the run says nothing of arithmetic.
  vgg11_bn, resnext50, regnetx_400mf
                            the first step of the same recipe: VGG-11 with batch norm, without its classifier; the first two
                            stages of ResNeXt-50 32x4d; RegNetX-400MF; each with average pooling and a linear head.
  vision_transformer        five steps of the same recipe, of a narrow one: patches of 8, 2 layers of 64 in 4 heads.
  shufflenet_v1 (3 groups), shufflenet_v2 (width 0.5), densenet (growth 16, layers 3, 4, 2 after 32 channels), resnest50,
  res2net50 (their first two stages), repvgg (blocks 2, 3, 1; widths 0.75, 0.75, 1; two groups; squeeze ratio 16)
                            likewise: channel_models.py. A norm is what is_norm says.
  mobilenet_v2 (width 0.35), mobilenet_v3 (small), mobilenet_v3_old (small as mmcls 0.12 had it), seresnet50, seresnext50
  32x4d, resnetv1c18, resnetv1d50, wide_resnet50 (the first two stages of each ResNet)
                            likewise: mobile_models.py.
  alexnet                   without its classifier, likewise; its first step by the recipe in mmcls/README.md, 2 x 3 x 64 x 64.

All formulas are in float64, then rounded to float32: the float64 run starts from the same numbers.

Gradients of step 1: all elements of a parameter with at most 64 of them; else 64 random projections s_k . g of signs s_k:
sign bit k of element i is bit k of (word 1 << 32 | word 0) of Philox block i, seed 2025, stream = the parameter's place in
the state dict; a set bit is -1. Signs are independent, so the mean of (s_k . d)^2 over k estimates |d|^2 with a relative
standard deviation of sqrt(2 / 64) = 18 % (9 % for |d|) whatever d is: no part of a gradient can hide, as it could in a
sample of elements. "float32" is the exact relative distance |g32 - g64| / |g64| of PyTorch's own float32, the larger of its two layouts
(contiguous, channels-last); for losses |l32 - l64|. Both layouts, because rounding may or may not flip the sign of a
ReLU's input near 0 (a batch has millions of them), and one flip moves all gradients before it by 1e-3: of resnet18_cifar,
the median parameter is 2e-5 off in one layout and 7e-3 in the other. "contiguous" is the first alone.
"""

import json
import math
import os
import re
import sys

import channel_models
import mobile_models
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

OUT = os.path.join(os.path.dirname(__file__), '..', '..', 'src', 'test', 'resources', 'golden', 'training')
PROJECTIONS = 64


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
            nn.Conv2d(16, 120, 5), nn.Tanh())
        self.classifier = nn.Sequential(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride > 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18Cifar(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for i, (width, stride) in enumerate([(64, 1), (128, 2), (256, 2), (512, 2)]):
            layer = nn.Sequential(BasicBlock(inputs, width, stride), BasicBlock(width, width, 1))
            self.add_module(f'layer{i + 1}', layer)
            inputs = width

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return x.mean((2, 3))


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = None
        if inputs != 4 * width:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width))

    def forward(self, x):
        y = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        return F.relu(self.bn3(self.conv3(y)) + (x if self.downsample is None else self.downsample(x)))


class ResNet50(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for i, (blocks, width, stride) in enumerate([(3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2)]):
            layer = nn.Sequential(
                Bottleneck(inputs, width, stride), *(Bottleneck(4 * width, width, 1) for _ in range(blocks - 1)))
            self.add_module(f'layer{i + 1}', layer)
            inputs = 4 * width

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return x.mean((2, 3))


class ConvModule(nn.Module):
    """mmcv's: convolution with a bias, batch norm, ReLU."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, 1, 1)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class Features(nn.Module):
    """The convolutional part of AlexNet or VGG, average pooled."""

    def __init__(self, *layers):
        super().__init__()
        self.features = nn.Sequential(*layers)

    def forward(self, x):
        return self.features(x).mean((2, 3))


def vgg11_bn():
    layers, inputs = [], 3
    for width in (64, 'pool', 128, 'pool', 256, 256, 'pool', 512, 512, 'pool', 512, 512, 'pool'):
        if width == 'pool':
            layers.append(nn.MaxPool2d(2, 2))
        else:
            layers.append(ConvModule(inputs, width))
            inputs = width
    return Features(*layers)


def alexnet():
    return Features(
        nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(64, 192, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(192, 384, 3, 1, 1), nn.ReLU(),
        nn.Conv2d(384, 256, 3, 1, 1), nn.ReLU(),
        nn.Conv2d(256, 256, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(3, 2))


class GroupedBottleneck(Bottleneck):
    """A bottleneck whose widths inside and outside, and groups, are free."""

    def __init__(self, inputs, middle, outputs, groups, stride):
        nn.Module.__init__(self)
        self.conv1 = nn.Conv2d(inputs, middle, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(middle)
        self.conv2 = nn.Conv2d(middle, middle, 3, stride, 1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(middle)
        self.conv3 = nn.Conv2d(middle, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride > 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


class GroupedResNet(nn.Module):
    """A stem of one convolution, with max pooling when it is 7 x 7, and stages of (blocks, middle, outputs, groups, stride)."""

    def __init__(self, width, kernel, stages):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, kernel, 2, kernel // 2, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.pool = kernel == 7
        self.layers = [f'layer{i + 1}' for i in range(len(stages))]
        for name, (blocks, middle, outputs, groups, stride) in zip(self.layers, stages):
            self.add_module(name, nn.Sequential(
                GroupedBottleneck(width, middle, outputs, groups, stride),
                *(GroupedBottleneck(outputs, middle, outputs, groups, 1) for _ in range(blocks - 1))))
            width = outputs

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        if self.pool:
            x = F.max_pool2d(x, 3, 2, 1)
        for name in self.layers:
            x = getattr(self, name)(x)
        return x.mean((2, 3))


def resnext50():
    return GroupedResNet(64, 7, [(3, 128, 256, 32, 1), (4, 256, 512, 32, 2)])


def wide_resnet50():
    return GroupedResNet(64, 7, [(3, 128, 256, 1, 1), (4, 256, 512, 1, 2)])


def regnetx_400mf():
    return GroupedResNet(32, 3, [(1, 32, 32, 2, 2), (2, 64, 64, 4, 2), (7, 160, 160, 10, 2), (12, 384, 384, 24, 2)])


class EncoderLayer(nn.Module):
    """Of a vision transformer, named as mmcls's TransformerEncoderLayer."""

    def __init__(self, width, heads, hidden):
        super().__init__()
        self.ln1 = nn.LayerNorm(width, 1e-6)
        self.attn = nn.Module()
        self.attn.qkv = nn.Linear(width, 3 * width)
        self.attn.proj = nn.Linear(width, width)
        self.ln2 = nn.LayerNorm(width, 1e-6)
        self.ffn = nn.Module()
        self.ffn.layers = nn.Sequential(nn.Sequential(nn.Linear(width, hidden), nn.GELU()), nn.Linear(hidden, width))
        self.heads = heads

    def forward(self, x):
        n, tokens, width = x.shape
        q, k, v = self.attn.qkv(self.ln1(x)).view(n, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        p = (q @ k.transpose(-2, -1) / math.sqrt(width / self.heads)).softmax(-1)
        x = x + self.attn.proj((p @ v).transpose(1, 2).reshape(n, tokens, width))
        return x + self.ffn.layers(self.ln2(x))


class VisionTransformer(nn.Module):
    def __init__(self, size, patch, width, depth, heads, hidden):
        super().__init__()
        self.patch_embed = nn.Module()
        self.patch_embed.projection = nn.Conv2d(3, width, patch, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + (size // patch) ** 2, width))
        self.layers = nn.ModuleList(EncoderLayer(width, heads, hidden) for _ in range(depth))
        self.ln1 = nn.LayerNorm(width, 1e-6)

    def forward(self, x):
        x = self.patch_embed.projection(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls_token.expand(len(x), -1, -1), x), 1) + self.pos_embed
        for layer in self.layers:
            x = layer(x)
        return self.ln1(x)[:, 0]


def vision_transformer():
    """A narrow one, with mmcls's VisionTransformerClsHead of a hidden layer."""
    model = nn.Module()
    model.backbone = VisionTransformer(32, 8, 64, 2, 4, 128)
    model.head = nn.Module()
    model.head.layers = nn.Sequential()
    model.head.layers.add_module('pre_logits', nn.Linear(64, 32))
    model.head.layers.add_module('act', nn.Tanh())
    model.head.layers.add_module('head', nn.Linear(32, 10))
    model.forward = lambda x: model.head.layers(model.backbone(x))
    return model


class Classifier(nn.Module):
    """backbone and head.fc, named as in mmcls."""

    def __init__(self, backbone, features=None, classes=10):
        super().__init__()
        self.backbone = backbone
        self.head = nn.Module()
        self.head.fc = nn.Linear(features, classes) if features else None

    def forward(self, x):
        x = self.backbone(x)
        return x if self.head.fc is None else self.head.fc(x)


def sine_weight(name, shape, j, i):
    v = np.sin(0.7 * i + j)
    if name.endswith('running_var'):
        return 1 + 0.5 * v
    if (len(shape) == 1 and 'bn' in name and name.endswith('weight')) or name.endswith('downsample.1.weight'):
        return 1 + 0.2 * v
    if len(shape) >= 2:
        return v * math.sqrt(2 / (i.size / shape[0]))
    return 0.1 * v


def unit(i):
    """Wang-like integer mix of a 32-bit index; the upper 24 bits as a number in [0, 1)."""
    h = np.asarray(i, dtype=np.uint64) & 0xFFFFFFFF
    for multiplier in (0x7FEB352D, 0x846CA68B):
        h = ((h ^ (h >> np.uint64(16))) * np.uint64(multiplier)) & np.uint64(0xFFFFFFFF)
    h = h ^ (h >> np.uint64(16))
    return (h >> np.uint64(8)).astype(np.float64) / 2**24


def is_norm(name):
    return re.search(r'bn|\.ln|norm|downsample\.[12]|stem\.1\.|transitions\.\d+\.0\.', name)


def hash_weight(name, shape, j, i):
    if len(shape) >= 2:
        return (2 * unit(i + 100_000_000 * j) - 1) * math.sqrt(6 / (i.size / shape[0]))
    if is_norm(name) and name.endswith('weight'):
        return np.full(i.shape, 0.5)
    if is_norm(name) and name.endswith('bias'):
        return np.where(i % 2 == 0, 1.5, -1.5)
    return np.full(i.shape, 1.0 if name.endswith('running_var') else 0.0)


def fill(model, weight):
    for j, (name, t) in enumerate(model.state_dict().items()):
        if t.dtype == torch.float32:
            values = weight(name, tuple(t.shape), j, np.arange(t.numel(), dtype=np.int64))
            t.copy_(torch.from_numpy(values.astype(np.float32)).view(t.shape))


def cosine_batch(*shape):
    def batch(_):
        x = np.cos(0.013 * np.arange(math.prod(shape))).astype(np.float32)
        return torch.from_numpy(x).view(shape), torch.tensor([1, 3, 5, 7][:shape[0]])
    return batch


def hash_batch(t):
    i = np.arange(16 * 3072, dtype=np.int64)
    n, c = i // 3072, i // 1024 % 3
    labels = (7 * np.arange(16) + t) % 10
    x = 2 * unit(i + 16 * 3072 * t + 2**31) - 1 + np.cos(labels[n] * (c + 1.0)) / 2
    return torch.from_numpy(x.astype(np.float32)).view(16, 3, 32, 32), torch.from_numpy(labels)


RUNS = {
    'lenet5': (lambda: Classifier(LeNet5()), sine_weight, cosine_batch(4, 1, 32, 32), 5, 0.01),
    'resnet18_cifar': (lambda: Classifier(ResNet18Cifar(), 512), sine_weight, cosine_batch(4, 3, 32, 32), 5, 0.01),
    'resnet50': (lambda: Classifier(ResNet50(), 2048, 1000), sine_weight, cosine_batch(2, 3, 64, 64), 1, 0.01),
    'resnet18_cifar_20_steps': (lambda: Classifier(ResNet18Cifar(), 512), hash_weight, hash_batch, 20, 0.0005),
    'vgg11_bn': (lambda: Classifier(vgg11_bn(), 512), hash_weight, hash_batch, 1, 0.0005),
    'resnext50': (lambda: Classifier(resnext50(), 512), hash_weight, hash_batch, 1, 0.0005),
    'regnetx_400mf': (lambda: Classifier(regnetx_400mf(), 384), hash_weight, hash_batch, 1, 0.0005),
    'vision_transformer': (vision_transformer, hash_weight, hash_batch, 5, 0.0005),
    'shufflenet_v1': (lambda: Classifier(channel_models.ShuffleNetV1(3, (240, 480, 960)), 960), hash_weight, hash_batch, 1, 0.0005),
    'shufflenet_v2': (lambda: Classifier(channel_models.ShuffleNetV2((48, 96, 192, 1024)), 1024), hash_weight, hash_batch, 1, 0.0005),
    'densenet': (lambda: Classifier(channel_models.DenseNet(16, (3, 4, 2), 32), 84), hash_weight, hash_batch, 1, 0.0005),
    'resnest50': (lambda: Classifier(channel_models.resnest50(), 512), hash_weight, hash_batch, 1, 0.0005),
    'res2net50': (lambda: Classifier(channel_models.res2net50(), 512), hash_weight, hash_batch, 1, 0.0005),
    'repvgg': (lambda: Classifier(channel_models.RepVgg((2, 3, 1), (.75, .75, 1), 2, 16), 256), hash_weight, hash_batch, 1, 0.0005),
    'mobilenet_v2': (lambda: Classifier(mobile_models.MobileNetV2(0.35), 1280), hash_weight, hash_batch, 1, 0.0005),
    'mobilenet_v3': (lambda: Classifier(mobile_models.MobileNetV3(False), 576), hash_weight, hash_batch, 1, 0.0005),
    'mobilenet_v3_old': (lambda: Classifier(mobile_models.MobileNetV3(True), 96), hash_weight, hash_batch, 1, 0.0005),
    'seresnet50': (lambda: Classifier(mobile_models.seresnet50(), 512), hash_weight, hash_batch, 1, 0.0005),
    'seresnext50': (lambda: Classifier(mobile_models.seresnext50(), 512), hash_weight, hash_batch, 1, 0.0005),
    'resnetv1c18': (lambda: Classifier(mobile_models.ResNetV1c18(), 128), hash_weight, hash_batch, 1, 0.0005),
    'resnetv1d50': (lambda: Classifier(mobile_models.resnetv1d50(), 512), hash_weight, hash_batch, 1, 0.0005),
    'wide_resnet50': (lambda: Classifier(wide_resnet50(), 512), hash_weight, hash_batch, 1, 0.0005),
    'alexnet': (lambda: Classifier(alexnet(), 256), sine_weight, cosine_batch(2, 3, 64, 64), 1, 0.01),
}


@torch.no_grad()
def sgd(model, momentum, lr):
    """torch.optim.SGD(lr, momentum=0.9, weight_decay=1e-4), by the operations of its _single_tensor_sgd."""
    for p in model.parameters():
        d = p.grad.add(p, alpha=1e-4)
        if p in momentum:
            momentum[p].mul_(0.9).add_(d)
        else:
            momentum[p] = d.clone()
        p.add_(momentum[p], alpha=-lr)


def train(run, dtype, layout=torch.contiguous_format):
    """Losses of all steps, gradients of the first by name, names of the state dict."""
    make, weight, batch, steps, lr = RUNS[run]
    model = make()
    fill(model, weight)
    model = model.to(dtype).to(memory_format=layout).train()
    momentum = {}
    losses, gradients = [], {}
    for t in range(steps):
        x, labels = batch(t)
        loss = F.cross_entropy(model(x.to(dtype).to(memory_format=layout)), labels)
        model.zero_grad()
        loss.backward()
        if t == 0:
            gradients = {n: p.grad.to(torch.float64).numpy().ravel().copy() for n, p in model.named_parameters()}
        sgd(model, momentum, lr)
        losses.append(loss.item())
        print(f'{run} {dtype} {layout} step {t + 1}: {losses[-1]!r}', flush=True)
    return losses, gradients, [n for n in model.state_dict()]


def philox_words(seed, stream, index):
    """Words 0 and 1 of Philox4x32-10 blocks, counter (index, stream)."""
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    c = [index & mask, index >> shift, np.full_like(index, stream & 0xFFFFFFFF), np.full_like(index, stream >> 32)]
    k0, k1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c[0]
        p1 = np.uint64(0xCD9E8D57) * c[2]
        c = [(p1 >> shift) ^ c[1] ^ np.uint64(k0), p1 & mask, (p0 >> shift) ^ c[3] ^ np.uint64(k1), p0 & mask]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c[0], c[1]


def project(g, stream):
    if g.size <= PROJECTIONS:
        return g.tolist()
    total = np.zeros(PROJECTIONS)
    for start in range(0, g.size, 1 << 16):
        index = np.arange(start, min(start + (1 << 16), g.size), dtype=np.uint64)
        low, high = philox_words(2025, stream, index)
        bits = (high << np.uint64(32)) | low
        signs = 1.0 - 2.0 * np.unpackbits(
            bits.astype('<u8').view(np.uint8).reshape(-1, 8), axis=1, bitorder='little').astype(np.float64)
        total += g[start:start + (1 << 16)] @ signs
    return total.tolist()


def write(run):
    losses64, gradients64, names = train(run, torch.float64)
    floats = [train(run, torch.float32, layout) for layout in (torch.contiguous_format, torch.channels_last)]
    parameters = {}
    for name, g in gradients64.items():
        norm = float(np.linalg.norm(g))
        off = [float(np.linalg.norm(gradients[name] - g)) / norm for _, gradients, _ in floats]
        parameters[name] = {
            'norm': norm,
            'contiguous': off[0],
            'float32': max(off),
            'projections': project(g, names.index(name)),
        }
    off = [[abs(a - b) for a, b in zip(losses, losses64)] for losses, _, _ in floats]
    golden = {
        'torch': torch.__version__,
        'losses': losses64,
        'contiguous': off[0],
        'float32': [max(pair) for pair in zip(*off)],
        'gradients': parameters,
    }
    with open(os.path.join(OUT, run + '.json'), 'w') as f:
        json.dump(golden, f, indent=1)
        f.write('\n')


if __name__ == '__main__':
    torch.set_num_threads(2)
    for run in sys.argv[1:] or RUNS:
        write(run)
