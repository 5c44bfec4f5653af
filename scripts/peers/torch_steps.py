"""A peer of scripts/bench.py: PyTorch. Usage: torch_steps.py WORKLOAD VARIANT THREADS

VARIANT: contiguous, channels_last, compile (torch.compile, channels_last for convolutional networks; compiled before the first
turn, which takes minutes), or FILE.onnx: writes the model there, for ONNX Runtime, and ends.
"""
import math
import sys

import torch
from torch import nn

import models
import turns
import workloads


def formula_weights(model):
    """FormulaWeights.java: v = sin(0.7 i + j) for element i of the state dict's entry j."""
    for j, (name, tensor) in enumerate(model.state_dict().items()):
        if tensor.dtype != torch.float32:
            continue
        v = torch.sin(0.7 * torch.arange(tensor.numel(), dtype=torch.float64) + j).reshape(tensor.shape)
        if name.endswith('running_var'):
            v = 1 + 0.5 * v
        elif tensor.dim() == 1 and name.endswith('weight'):
            v = 1 + 0.2 * v
        elif tensor.dim() > 1:
            v = v * math.sqrt(2 / (tensor.numel() / tensor.shape[0]))
        else:
            v = 0.1 * v
        tensor.copy_(v)


class Torch:
    def __init__(self, work, variant):
        self.work = work
        self.model = models.MODELS[work.model]()
        with torch.no_grad():
            formula_weights(self.model)
        convolutional = work.model != 'vit_b16'
        last = variant == 'channels_last' or (variant == 'compile' and convolutional)
        memory_format = torch.channels_last if last else torch.contiguous_format
        self.model.to(memory_format=memory_format).train(work.training)
        self.x = torch.from_numpy(workloads.images(work.shape)).to(memory_format=memory_format)
        self.run = torch.compile(self.model) if variant == 'compile' else self.model
        self.labels = (2 * torch.arange(work.shape[0]) + 1) % work.classes
        self.loss = nn.CrossEntropyLoss()
        if work.training:
            self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)

    def step(self):
        if not self.work.training:
            with torch.inference_mode():
                return self.run(self.x)
        loss = self.loss(self.run(self.x), self.labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def check(self):
        result = self.step()
        return [result] if self.work.training else result.flatten()[:8].tolist()


def main():
    key, variant, threads = sys.argv[1:]
    work = workloads.WORKLOADS[key]
    torch.set_num_threads(int(threads))
    if variant.endswith('.onnx'):
        side = Torch(work, 'contiguous')
        torch.onnx.export(side.model, (side.x,), variant, dynamo=False)
        return
    side = Torch(work, variant)
    turns.serve(f'PyTorch {torch.__version__}', side.check(), side.step)


main()
