"""Times Taxon beside PyTorch on the same work: the same weights (by formula), batches, threads and machine.

Turns alternate (Taxon, PyTorch contiguous, PyTorch channels_last, Taxon, ...), so that what else the machine does falls
on all alike. Before anything is timed the two must agree: on the loss of the first training step, or on the logits.
Prints a Markdown table for docs/benchmarks.md.

Usage: scripts/bench.sh [--threads N] [--seconds S] [--rounds R] [--only PATTERN]   (see --help)
"""
import argparse
import fnmatch
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

import bench_models as models


def resnet50():
    return models.Classifier(models.ResNet((3, 4, 6, 3), True, False), 2048, 1000)


def resnet18_cifar():
    return models.Classifier(models.ResNet((2, 2, 2, 2), False, True), 512, 10)


def mobilenet_v2():
    return models.Classifier(models.MobileNetV2(), 1280, 1000)


def shufflenet_v2():
    return models.Classifier(models.ShuffleNetV2(), 1024, 1000)


def vgg16():
    return models.Classifier(models.Vgg16())


WORKLOADS = {  # key: (title, model, (N, C, H, W), training, classes)
    'lenet5_train_128': ('LeNet-5, training step, batch 128', lambda: models.Classifier(models.LeNet5()),
                         (128, 1, 32, 32), True, 10),
    'resnet18_cifar_train_128': ('ResNet-18 (CIFAR), training step, batch 128', resnet18_cifar,
                                 (128, 3, 32, 32), True, 10),
}
for name, title, model in (('resnet50', 'ResNet-50', resnet50), ('mobilenet_v2', 'MobileNetV2', mobilenet_v2),
                           ('shufflenet_v2', 'ShuffleNetV2 1.0x', shufflenet_v2), ('vgg16', 'VGG-16', vgg16)):
    for kind, text, batch in (('infer', 'inference', 1), ('infer', 'inference', 16), ('train', 'training step', 16)):
        WORKLOADS[f'{name}_{kind}_{batch}'] = (f'{title}, {text}, batch {batch}', model, (batch, 3, 224, 224),
                                               kind == 'train', 1000)


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
        return [self.step()] if self.training else self.step().flatten()[:8].tolist()

    def turn(self, seconds):
        warm = time.perf_counter() + seconds / 2
        for i in range(3):
            if i == 0 or time.perf_counter() < warm:
                self.step()
        times = []
        end = time.perf_counter() + seconds
        while len(times) < 2 or time.perf_counter() < end:
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
    """First loss within 1e-4, logits within 1e-3 of their length: float32 over 50 layers, summed in another order.

    The nearer of PyTorch's formats counts: on MobileNetV2's first loss its channels_last batch norm is 7e-4 from float64,
    its contiguous one 3e-6.
    """
    tolerance = 1e-4 if WORKLOADS[key][3] else 1e-3
    distance = min(math.dist(ours, other) / math.hypot(*other) for other in theirs)
    if not distance <= tolerance:
        sys.exit(f'{key}: Taxon and PyTorch disagree by {distance:.2g} (allowed {tolerance}): {ours} and {theirs}')
    return distance


def has_dropout(torch_side):
    """Whether a training step draws random numbers, so that results cannot agree; inference of the same model must."""
    return torch_side.training and any(isinstance(m, nn.Dropout) for m in torch_side.model.modules())


def measure(key, taxon, rounds, seconds):
    torches = {'contiguous': Torch(key, torch.contiguous_format), 'channels_last': Torch(key, torch.channels_last)}
    times = {'taxon': [], 'contiguous': [], 'channels_last': []}
    checks = {name: other.check() for name, other in torches.items()}
    distance = math.nan
    for turn in range(rounds):
        answer = taxon.turn(key, seconds)
        if turn == 0:
            if not has_dropout(torches['contiguous']):
                distance = agree(key, answer['check'], list(checks.values()))
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
    parser.add_argument('--only', action='append', metavar='PATTERN',
                        help='a workload, or several by wildcards, such as "vgg16*": ' + ', '.join(WORKLOADS))
    parser.add_argument('--device', default='cpu', help="Taxon's device")
    parser.add_argument('--java', default='java', help='a Java 25')
    parser.add_argument('--jar', default='target/benchmarks.jar')
    args = parser.parse_args()

    patterns = args.only or ['*']
    chosen = [key for key in WORKLOADS if any(fnmatch.fnmatch(key, pattern) for pattern in patterns)]
    if not chosen:
        parser.error(f'no workload matches {patterns}; there are {", ".join(WORKLOADS)}')
    torch.set_num_threads(args.threads)
    taxon = Taxon(args.java, args.jar, args.device, args.threads)
    rows = []
    for key in chosen:
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
