#!/usr/bin/env python3
"""Multiply-accumulates by the rules of mmcv 1.7's counter, counted while PyTorch runs the networks of this folder.

    python3 scripts/golden/flops.py

prints a line a model for FlopsCounterTest: config, size, count, parameters. mmcv hooks modules; here each call of a
function that such a module makes is seen, which is the same: convolution its MACs and biases, linear its MACs without
biases, batch and layer norm two per element, ReLU and ReLU6 one, pooling one per input element; h-swish, sigmoid, GELU,
Dropout, sums, products and what is inside attention nothing. As mmcls's get_flops, up to the head's last layer, whose
parameters count. Tensors on the meta device: nothing is computed.
"""

import math

import channel_models
import mobile_models
import torch
from torch import nn
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode
from training import GroupedResNet

ARCHS = {'b': (768, 12, 12, 3072), 'l': (1024, 24, 16, 4096), 'deit-tiny': (192, 12, 3, 768)}


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.heads = heads

    def forward(self, x):
        n, tokens, width = x.shape
        q, k, v = self.qkv(x).view(n, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        p = (q @ k.transpose(-2, -1) / math.sqrt(width / self.heads)).softmax(-1)
        return self.proj((p @ v).transpose(1, 2).reshape(n, tokens, width))


class Layer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.ffn = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))

    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.ffn(self.ln2(x))


