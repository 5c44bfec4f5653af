#!/usr/bin/env python3
"""Golden losses: options that golden/loss/mmcls.json lacks, by the formulas of mmcls 0.25 in PyTorch's float64.

    python3 scripts/golden/losses.py

writes src/test/resources/golden/loss/torch.json. Made with torch 2.13.0 on a CPU. Logits are 3 sin(0.9 i), 5 x 6, as
float32; labels 0 2 5 3 1; multilabel is i % 3 == 0; mixed is (i % 4) / 4. Gradients are autograd's.
"""

import json
import math
import os

import torch
import torch.nn.functional as F

OUT = os.path.join(os.path.dirname(__file__), '..', '..', 'src', 'test', 'resources', 'golden', 'loss', 'torch.json')
N, C = 5, 6
LOGITS = torch.tensor([3 * math.sin(0.9 * i) for i in range(N * C)], dtype=torch.float32).double().reshape(N, C)
LABELS = torch.tensor([0, 2, 5, 3, 1])
TARGETS = {
    'labels': F.one_hot(LABELS, C).double(),
    'multilabel': torch.tensor([float(i % 3 == 0) for i in range(N * C)], dtype=torch.float64).reshape(N, C),
    'mixed': torch.tensor([i % 4 / 4 for i in range(N * C)], dtype=torch.float64).reshape(N, C),
}
DIVISOR = {'mean': N, 'none': N * C, 'sum': 1}  # of losses with a number for each class; over softmax none is mean


def cross_entropy(x, t, cfg):
    w = torch.tensor(cfg.get('class_weight', [1.] * C), dtype=torch.float64)
    if cfg.get('use_sigmoid'):
        pos = torch.tensor(cfg.get('pos_weight', [1.] * C), dtype=torch.float64)
        each = F.binary_cross_entropy_with_logits(x, t, weight=w.repeat(N, 1), pos_weight=pos, reduction='none')
        return each.sum() / DIVISOR[cfg.get('reduction', 'mean')]
    return (-t * F.log_softmax(x, 1) * w).sum() / (1 if cfg.get('reduction') == 'sum' else N)


def label_smooth(x, t, cfg):
    e = cfg['label_smooth_val']
    if cfg.get('mode') == 'multi_label':
        return F.binary_cross_entropy_with_logits(x, torch.where(t > 0, 1 - e, e).double(), reduction='sum') / N
    e = e / (1 + e) if cfg.get('mode') == 'classy_vision' else e
    return (-(t * (1 - e) + e / C) * F.log_softmax(x, 1)).sum() / N


def focal(x, t, cfg):
    gamma, alpha = cfg.get('gamma', 2.), cfg.get('alpha', .25)
    p = x.sigmoid()
    pt = (1 - p) * t + p * (1 - t)
    weight = (alpha * t + (1 - alpha) * (1 - t)) * pt.pow(gamma)
    each = F.binary_cross_entropy_with_logits(x, t, reduction='none') * weight
    return each.sum() / DIVISOR[cfg.get('reduction', 'mean')]


def asymmetric(x, t, cfg):
    p = x.sigmoid() if cfg.get('use_sigmoid', True) else F.softmax(x, -1)
    clip, eps = cfg.get('clip', .05), cfg.get('eps', 1e-8)
    miss = (1 - p + clip).clamp(max=1) if clip and clip > 0 else 1 - p
    pt = miss * (1 - t) + p * t
    weight = (1 - pt).pow(cfg.get('gamma_pos', 0.) * t + cfg.get('gamma_neg', 4.) * (1 - t))
    return (-torch.log(pt.clamp(min=eps)) * weight).sum() / DIVISOR[cfg.get('reduction', 'mean')]


