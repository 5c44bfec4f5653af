"""Three and six steps of every torch optimizer on a small linear layer with made-up gradients.

    PYTHONPATH=… python optimizers.py src/test/resources/golden/optim/torch_VERSION.pth

One file holds every case: its config, the values and the optimizer's state_dict after three steps, the values after six.
The test computes the same values and gradients: element i of parameter p begins as ((31 i + 7 p) % 17 - 8) / 16, and
its gradient of step t is ((7919 i + 104729 t + 13 p) % 2001 - 1000) / 1000, rounded to float32.
"""
import sys

import torch

CASES = {
    'sgd': ('SGD', dict(lr=0.1)),
    'sgd_dampened': ('SGD', dict(lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.01)),
    'sgd_nesterov': ('SGD', dict(lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True)),
    'adam': ('Adam', dict(lr=0.05)),
    'adam_amsgrad': ('Adam', dict(lr=0.05, betas=(0.8, 0.99), weight_decay=0.01, amsgrad=True)),
    'adamw': ('AdamW', dict(lr=0.05, weight_decay=0.1)),
    'adamw_amsgrad': ('AdamW', dict(lr=0.05, betas=(0.4, 0.9), eps=1e-6, amsgrad=True)),
    'rmsprop': ('RMSprop', dict(lr=0.05)),
    'rmsprop_momentum': ('RMSprop', dict(lr=0.05, momentum=0.9, weight_decay=0.02)),
    'rmsprop_centered': ('RMSprop', dict(lr=0.01, alpha=0.9, centered=True)),
    'rmsprop_all': ('RMSprop', dict(lr=0.01, alpha=0.9, centered=True, momentum=0.5)),
    'adagrad': ('Adagrad', dict(lr=0.1)),
    'adagrad_decay': ('Adagrad', dict(lr=0.1, lr_decay=0.1, weight_decay=0.02, initial_accumulator_value=0.2)),
    'adadelta': ('Adadelta', dict(lr=1.0, rho=0.8, weight_decay=0.02)),
    'adamax': ('Adamax', dict(lr=0.05, weight_decay=0.02)),
    'nadam': ('NAdam', dict(lr=0.05, weight_decay=0.02)),
    'radam': ('RAdam', dict(lr=0.05, betas=(0.9, 0.95), weight_decay=0.02)),
    'asgd': ('ASGD', dict(lr=0.05, t0=2, lambd=0.01, weight_decay=0.02)),
}


def formula(shape, make):
    count = torch.Size(shape).numel()
    return torch.tensor([make(i) for i in range(count)], dtype=torch.float64).float().reshape(shape)


def run(kind, arguments):
    layer = torch.nn.Linear(5, 3)
    parameters = list(layer.parameters())
    for p, value in enumerate(parameters):
        value.data = formula(value.shape, lambda i: ((31 * i + 7 * p) % 17 - 8) / 16)
    optimizer = getattr(torch.optim, kind)(parameters, **arguments)
    case = dict(config=f'dict(type={kind!r}, ' + ', '.join(f'{k}={v!r}' for k, v in arguments.items()) + ')')
    for step in range(6):
        for p, value in enumerate(parameters):
            value.grad = formula(value.shape, lambda i: ((7919 * i + 104729 * step + 13 * p) % 2001 - 1000) / 1000)
        optimizer.step()
        if step == 2:
            case['three'] = {k: v.clone() for k, v in layer.state_dict().items()}
            state = optimizer.state_dict()
            case['optimizer'] = dict(
                state={i: {k: v.clone() if torch.is_tensor(v) else v for k, v in s.items()}
                       for i, s in state['state'].items()},
                param_groups=[dict(g) for g in state['param_groups']])
    case['six'] = {k: v.clone() for k, v in layer.state_dict().items()}
    return case


torch.save({name: run(*case) for name, case in CASES.items()}, sys.argv[1])
