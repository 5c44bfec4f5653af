"""Times Taxon beside its peers: the same weights (by formula), batches, threads and machine, each in a process of its own.

Turns alternate (Taxon, PyTorch contiguous, PyTorch channels_last, torch.compile, ONNX Runtime, Taxon, ...), so that what else
the machine does falls on all alike. Before anything is timed the results must agree: the loss of the first training step,
or the logits. Medians, ratios and the peak memory of each process go to the terminal as a Markdown table, and with the
machine's facts to --out FILE.md and FILE.json.

Usage: scripts/bench.sh [--quick] [--only PATTERN] [--peers LIST] [--threads N] [--seconds S] [--rounds R] [--out FILE]
"""
import argparse
import fnmatch
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

PEERS = pathlib.Path(__file__).resolve().parent / 'peers'
sys.path.insert(0, str(PEERS))
from workloads import QUICK, WORKLOADS  # noqa: E402

NAMES = {'taxon': 'Taxon', 'contiguous': 'PyTorch', 'channels_last': 'channels_last', 'compile': 'torch.compile',
         'onnx': 'ONNX Runtime'}
# glibc keeps what is freed. Else each large tensor of PyTorch's is mapped anew in each step, and on a virtual machine its page
# faults cost as much as the arithmetic (training of ResNet-18 at CIFAR's size took twice as long).
KEEP_MEMORY = {'MALLOC_MMAP_MAX_': '0', 'MALLOC_TRIM_THRESHOLD_': str(1 << 40), 'MALLOC_TOP_PAD_': str(64 << 20)}
TRAINS = ('contiguous', 'channels_last', 'compile')


class Side:
    """A process that takes turns; see peers/turns.py."""

    def __init__(self, command):
        self.command = command
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, 'PYTHONPATH': str(PEERS), **KEEP_MEMORY})
        ready = self.answer()
        self.about, self.check, self.times = ready['about'], ready['check'], []

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f'ended with code {self.process.wait()}: {" ".join(map(str, self.command))}')
        return json.loads(line)

    def turn(self, seconds):
        print(seconds, file=self.process.stdin, flush=True)
        self.times += self.answer()['ms']

    def peak(self):
        """MB that the process held at most (VmHWM)."""
        with open(f'/proc/{self.process.pid}/status') as lines:
            return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith('VmHWM'))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def start(name, key, args, folder):
    work, threads = WORKLOADS[key], str(args.threads)
    if name == 'taxon':
        return Side([args.java, '--enable-native-access=ALL-UNNAMED', *args.jvm, '-cp', args.jar,
                     'dev.taxon.bench.Timings', key, args.device, threads])
    if name in TRAINS:
        return Side([sys.executable, PEERS / 'torch_steps.py', key, name, threads])
    if work.training:
        return None
    file = pathlib.Path(folder) / f'{work.model}_{work.shape[0]}.onnx'
    subprocess.run([sys.executable, '-W', 'ignore', PEERS / 'torch_steps.py', key, file, threads], check=True,
                   stdout=subprocess.DEVNULL)
    return Side([sys.executable, PEERS / 'onnx_steps.py', key, file, threads])


def agree(key, sides):
    """First loss within 1e-4, logits within 1e-3 of their length: float32 over 50 layers, summed in another order.

    The nearest peer counts: on MobileNetV2's first loss PyTorch's channels_last batch norm is 7e-4 from float64, its
    contiguous one 3e-6.
    """
    work = WORKLOADS[key]
    if not work.comparable:
        return math.nan
    ours = sides['taxon'].check
    theirs = [side.check for name, side in sides.items() if name != 'taxon']
    if not theirs:
        return math.nan
    tolerance = 1e-4 if work.training else 1e-3
    distance = min(math.dist(ours, other) / math.hypot(*other) for other in theirs)
    if not distance <= tolerance:
        sys.exit(f'{key}: Taxon and its peers disagree by {distance:.2g} (allowed {tolerance}): {ours} and {theirs}')
    return distance


def measure(key, args, folder):
    sides = {}
    for name in ['taxon'] + args.peers:
        print(f'{key}: preparing {NAMES[name]}', file=sys.stderr)
        side = start(name, key, args, folder)
        if side:
            sides[name] = side
    try:
        distance = agree(key, sides)
        for turn in range(args.rounds):
            for side in sides.values():
                side.turn(args.seconds)
            print(f'{key}: round {turn + 1} of {args.rounds}', file=sys.stderr)
        peers = {n: statistics.median(s.times) for n, s in sides.items() if n != 'taxon'}
        best = min(peers, key=peers.get) if peers else None
        ours = statistics.median(sides['taxon'].times)
        return {'work': key, 'title': WORKLOADS[key].title, 'ms': {'taxon': ours, **peers},
                'peak_mb': {n: s.peak() for n, s in sides.items()}, 'best_peer': best,
                'ratio': peers[best] / ours if best else None,
                'difference': None if math.isnan(distance) else distance,
                'about': {n: s.about for n, s in sides.items()}}
    finally:
        for side in sides.values():
            side.close()


