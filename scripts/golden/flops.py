#!/usr/bin/env python3
"""Multiply-accumulates of vision transformers by the rules of mmcv 1.7's counter, counted by hooks on PyTorch modules.

    python3 scripts/golden/flops.py

prints a line a model for FlopsCounterTest: config, size, count, parameters. The hooks see modules, not the products
inside attention: Conv2d its MACs and biases, Linear its MACs without biases, LayerNorm two per element; GELU, Dropout and
everything else nothing. As mmcls's get_flops, the class token goes through the head but for its last layer. Modules on
the meta device: nothing is computed.
"""

import math

import torch
from torch import nn

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


def count(model, size):
    total = 0

    def hook(module, inputs, output):
        nonlocal total
        if isinstance(module, nn.Conv2d):
            k = module.kernel_size[0] * module.kernel_size[1] * module.in_channels // module.groups
            total += output.numel() * k + (output.numel() if module.bias is not None else 0)
        elif isinstance(module, nn.Linear):
            total += inputs[0].numel() * output.shape[-1]
        elif isinstance(module, nn.LayerNorm):
            total += 2 * inputs[0].numel()

    for module in model.modules():
        module.register_forward_hook(hook)
    with torch.no_grad():
        model(torch.empty(1, 3, size, size, device='meta'))
    return total, sum(p.numel() for p in model.parameters())


if __name__ == '__main__':
    for config, arch, size, patch, hidden_dim in [
            ('vit-base-p16_pt-64xb64_in1k-224', 'b', 224, 16, 3072),
            ('vit-base-p16_ft-64xb64_in1k-384', 'b', 384, 16, None),
            ('vit-base-p32_ft-64xb64_in1k-384', 'b', 384, 32, None),
            ('vit-large-p16_ft-64xb64_in1k-384', 'l', 384, 16, None),
            ('vit-large-p32_pt-64xb64_in1k-224', 'l', 224, 32, 3072)]:
        with torch.device('meta'):
            model = VisionTransformer(arch, size, patch, hidden_dim)
        print(f'vision_transformer/{config}.py, {size}, %d, %d' % count(model, size))
