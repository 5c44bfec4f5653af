"""Loss scales, and values under Adam and SGD whose steps are skipped now and then, by torch.amp.GradScaler.

Writes src/test/resources/golden/optim/loss_scale.json.
"""
import json
import pathlib
import random

import torch

OUT = pathlib.Path(__file__).parents[2] / "src/test/resources/golden/optim/loss_scale.json"


def rule(init, growth, backoff, interval, overflows):
    scaler = torch.amp.GradScaler("cpu", init, growth, backoff, interval)
    scaler.scale(torch.ones(1))
    p = torch.zeros(1, requires_grad=True)
    sgd = torch.optim.SGD([p], lr=0.1)
    scales, trackers = [], []
    for overflow in overflows:
        p.grad = torch.full((1,), float("inf") if overflow else 1.0)
        scaler.step(sgd)
        scaler.update()
        state = scaler.state_dict()
        scales.append(state["scale"])
        trackers.append(state["_growth_tracker"])
    return dict(init_scale=init, growth_factor=growth, backoff_factor=backoff, growth_interval=interval,
                overflows=overflows, scales=scales, trackers=trackers)


def steps(name, make, bad):
    scaler = torch.amp.GradScaler("cpu", 1024.0, growth_interval=3)
    scaler.scale(torch.ones(1))
    p = torch.tensor([0.5, -1.0, 2.0, 0.25], requires_grad=True)
    optimizer = make([p])
    gradients, values, scales = [], [], []
    generator = torch.Generator().manual_seed(5)
    for i in range(10):
        g = torch.randn(4, generator=generator) * scaler.get_scale()
        if i in bad:
            g[i % 4] = float("inf") if i % 2 else float("nan")
        gradients.append(["inf" if v == float("inf") else "nan" if v != v else v for v in g.tolist()])
        p.grad = g
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
        values.append(p.tolist())
        scales.append(scaler.get_scale())
    return dict(optimizer=name, gradients=gradients, values=values, scales=scales)


random.seed(3)
flags = [int(random.random() < 0.2) for _ in range(40)]
OUT.write_text(json.dumps(dict(
    rules=[rule(65536.0, 2.0, 0.5, 3, flags),
           rule(1000.0, 1.7, 0.3, 2, flags),
           rule(2.0 ** 126, 2.0, 0.5, 1, [0, 0, 0, 1, 0, 0]),
           rule(65536.0, 2.0, 0.5, 2000, [0, 1, 0])],
    steps=[steps("dict(type='Adam', lr=0.1)", lambda p: torch.optim.Adam(p, lr=0.1), {0, 4, 7}),
           steps("dict(type='SGD', lr=0.1, momentum=0.9, dampening=0.1)",
                 lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.1), {0, 4, 5}),
           steps("dict(type='SGD', lr=0.1, momentum=0.9, weight_decay=0.01)",
                 lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01), {3})]), indent=1) + "\n")