def machine(args):
    with open('/proc/cpuinfo') as lines:
        facts = dict(line.split(':', 1) for line in lines if ':' in line)
    facts = {name.strip(): value.strip() for name, value in facts.items()}
    flags = facts.get('flags', '').split()
    return {'date': time.strftime('%Y-%m-%d'), 'processor': facts.get('model name', platform.machine()),
            'family_model': f'{facts.get("cpu family", "?")}/{facts.get("model", "?")}',
            'simd': [f for f in ('avx2', 'avx512f', 'avx512_bf16') if f in flags], 'cores': os.cpu_count(),
            'threads': args.threads, 'load': os.getloadavg()[0],
            'memory_gb': round(os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9), 'system': platform.platform()}


def markdown(facts, rows, args):
    shown = [n for n in NAMES if any(n in row['ms'] for row in rows)]
    about = {a for row in rows for a in row['about'].values()}
    lines = [f'{facts["date"]}; {facts["processor"]} (family/model {facts["family_model"]}; {", ".join(facts["simd"])}), '
             f'{facts["threads"]} threads of {facts["cores"]} cores, {facts["memory_gb"]} GB, load at the end {facts["load"]:.1f}. '
             f'{"; ".join(sorted(about))}. Medians of the steps of {args.rounds} alternating turns of {args.seconds:g} s.', '',
             '| work | ' + ' | '.join(f'{NAMES[n]}, ms' for n in shown)
             + ' | Taxon against the best | peak MB, Taxon | peak MB, least of PyTorch | results differ by |',
             '| --- |' + ' ---: |' * (len(shown) + 4)]
    for row in rows:
        memory = row['peak_mb']
        torch = min((memory[n] for n in TRAINS if n in memory), default=None)
        cells = [f'{row["ms"][n]:.2f}' if n in row['ms'] else '–' for n in shown]
        cells += [f'**{row["ratio"]:.2f}×**' if row['ratio'] else '–', f'{memory["taxon"]:.0f}',
                  f'{torch:.0f}' if torch else '–', f'{row["difference"]:.0e}' if row['difference'] is not None else '–']
        lines.append(f'| {row["title"]} | ' + ' | '.join(cells) + ' |')
    return '\n'.join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--threads', type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument('--seconds', type=float, default=3, help='length of one turn')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--quick', action='store_true', help='some minutes: few workloads, short turns, no torch.compile')
    parser.add_argument('--only', action='append', metavar='PATTERN',
                        help='a workload, or several by wildcards, such as "vgg16*": ' + ', '.join(WORKLOADS))
    parser.add_argument('--peers', default='contiguous,channels_last,compile,onnx',
                        help='of contiguous, channels_last, compile, onnx; "none" for Taxon alone')
    parser.add_argument('--out', metavar='FILE', help='also write FILE.md and FILE.json')
    parser.add_argument('--device', default='cpu', help="Taxon's device")
    parser.add_argument('--java', default='java', help='a Java 25')
    parser.add_argument('--jvm', action='append', default=[], metavar='FLAG', help='a flag for that Java')
    parser.add_argument('--jar', default='target/benchmarks.jar')
    args = parser.parse_args()
    if args.quick:
        args.seconds, args.rounds = 1, 2
        args.peers = args.peers.replace('compile,', '')
    args.peers = [] if args.peers == 'none' else args.peers.split(',')
    unknown = [p for p in args.peers if p not in NAMES or p == 'taxon']
    if unknown:
        parser.error(f'unknown peers: {", ".join(unknown)}')
    patterns = args.only or (QUICK if args.quick else ['*'])
    chosen = [key for key in WORKLOADS if any(fnmatch.fnmatch(key, pattern) for pattern in patterns)]
    if not chosen:
        parser.error(f'no workload matches {patterns}; there are {", ".join(WORKLOADS)}')
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for key in chosen:
            rows.append(measure(key, args, folder))
            facts = machine(args)
            text = markdown(facts, rows, args)
            if args.out:    # after each: a run of hours that is stopped has told what it knows
                pathlib.Path(args.out + '.md').write_text(text + '\n')
                pathlib.Path(args.out + '.json').write_text(json.dumps({'machine': facts, 'results': rows}, indent=1) + '\n')
    print(text)


main()
