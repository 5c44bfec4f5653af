"""Times Taxon beside PyTorch on the same work: the same weights (by formula), batches, threads and machine.

Turns alternate (Taxon, PyTorch contiguous, PyTorch channels_last, Taxon, ...), so that what else the machine does falls
on all alike. Before anything is timed the two must agree: on the loss of the first training step, or on the logits.
Prints a Markdown table for docs/benchmarks.md.

Usage: scripts/bench.sh [--threads N] [--seconds S] [--rounds R] [--only WORKLOAD]   (see --help)
"""
import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time

try:
    import torch
    from torch import nn
except ImportError:
    sys.exit('scripts/bench.py needs PyTorch: set PYTHON to an interpreter that has it.')


# The models, with mmcls's names and order, since the weights' formula goes by both.


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


class Block(nn.Module):
    """BasicBlock (widths of two 3x3) or Bottleneck (1x1, 3x3, 1x1; the stride stands in the 3x3)."""

    def __init__(self, channels, width, out, stride, bottleneck):
        super().__init__()
        kernels = [(channels, width, 1, 1), (width, width, 3, stride), (width, out, 1, 1)] if bottleneck else [
            (channels, out, 3, stride), (out, out, 3, 1)]
        self.depth = len(kernels)
        for i, (a, b, k, s) in enumerate(kernels, 1):
            self.add_module(f'conv{i}', nn.Conv2d(a, b, k, s, k // 2, bias=False))
            self.add_module(f'bn{i}', nn.BatchNorm2d(b))
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or channels != out:
            self.downsample = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = x
        for i in range(1, self.depth + 1):
            y = getattr(self, f'bn{i}')(getattr(self, f'conv{i}')(y))
            if i < self.depth:
                y = self.relu(y)
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, blocks, bottleneck, cifar):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False) if cifar else nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.Identity() if cifar else nn.MaxPool2d(3, 2, 1)
        channels = 64
        for stage, count in enumerate(blocks):
            width = 64 << stage
            out = width * (4 if bottleneck else 1)
            layer = []
            for i in range(count):
                layer.append(Block(channels, width, out, 2 if stage and i == 0 else 1, bottleneck))
                channels = out
            self.add_module(f'layer{stage + 1}', nn.Sequential(*layer))

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3))


class Classifier(nn.Module):
    def __init__(self, backbone, features=None, classes=None):
        super().__init__()
        self.backbone = backbone
        self.head = nn.Module()
        if features:
            self.head.fc = nn.Linear(features, classes)

    def forward(self, x):
        x = self.backbone(x)
        return self.head.fc(x) if hasattr(self.head, 'fc') else x


def resnet50():
    return Classifier(ResNet((3, 4, 6, 3), True, False), 2048, 1000)


WORKLOADS = {  # key: (title, model, (N, C, H, W), training, classes)
    'lenet5_train_128': ('LeNet-5, training step, batch 128', lambda: Classifier(LeNet5()), (128, 1, 32, 32), True, 10),
    'resnet18_cifar_train_128': ('ResNet-18 (CIFAR), training step, batch 128',
                                 lambda: Classifier(ResNet((2, 2, 2, 2), False, True), 512, 10),
                                 (128, 3, 32, 32), True, 10),
    'resnet50_infer_1': ('ResNet-50, inference, batch 1', resnet50, (1, 3, 224, 224), False, 1000),
    'resnet50_infer_16': ('ResNet-50, inference, batch 16', resnet50, (16, 3, 224, 224), False, 1000),
}


def formula_weights(model):
    """FormulaWeights.java: v = sin(0.7 i + j) for element i of the state dict's entry j."""
    for j, (name, tensor) in enumerate(model.state_dict().items()):
        if tensor.dtype != torch.float32:
            continue
        v = torch.sin(0.7 * torch.arange(tensor.numel(), dtype=torch.float64) + j).reshape(tensor.shape)
        if name.endswith('running_var'):
            v = 1 + 0.5 * v
        elif name.endswith('.downsample.1.weight') or (tensor.dim() == 1 and 'bn' in name and name.endswith('weight')):
            v = 1 + 0.2 * v
        elif tensor.dim() > 1:
            v = v * math.sqrt(2 / (tensor.numel() / tensor.shape[0]))
        else:
            v = 0.1 * v
        tensor.copy_(v)


