#!/usr/bin/env python3
"""Weak scaling on this machine: Taxon over MPI, and PyTorch DDP with gloo, in one run; optionally over a slowed link.

    make build && PYTHON3_WITH_TORCH scripts/bench_dist.py --java JAVA25

One rank with one thread, one with two, and two ranks with one thread each train ResNet-18 (CIFAR); the batch grows with the threads.
For two ranks Taxon tells three times of a step: without communication (alone), with all of it behind the backward pass (behind), and
during the pass (during). Hidden is the part of communication that the pass covers: (behind − during) / (behind − alone).
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def run(commands):
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    processes = [subprocess.Popen(c, stdout=subprocess.PIPE, text=True, env=environment) for c in commands]
    texts = [p.communicate()[0] for p in processes]
    if any(p.returncode for p in processes):
        sys.exit("failed: " + " ".join(map(str, commands[0])))
    return {line.split()[0]: float(line.split()[-1]) for line in texts[0].splitlines() if len(line.split()) == 2}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--java", default="java", help="a Java 25")
    parser.add_argument("--classpath", default=str(ROOT / "target/benchmarks.jar"))
    parser.add_argument("--config", default=str(ROOT / "configs/resnet/resnet18_8xb16_cifar10.py"))
    parser.add_argument("--batch", type=int, default=16, help="of a thread")
    parser.add_argument("--seconds", type=float, default=8, help="of each measurement")
    parser.add_argument("--bucket-mb", type=float, default=4)
    parser.add_argument("--compression", default="none", help="none, fp16 or bf16")
    parser.add_argument("--alpha-us", type=float, default=0, help="latency of a slowed link, for each bucket")
    parser.add_argument("--mb-per-s", type=float, default=0, help="its bandwidth")
    parser.add_argument("--no-torch", action="store_true")
    parser.add_argument("--bind", default="none", help="mpirun's --bind-to")
    parser.add_argument("--only-ranks", action="store_true", help="only the two ranks")
    a = parser.parse_args()

    def taxon(ranks, threads, batch):
        engine = [a.java, "--enable-native-access=ALL-UNNAMED", "-cp", a.classpath, "dev.taxon.bench.ScalingBench", a.config,
                  batch, threads, a.seconds, a.bucket_mb, a.compression, a.alpha_us, a.mb_per_s]
        start = ["mpirun", "--bind-to", a.bind, "-n", ranks] if ranks > 1 else []
        return run([[str(word) for word in start + engine]])

    def torch(ranks, threads, batch):
        port = random.randint(20000, 60000)
        script = str(ROOT / "scripts/peers/ddp.py")
        pin = lambda r: ["taskset", "-c", str(r)] if ranks > 1 and a.bind == "core" else []  # as mpirun does
        return run([[str(word) for word in pin(r) + [sys.executable, script, r, ranks, port, batch, threads, a.seconds]]
                    for r in range(ranks)])

    for name, peer in [("Taxon", taxon)] + ([] if a.no_torch else [("PyTorch", torch)]):
        two = peer(2, 1, a.batch)
        print(f"{name}, 2 ranks x 1 thread: " + ", ".join(f"{k} {v:g}" for k, v in two.items()))
        if "behind" in two:
            print(f"{name}, hidden: {(two['behind'] - two['during']) / (two['behind'] - two['alone']):.2f}")
        print(f"{name}, cost of communication: {two['during'] / two['alone'] - 1:.3f} of a step")
        if not a.only_ranks:
            one, wide = peer(1, 1, a.batch)["alone"], peer(1, 2, 2 * a.batch)["alone"]
            print(f"{name}, 1 x 1: {one:g} ms; 1 x 2, twice the batch: {wide:g} ms")
            print(f"{name}, efficiency: {one / two['during']:.3f} of 1 x 1, {wide / two['during']:.3f} of 1 x 2", flush=True)


main()