def seesaw(x, t, cfg, seen):
    seen += t.sum(0)
    p, q, eps = cfg.get('p', .8), cfg.get('q', 2.), cfg.get('eps', .01)
    weight = torch.ones_like(x)
    if p > 0:
        ratio = seen[None, :].clamp(min=1) / seen[:, None].clamp(min=1)
        weight = weight * torch.where(ratio < 1, ratio.pow(p), torch.ones_like(ratio))[LABELS]
    if q > 0:
        scores = F.softmax(x.detach(), 1)
        ratio = scores / scores[torch.arange(N), LABELS][:, None].clamp(min=eps)
        weight = weight * torch.where(ratio > 1, ratio.pow(q), torch.ones_like(ratio))
    return F.cross_entropy(x + weight.log() * (1 - t), LABELS, reduction='sum') / N


LOSSES = {'CrossEntropyLoss': cross_entropy, 'LabelSmoothLoss': label_smooth, 'FocalLoss': focal,
          'AsymmetricLoss': asymmetric, 'SeesawLoss': seesaw}
WEIGHTS = [.1, .2, .3, .4, .5, .6]
CASES = [
    ('labels', dict(type='CrossEntropyLoss', class_weight=WEIGHTS, reduction='none', loss_weight=.5)),
    ('labels', dict(type='CrossEntropyLoss', reduction='sum')),
    ('mixed', dict(type='CrossEntropyLoss', use_soft=True, class_weight=WEIGHTS)),
    ('multilabel', dict(type='CrossEntropyLoss', use_sigmoid=True, class_weight=WEIGHTS, reduction='none')),
    ('mixed', dict(type='CrossEntropyLoss', use_sigmoid=True, class_weight=WEIGHTS, pos_weight=WEIGHTS[::-1],
                   loss_weight=2.)),
    ('multilabel', dict(type='CrossEntropyLoss', use_sigmoid=True, reduction='sum')),
    ('labels', dict(type='LabelSmoothLoss', label_smooth_val=.2, mode='multi_label')),
    ('mixed', dict(type='LabelSmoothLoss', label_smooth_val=.2, mode='classy_vision')),
    ('labels', dict(type='FocalLoss', gamma=1.5, alpha=.6)),
    ('mixed', dict(type='FocalLoss', gamma=0., alpha=.4, reduction='none', loss_weight=3.)),
    ('labels', dict(type='AsymmetricLoss', use_sigmoid=False)),
    ('mixed', dict(type='AsymmetricLoss', gamma_pos=1., gamma_neg=2., clip=0., reduction='none')),
    ('multilabel', dict(type='AsymmetricLoss', use_sigmoid=False, gamma_pos=.5, clip=.2, eps=.1)),
    ('multilabel', dict(type='AsymmetricLoss', gamma_neg=0., eps=.3, loss_weight=.1)),
    ('labels', dict(type='SeesawLoss', num_classes=C, p=.5, q=1., eps=.2, loss_weight=.7)),
    ('labels', dict(type='SeesawLoss', num_classes=C, p=0., q=2.)),
    ('unequal', dict(type='SeesawLoss', num_classes=C)),
]


def main():
    results = []
    for targets, cfg in CASES:
        x = LOGITS.clone().requires_grad_()
        arguments = [TARGETS.get(targets, TARGETS['labels']), cfg]
        case = dict(targets=targets, cfg=cfg)
        if cfg['type'] == 'SeesawLoss':
            seen = torch.zeros(C, dtype=torch.float64)
            if targets == 'unequal':
                seen += torch.tensor([0., 7., 1., 30., 2., 3.], dtype=torch.float64)
                case.update(targets='labels', seen=seen.tolist())
            arguments.append(seen)
        loss = cfg.get('loss_weight', 1.) * LOSSES[cfg['type']](x, *arguments)
        loss.backward()
        if cfg['type'] == 'SeesawLoss':
            case['seen_after'] = arguments[-1].tolist()
        results.append(dict(case, loss=loss.item(), grad=x.grad.tolist()))
    with open(OUT, 'w') as f:
        f.write('{"cases": [\n' + ',\n'.join(json.dumps(r) for r in results) + '\n]}\n')


if __name__ == '__main__':
    main()
