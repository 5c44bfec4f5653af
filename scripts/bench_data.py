"""Times Taxon's data path beside OpenCV + NumPy and beside Java's ImageIO, on the same images and threads.

Work: decode, RandomResizedCrop 224, RandomFlip, Normalize, a batch of 32 (NCHW, float32). Turns alternate, so that what
else the machine does falls on all alike; ratios are of medians. Prints a Markdown table for docs/benchmarks.md.

Usage: scripts/bench_data.py FOLDER [--threads 1 2] [--seconds S] [--rounds R] [--java JAVA25]
FOLDER holds a sub-folder of JPEG files for each class. Needs OpenCV and NumPy, and target/benchmarks.jar (make build).
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent / 'peers'))
try:
    import cv2
    import data_path
except ImportError:
    sys.exit('scripts/bench_data.py needs OpenCV and NumPy: run it with an interpreter that has them.')


class Java:
    """The other process: dev.taxon.bench.DataPath, which answers each line 'PATH THREADS SECONDS' with images a second."""

    def __init__(self, java, classpath, folder):
        command = [java, '--enable-native-access=ALL-UNNAMED', '-cp', classpath, 'dev.taxon.bench.DataPath', folder]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def turn(self, path, threads, seconds):
        print(path, threads, seconds, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f'Taxon ended with code {self.process.wait()} while it was measured.')
        return float(line)


def processor():
    with open('/proc/cpuinfo') as lines:
        return next(line.split(':', 1)[1].strip() for line in lines if line.startswith('model name'))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder')
    parser.add_argument('--threads', type=int, nargs='+', default=[1, 2])
    parser.add_argument('--seconds', type=float, default=3, help='length of one turn')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--java', default='java', help='a Java 25')
    parser.add_argument('--classpath', default='target/benchmarks.jar')
    args = parser.parse_args()
    java = Java(args.java, args.classpath, args.folder)
    rows = []
    for threads in args.threads:
        peer = data_path.Peer(args.folder, threads)
        java.turn('taxon', threads, args.seconds)       # compiles the Java code
        java.turn('imageio', threads, args.seconds)
        rates = {'taxon': [], 'opencv': [], 'imageio': []}
        for turn in range(args.rounds):
            rates['taxon'].append(java.turn('taxon', threads, args.seconds))
            rates['opencv'].append(peer.turn(args.seconds))
            rates['imageio'].append(java.turn('imageio', threads, args.seconds))
            print(f'{threads} threads: round {turn + 1} of {args.rounds}', file=sys.stderr)
        t, o, i = (statistics.median(rates[k]) for k in ('taxon', 'opencv', 'imageio'))
        rows.append(f'| {threads} | {t:.0f} | {o:.0f} | {i:.0f} | **{t / o:.2f}×** | **{t / i:.2f}×** |')
    java.process.stdin.close()
    print(f'{time.strftime("%Y-%m-%d")}, {processor()}, {os.cpu_count()} cores, load at the end '
          f'{os.getloadavg()[0]:.1f}; OpenCV {cv2.__version__}; {len(data_path.images(args.folder))} images. Medians of '
          f'{args.rounds} alternating turns of {args.seconds:g} s.\n')
    print('| threads | Taxon, images/s | OpenCV + NumPy | ImageIO | against OpenCV | against ImageIO |')
    print('| ---: | ---: | ---: | ---: | ---: | ---: |')
    print('\n'.join(rows))


if __name__ == '__main__':
    main()
