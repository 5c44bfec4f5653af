"""ResNet-18 for CIFAR under PyTorch's DistributedDataParallel with gloo: ms of a training step, for scripts/bench_dist.py.

Arguments: RANK WORLD PORT BATCH THREADS SECONDS. Prints from rank 0: alone (without communication), during (with DDP).
"""
import os
import statistics
import sys
import time

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.short = None
        if stride != 1 or inputs != outputs:
            self.short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + (x if self.short is None else self.short(x)))


def network():
    layers, inputs = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()], 64
    for outputs, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        layers += [Block(inputs, outputs, stride), Block(outputs, outputs, 1)]
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def main():
    rank, world, port, batch, threads = map(int, sys.argv[1:6])
    seconds = float(sys.argv[6])
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = network().to(memory_format=torch.channels_last)
    x = torch.rand(batch, 3, 32, 32).to(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (batch,))
    loss = nn.CrossEntropyLoss()
    kinds = {"alone": model}
    if world > 1:
        dist.init_process_group("gloo", rank=rank, world_size=world)
        kinds["during"] = DistributedDataParallel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    times = {kind: [] for kind in kinds}
    end = time.perf_counter() + seconds
    steps = 0
    while True:
        go = torch.tensor([1.0 if steps < 3 or time.perf_counter() < end else 0.0])
        if world > 1:
            dist.broadcast(go, 0)
        if go.item() == 0:
            break
        for kind, net in kinds.items():
            if world > 1:
                dist.barrier()
            start = time.perf_counter()
            optimizer.zero_grad()
            value = loss(net(x), labels)
            value.backward()
            optimizer.step()
            value.item()
            if steps:
                times[kind].append((time.perf_counter() - start) * 1e3)
        steps += 1
    if rank == 0:
        for kind, values in times.items():
            print(kind, f"{statistics.median(values):.3f}")
    if world > 1:
        dist.destroy_process_group()


main()
