"""Averages of made-up parameters by the rule of mmcv's EMAHook, with PyTorch's arithmetic.

    python3 ema.py src/test/resources/golden/optim/ema.json

Element i of the parameter is ((7919 i + 104729 t) % 2001 - 1000) / 1000, rounded to float32, after iteration t (0-based);
before training t is -1. The average begins as the parameter; after iteration t, if t divides by the interval, it becomes
average * (1 - m) + parameter * m, in place (mul_, then add_ with alpha), with m = min(momentum ** interval,
(1 + t) / (warm_up + t)). Numbers are float32, written exactly. Made with PyTorch 1.13.
"""
import json
import sys

import torch

ELEMENTS, STEPS = 13, 40
CASES = [dict(momentum=0.0002, interval=1, warm_up=100), dict(momentum=0.3, interval=1, warm_up=5),
         dict(momentum=0.5, interval=3, warm_up=2), dict(momentum=0.9, interval=2, warm_up=1)]


def parameter(t):
    return torch.tensor([((7919 * i + 104729 * t) % 2001 - 1000) / 1000 for i in range(ELEMENTS)], dtype=torch.float64).float()


def averaged(momentum, interval, warm_up):
    average = parameter(-1).clone()
    momentum = momentum ** interval
    for t in range(STEPS):
        m = min(momentum, (1 + t) / (warm_up + t))
        if t % interval == 0:
            average.mul_(1 - m).add_(parameter(t), alpha=m)
    return average.tolist()


if __name__ == '__main__':
    cases = [dict(case, steps=STEPS, average=averaged(**case)) for case in CASES]
    with open(sys.argv[1], 'w') as file:
        file.write(json.dumps(dict(cases=cases), indent=1) + '\n')