class VisionTransformer(nn.Module):
    def __init__(self, arch, size, patch, hidden_dim):
        super().__init__()
        width, depth, heads, hidden = ARCHS[arch]
        self.projection = nn.Conv2d(3, width, patch, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + (size // patch) ** 2, width))
        self.layers = nn.Sequential(*(Layer(width, heads, hidden) for _ in range(depth)))
        self.norm = nn.LayerNorm(width)
        self.pre_logits = nn.Sequential(nn.Linear(width, hidden_dim), nn.Tanh()) if hidden_dim else nn.Identity()
        self.head = nn.Linear(hidden_dim or width, 1000)

    def forward(self, x):
        x = self.projection(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls_token.expand(len(x), -1, -1), x), 1) + self.pos_embed
        return self.pre_logits(self.norm(self.layers(x))[:, 0])


class Counter(TorchFunctionMode):
    total = 0

    def __torch_function__(self, function, types, args=(), kwargs=None):
        out = function(*args, **(kwargs or {}))
        name, x = function.__name__, args[0] if args else None
        if name == 'conv2d':
            weight, bias = args[1], args[2]
            self.total += out.numel() * weight[0].numel() + (0 if bias is None else out.numel())
        elif name == 'linear':
            self.total += x.numel() * args[1].shape[0]
        elif name in ('batch_norm', 'layer_norm'):
            self.total += 2 * out.numel()
        elif name in ('relu', 'relu6'):
            self.total += out.numel()
        elif name in ('max_pool2d', 'boolean_dispatch', '_max_pool2d', 'avg_pool2d', 'adaptive_avg_pool2d'):
            self.total += x.numel()
        elif name == 'mean':  # the neck
            self.total += x.numel()
        return out


class SplitAttention(channel_models.SplitAttention):
    """Its pooling is a function in mmcls, not a module, and the counter does not see it."""

    def forward(self, x):
        x = channel_models.norm_relu(self.bn0, self.conv(x))
        a = torch.empty(len(x), x.shape[1] // self.radix, 1, 1, device=x.device)
        self.fc2(channel_models.norm_relu(self.bn1, self.fc1(a)))
        return x[:, :x.shape[1] // self.radix]


def count(model, size):
    with Counter() as counter, torch.no_grad():
        model.eval()(torch.empty(1, 3, size, size, device='meta'))
    return counter.total, sum(p.numel() for p in model.parameters())


def with_head(backbone, features):
    """The parameters of a linear head beside a backbone; its product does not count."""
    model = nn.Module()
    model.backbone = backbone
    model.fc = nn.Linear(features, 1000)
    model.forward = backbone.forward
    return model


def four_stages(block, blocks, deep=True, stem=64):
    """Of bottlenecks, behind a deep stem or a 7 x 7."""
    layers, inputs = [], stem
    for stage, count in enumerate(blocks):
        width = 64 << stage
        for i in range(count):
            layers.append(block(inputs, width, 2 if stage and i == 0 else 1, i == 0))
            inputs = 4 * width
    convs = ((3, stem // 2, 3, 2), (stem // 2, stem // 2, 3, 1), (stem // 2, stem, 3, 1)) if deep else ((3, stem, 7, 2),)
    return nn.Sequential(
        *(channel_models.Conv(a, b, kernel, stride) for a, b, kernel, stride in convs),
        nn.MaxPool2d(3, 2, 1), *layers, Neck())


class Neck(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def resnest(blocks, stem):
    channel_models.SplitAttention = SplitAttention
    return four_stages(
        lambda inputs, width, stride, first: channel_models.SplitAttentionBlock(inputs, width, stride), blocks, stem=stem)


def res2net(blocks, base, scales, deep):
    return four_stages(
        lambda inputs, width, stride, first: channel_models.SplitBlock(inputs, width, stride, first, scales, base, deep),
        blocks, deep)


def wide_resnet(blocks):
    widths = [128 << i for i in range(4)]
    return GroupedResNet(64, 7, [(n, w, 2 * w, 1, 1 if w == 128 else 2) for n, w in zip(blocks, widths)])


def rep_vgg(name):
    blocks = (8, 14, 24, 1) if name[0] == 'D' else (2, 4, 14, 1) if name[0] == 'A' else (4, 6, 16, 1)
    width, last = {
        'A0': (.75, 2.5), 'A1': (1, 2.5), 'A2': (1.5, 2.75), 'B0': (1, 2.5), 'B1': (2, 4), 'B2': (2.5, 5), 'B3': (3, 5),
        'D2': (2.5, 5)}[name[:2]]
    groups = int(name[3]) if 'g' in name else 1
    return channel_models.RepVgg(blocks, (width, width, width, last), groups, 16 if 'se' in name else None), int(512 * last)


def models():
    """Config, size, model."""
    for config, arch, size, patch, hidden_dim in [
            ('vit-base-p16_pt-64xb64_in1k-224', 'b', 224, 16, 3072),
            ('vit-base-p16_ft-64xb64_in1k-384', 'b', 384, 16, None),
            ('vit-base-p32_ft-64xb64_in1k-384', 'b', 384, 32, None),
            ('vit-large-p16_ft-64xb64_in1k-384', 'l', 384, 16, None),
            ('vit-large-p32_pt-64xb64_in1k-224', 'l', 224, 32, 3072)]:
        yield f'vision_transformer/{config}', size, VisionTransformer(arch, size, patch, hidden_dim)
    for name, growth, depths, channels, features in [
            ('121', 32, (6, 12, 24, 16), 64, 1024), ('161', 48, (6, 12, 36, 24), 96, 2208),
            ('169', 32, (6, 12, 32, 32), 64, 1664), ('201', 32, (6, 12, 48, 32), 64, 1920)]:
        yield f'densenet/densenet{name}_4xb256_in1k', 224, with_head(
            channel_models.DenseNet(growth, depths, channels), features)
    for depth, blocks, base, scales, deep in [
            (50, (3, 4, 6, 3), 14, 8, False), (50, (3, 4, 6, 3), 26, 8, False), (101, (3, 4, 23, 3), 26, 4, False)]:
        yield f'res2net/res2net{depth}-w{base}-s{scales}_8xb32_in1k', 224, with_head(
            res2net(blocks, base, scales, deep), 2048)
    for depth, blocks, stem, batch in [
            (50, (3, 4, 6, 3), 64, '32xb64'), (101, (3, 4, 23, 3), 128, '32xb64'),
            (200, (3, 24, 36, 3), 128, '64xb32'), (269, (3, 30, 48, 8), 128, '64xb32')]:
        yield f'resnest/resnest{depth}_{batch}_in1k', 224, with_head(resnest(blocks, stem), 2048)
    for depth, blocks in [(50, (3, 4, 6, 3)), (101, (3, 4, 23, 3))]:
        yield f'wrn/wide-resnet{depth}_8xb32_in1k', 224, with_head(wide_resnet(blocks), 2048)
    for name in ['A0', 'A1', 'A2', 'B0', 'B1', 'B1g2', 'B1g4', 'B2', 'B2g4', 'B3', 'B3g4', 'D2se']:
        late = name in ('B2g4', 'B3', 'B3g4', 'D2se')
        recipe = '4xb64-autoaug-lbs-mixup-coslr-200e' if late else '4xb64-coslr-120e'
        yield f'repvgg/repvgg-{name}_{recipe}_in1k', 224, with_head(*rep_vgg(name))
    for name, rows, features in [('small', mobile_models.SMALL, 96), ('big', mobile_models.BIG, 160)]:
        yield f'mmcls 0.12 MobileNetv3 {name}', 224, with_head(mobile_models.MobileNetV3(True, rows), features)


if __name__ == '__main__':
    with torch.device('meta'):
        for config, size, model in models():
            print(f'{config}{"" if " " in config else ".py"}, {size}, %d, %d' % count(model, size))