class Torch:
    """One workload in PyTorch, eager, in one memory format."""

    def __init__(self, key, memory_format):
        _, make, shape, self.training, classes = WORKLOADS[key]
        self.model = make()
        with torch.no_grad():
            formula_weights(self.model)
        self.model.to(memory_format=memory_format).train(self.training)
        x = torch.cos(0.013 * torch.arange(math.prod(shape), dtype=torch.float64)).reshape(shape).float()
        self.x = x.to(memory_format=memory_format)
        self.labels = (2 * torch.arange(shape[0]) + 1) % classes
        self.loss = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)

    def step(self):
        if not self.training:
            with torch.inference_mode():
                return self.model(self.x)
        loss = self.loss(self.model(self.x), self.labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def check(self):
        return [self.step() for _ in range(3)] if self.training else self.step().flatten()[:8].tolist()

    def turn(self, seconds):
        for _ in range(3):
            self.step()
        times = []
        end = time.perf_counter() + seconds
        while len(times) < 3 or time.perf_counter() < end:
            start = time.perf_counter()
            self.step()
            times.append((time.perf_counter() - start) * 1e3)
        return times


class Taxon:
    """The other process: dev.taxon.bench.Timings."""

    def __init__(self, java, jar, device, threads):
        command = [java, '--enable-native-access=ALL-UNNAMED', '-cp', jar, 'dev.taxon.bench.Timings', device, str(threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.about = self.answer()['about']

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f'Taxon ended with code {self.process.wait()} while it was measured.')
        return json.loads(line)

    def turn(self, key, seconds):
        print(key, seconds, file=self.process.stdin, flush=True)
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def agree(key, ours, theirs):
    """First loss within 1e-4, logits within 1e-3 of their length: float32 over 50 layers, summed in another order."""
    if WORKLOADS[key][3]:
        ours, theirs, tolerance = ours[:1], theirs[:1], 1e-4
    else:
        tolerance = 1e-3
    distance = math.dist(ours, theirs) / math.hypot(*theirs)
    if not distance <= tolerance:
        sys.exit(f'{key}: Taxon and PyTorch disagree by {distance:.2g} (allowed {tolerance}): {ours} and {theirs}')
    return distance


def measure(key, taxon, rounds, seconds):
    torches = {'contiguous': Torch(key, torch.contiguous_format), 'channels_last': Torch(key, torch.channels_last)}
    times = {'taxon': [], 'contiguous': [], 'channels_last': []}
    checks = {name: other.check() for name, other in torches.items()}
    distance = 0.0
    for turn in range(rounds):
        answer = taxon.turn(key, seconds)
        if turn == 0:
            distance = max(agree(key, answer['check'], check) for check in checks.values())
        times['taxon'] += answer['ms']
        for name, other in torches.items():
            times[name] += other.turn(seconds)
        print(f'{key}: round {turn + 1} of {rounds}', file=sys.stderr)
    return {name: statistics.median(values) for name, values in times.items()}, distance


def processor():
    with open('/proc/cpuinfo') as lines:
        facts = dict(line.split(':', 1) for line in lines if ':' in line)
    facts = {name.strip(): value.strip() for name, value in facts.items()}
    return facts.get('model name', platform.machine())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--threads', type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument('--seconds', type=float, default=5, help='length of one turn')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--only', choices=WORKLOADS, action='append')
    parser.add_argument('--device', default='cpu', help="Taxon's device")
    parser.add_argument('--java', default='java', help='a Java 25')
    parser.add_argument('--jar', default='target/benchmarks.jar')
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    taxon = Taxon(args.java, args.jar, args.device, args.threads)
    rows = []
    for key in args.only or WORKLOADS:
        medians, distance = measure(key, taxon, args.rounds, args.seconds)
        best = min(medians['contiguous'], medians['channels_last'])
        rows.append(f"| {WORKLOADS[key][0]} | {medians['taxon']:.2f} | {medians['contiguous']:.2f} "
                    f"| {medians['channels_last']:.2f} | **{best / medians['taxon']:.2f}×** | {distance:.0e} |")
    taxon.close()
    print(f'{time.strftime("%Y-%m-%d")}, {processor()}, {args.threads} threads of {os.cpu_count()} cores, load at the end '
          f'{os.getloadavg()[0]:.1f}. {taxon.about}. PyTorch {torch.__version__}, eager. Median of the steps of '
          f'{args.rounds} alternating turns of {args.seconds:g} s each.\n')
    print('| work | Taxon, ms | PyTorch contiguous, ms | PyTorch channels_last, ms '
          '| Taxon against the better | results differ by |')
    print('| --- | ---: | ---: | ---: | ---: | ---: |')
    print('\n'.join(rows))


main()
