#!/usr/bin/env python3
"""Predicts data-parallel training of ResNet-50: an alpha-beta model, fitted to all-reduce times, and a simulation of the overlap.

    scripts/scaling_model.py < TIMES        TIMES: the lines "allreduce BYTES MS" of ScalingBench, two ranks

Prints the fit, and for 8, 64 and 512 nodes the time of a step, the part of communication that backward hides, and the efficiency.
docs/scaling.md names the assumptions.
"""
import sys

RATE = 73e9 * 32 * 0.8  # multiply-accumulates a second of a node: measured on a core, 32 cores, a fifth lost in sharing memory
BATCH = 64  # images a node
LINKS = {"10 Gbit/s": (30e-6, 1.25e9 * 0.9), "25 Gbit/s": (20e-6, 3.125e9 * 0.9), "100 Gbit/s": (5e-6, 12.5e9 * 0.9)}
BUCKETS = (4, 25, 102.3)  # MB


def resnet50():
    """(parameters, multiply-accumulates) of each layer for an image of 224 x 224, first to last; batch norms with their convolution."""
    layers = [(64 * 3 * 49 + 128, 64 * 3 * 49 * 112 * 112)]
    inputs, side = 64, 56
    for width, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(blocks):
            s = stride if block == 0 else 1
            out = side // s
            for a, b, k, pixels in ((inputs, width, 1, side), (width, width, 3, out), (width, 4 * width, 1, out)):
                layers.append((a * b * k * k + 2 * b, a * b * k * k * pixels * pixels))
            if block == 0:
                layers.append((inputs * 4 * width + 8 * width, inputs * 4 * width * out * out))
            inputs, side = 4 * width, out
    layers.append((2048 * 1000 + 1000, 2048 * 1000))
    return layers


def fit(times):
    """Least squares of t = a + b * bytes, relative, so that small messages count."""
    points = [(n, t, 1 / t ** 2) for n, t in times]
    w = sum(p[2] for p in points)
    x = sum(p[2] * p[0] for p in points) / w
    y = sum(p[2] * p[1] for p in points) / w
    b = sum(p[2] * (p[0] - x) * (p[1] - y) for p in points) / sum(p[2] * (p[0] - x) ** 2 for p in points)
    return y - b * x, b


def step(nodes, alpha, bandwidth, own, bucket, element=4):
    """Seconds of a step, and of what communication it would take alone. own: seconds a byte that a rank's own work costs."""
    layers = resnet50()
    macs = sum(m for _, m in layers)
    forward = macs * BATCH / RATE
    clock, link, waiting, total = forward, 0.0, 0, 0.0

    def send(count, ready):
        size = count * element
        time = 2 * (nodes - 1) * alpha + 2 * (nodes - 1) / nodes * size / bandwidth + own * count * 4
        return max(link, ready) + time, time

    for i, (parameters, m) in enumerate(reversed(layers)):
        clock += 2 * m * BATCH / RATE
        waiting += parameters
        if waiting * 4 >= bucket * 1e6 or i + 1 == len(layers):
            link, time = send(waiting, clock)
            total += time
            waiting = 0
    return max(clock, link), clock, total


def main():
    times = [(int(line.split()[1]), float(line.split()[2]) / 1e3) for line in sys.stdin if line.startswith("allreduce ")]
    if len(times) < 3:
        sys.exit(__doc__)
    a, b = fit(times)
    print(f"fit, two ranks on this machine: {a * 1e6:.0f} us + bytes / {1 / b / 1e9:.2f} GB/s")
    for n, t in times:
        print(f"  {n:>9} bytes: measured {t * 1e3:8.3f} ms, model {(a + b * n) * 1e3:8.3f} ms")
    print("| link | nodes | gradients | best bucket, MB | compute, ms | communication alone, ms | hidden | step, ms | efficiency |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, (alpha, bandwidth) in LINKS.items():
        for nodes in (8, 64, 512):
            for kind, element in (("float32", 4), ("fp16", 2)):
                best = min((step(nodes, alpha, bandwidth, b, s, element) + (s,) for s in BUCKETS), key=lambda r: r[0])
                whole, compute, comm, bucket = best
                hidden = 1 - (whole - compute) / comm
                print(f"| {name} | {nodes} | {kind} | {bucket:g} | {compute * 1e3:.0f} | {comm * 1e3:.0f} | {hidden:.0%} | "
                      f"{whole * 1e3:.0f} | {compute / whole:.0%} |")


main()
