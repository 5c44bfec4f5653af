"""The data path of ImageNet training in Python: OpenCV and NumPy, step for step what mmcls does, without its overhead.

Read and decode, RandomResizedCrop 224 (bilinear), RandomFlip, Normalize to RGB, HWC to CHW, a batch of 32. One thread is
this process (OpenCV's own threads are off); more are processes, which keep their batches for themselves, so that nothing
is charged for sending them. scripts/bench_data.py runs it beside Taxon.

Usage: data_path.py FOLDER [--threads N] [--seconds S]      prints images a second
"""
import argparse
import math
import multiprocessing
import pathlib
import random
import time

import cv2
import numpy as np

SIZE, BATCH = 224, 32
MEAN = np.float64(np.array([123.675, 116.28, 103.53], np.float32).reshape(1, -1))
SCALE = 1 / np.float64(np.array([58.395, 57.12, 57.375], np.float32).reshape(1, -1))


def images(folder):
    return sorted(str(p) for p in pathlib.Path(folder).rglob('*') if p.suffix.lower() in ('.jpg', '.jpeg'))


def window(height, width):
    """mmcls's RandomResizedCrop: area even in (0.08, 1), the logarithm of the aspect ratio in that of (3/4, 4/3)."""
    area = height * width
    for _ in range(10):
        wanted = random.uniform(0.08, 1) * area
        aspect = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
        w, h = int(round(math.sqrt(wanted * aspect))), int(round(math.sqrt(wanted / aspect)))
        if 0 < w <= width and 0 < h <= height:
            return random.randint(0, height - h), random.randint(0, width - w), h, w
    side = min(height, width)
    return (height - side) // 2, (width - side) // 2, side, side


def sample(file):
    with open(file, 'rb') as f:
        image = cv2.imdecode(np.frombuffer(f.read(), np.uint8), cv2.IMREAD_COLOR)
    top, left, h, w = window(*image.shape[:2])
    image = cv2.resize(image[top:top + h, left:left + w], (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)
    if random.random() < 0.5:
        image = cv2.flip(image, 1)
    image = image.astype(np.float32)
    cv2.cvtColor(image, cv2.COLOR_BGR2RGB, image)
    cv2.subtract(image, MEAN, image)
    cv2.multiply(image, SCALE, image)
    return np.ascontiguousarray(image.transpose(2, 0, 1))


def turn(files, seconds, seed=0):
    """Whole batches for so long, after a short warming up. Images a second."""
    cv2.setNumThreads(0)
    random.seed(seed)
    order = random.sample(files, len(files))
    for file in order[:8]:
        sample(file)
    done, at, start = 0, 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        np.stack([sample(order[(at + i) % len(order)]) for i in range(BATCH)])
        at += BATCH
        done += BATCH
    return done / (time.perf_counter() - start)


class Peer:
    """The pipeline on so many threads; turns may alternate with others' work."""

    def __init__(self, folder, threads):
        self.files = images(folder)
        self.threads = threads
        self.pool = multiprocessing.Pool(threads) if threads > 1 else None

    def turn(self, seconds):
        if self.pool is None:
            return turn(self.files, seconds)
        jobs = [self.pool.apply_async(turn, (self.files, seconds, seed)) for seed in range(self.threads)]
        return sum(job.get() for job in jobs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--seconds', type=float, default=5)
    args = parser.parse_args()
    print(f'{Peer(args.folder, args.threads).turn(args.seconds):.1f} images/s')


if __name__ == '__main__':
    main()
