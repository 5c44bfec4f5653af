#!/usr/bin/env python3
"""LeNet-5 on MNIST with mmcls's schedule, in PyTorch: what 5 epochs give, to compare Taxon's result with.

usage: lenet5_mnist.py MNIST_DIR [SEED ...]      (needs torch, numpy and cv2; MNIST_DIR holds the four raw idx files)
"""
import pathlib, sys, time
import cv2, numpy as np, torch
from torch import nn

MEAN, STD, BATCH, EPOCHS = 33.46, 78.87, 128, 5


def split(folder, name):
    images = np.frombuffer((folder / f"{name}-images-idx3-ubyte").read_bytes(), np.uint8, offset=16).reshape(-1, 28, 28)
    labels = np.frombuffer((folder / f"{name}-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)
    resized = np.stack([cv2.resize(i, (32, 32), interpolation=cv2.INTER_LINEAR) for i in images])
    pixels = (resized.astype(np.float32) - MEAN) / STD
    return torch.from_numpy(pixels.astype(np.float32))[:, None], torch.from_numpy(labels.astype(np.int64))


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


def run(seed, train, test):
    torch.manual_seed(seed)
    model, start = lenet5(), time.time()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(train[0])).split(BATCH):
            loss = nn.functional.cross_entropy(model(train[0][batch]), train[1][batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item() for x, y in zip(test[0].split(1000), test[1].split(1000)))
    print(f"torch {torch.__version__} seed {seed}: {100 * right / len(test[1]):.2f} % top-1 after {EPOCHS} epochs, {time.time() - start:.1f} s", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    torch.set_num_threads(1)  # so small that a second thread only costs
    data = split(folder, "train"), split(folder, "t10k")
    for s in map(int, sys.argv[2:] or ["0"]):
        run(s, *data)
