#!/usr/bin/env python3
"""Golden values of mmcls's CSRAClsHead and GeneralizedMeanPooling, by PyTorch in float64 and float32.

    python3 scripts/golden/heads.py

writes src/test/resources/golden/head/NAME.json: the config of the part, input x (N, C, H, W), parameters by their names in
a state dict, the gradient dy of the output, and in float64 the output y and the gradients of x and of each parameter.
"float32" is how far PyTorch's own float32 is from each of them, |a - b| / |b|. Made with torch 2.13.0.

The formulas are those of the papers (Zhu and Wu 2021; Radenovic et al. 2018) in the form that mmcls 0.25 computes them.
"""

import json
import os

import torch
import torch.nn.functional as F

OUT = os.path.join(os.path.dirname(__file__), '..', '..', 'src', 'test', 'resources', 'golden', 'head')
TEMPERATURES = {1: [1], 4: [1, 2, 4, None], 6: [1, 2, 3, 4, 5, None]}  # None: the maximum


def csra(x, parameters, heads, lam):
    total = 0
    for i, temperature in enumerate(TEMPERATURES[heads]):
        w = parameters[f'head.csra_heads.{i}.head.weight']
        score = F.conv2d(x, w) / torch.linalg.vector_norm(w, dim=1, keepdim=True).transpose(0, 1)
        score = score.flatten(2)
        if temperature is None:
            attended = score.max(dim=2)[0]
        else:
            attended = (score * (score * temperature).softmax(dim=2)).sum(dim=2)
        total = total + score.mean(dim=2) + lam * attended
    return total


def gem(x, parameters, eps, clamp):
    p = parameters['neck.p']
    z = x.clamp(min=eps) if clamp else x
    return z.pow(p).mean(dim=(2, 3)).pow(1 / p)


def run(function, x, parameters, dy, dtype):
    x = x.to(dtype).requires_grad_()
    parameters = {k: v.to(dtype).requires_grad_() for k, v in parameters.items()}
    y = function(x, parameters)
    y.backward(dy.to(dtype))
    return {'y': y.detach(), 'x': x.grad} | {k: v.grad for k, v in parameters.items()}


def write(name, part, function, x, parameters, outputs):
    torch.manual_seed(7)
    dy = torch.randn(x.shape[0], outputs)
    exact = run(function, x, parameters, dy, torch.float64)
    single = run(function, x, parameters, dy, torch.float32)

    def off(a, b):
        return ((a.double() - b).norm() / b.norm()).item()

    with open(os.path.join(OUT, name + '.json'), 'w') as f:
        json.dump({
            'part': part,
            'shape': list(x.shape),
            'x': [float(v) for v in x.flatten()],
            'parameters': {k: [float(v) for v in p.flatten()] for k, p in parameters.items()},
            'dy': [float(v) for v in dy.flatten()],
            'expected': {k: [float(f'{v:.12g}') for v in t.flatten()] for k, t in exact.items()},
            'float32': {k: off(single[k], exact[k]) for k in exact},
        }, f, indent=0)
        f.write('\n')


def main():
    for heads, lam in ((1, 0.1), (4, 0.3), (6, 1.0)):
        torch.manual_seed(heads)
        x = torch.randn(2, 9, 4, 5).relu() + torch.rand(2, 9, 4, 5) * 0.1  # of positive values, as behind a ReLU
        weights = {f'head.csra_heads.{i}.head.weight': torch.randn(7, 9, 1, 1) * 0.3 for i in range(heads)}
        part = {'type': 'CSRAClsHead', 'num_classes': 7, 'in_channels': 9, 'num_heads': heads, 'lam': lam}
        write(f'csra_{heads}', part, lambda x, p, h=heads, l=lam: csra(x, p, h, l), x, weights, 7)
    for name, p, eps, clamp in (('gem', 3.0, 1e-6, True), ('gem_eps', 2.4, 0.1, True), ('gem_unclamped', 4.2, 1e-6, False)):
        torch.manual_seed(11)
        x = torch.randn(2, 9, 4, 5) if clamp else torch.rand(2, 9, 4, 5) + 0.01
        part = {'type': 'GeneralizedMeanPooling', 'p': p, 'eps': eps, 'clamp': clamp}
        write(name, part, lambda x, q, e=eps, c=clamp: gem(x, q, e, c), x, {'neck.p': torch.tensor([p])}, 9)


if __name__ == '__main__':
    main()
