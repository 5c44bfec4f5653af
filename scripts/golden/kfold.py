#!/usr/bin/env python3
"""NumPy's default generator: raw words, shuffled lists, and mmcls's K-fold splits.

usage: kfold.py OUT.json     (needs numpy; 1.24 and 2.4 write the same)
"""
import hashlib, json, sys
import numpy as np

SEEDS = (0, 1, 42, 2**31 - 1, 2**40 + 5)

def shuffled(seed, n):
    order = list(range(n))
    np.random.default_rng(seed).shuffle(order)
    return order

def fold(seed, n, number, splits):
    """KFoldDataset: (training, validation) indices"""
    order = list(range(n)) if seed is None else shuffled(seed, n)
    start, end = n * number // splits, n * (number + 1) // splits
    return order[:start] + order[end:], order[start:end]

def main(out):
    big = np.array(shuffled(7, 100003), dtype="<i4")
    json.dump({
        "words": {str(s): [str(w) for w in np.random.default_rng(s).bit_generator.random_raw(4)] for s in SEEDS},
        "shuffled": {str(s): shuffled(s, 10) for s in SEEDS},
        "sha256_of_100003_by_7": hashlib.sha256(big.tobytes()).hexdigest(),
        "folds": [{"seed": s, "size": n, "fold": f, "splits": k, "train": t, "val": v}
                  for s in (None, 5) for n, k in ((11, 3), (10, 5), (2, 2)) for f in range(k)
                  for t, v in [fold(s, n, f, k)]],
    }, open(out, "w"), indent=None, separators=(",", ":"))

main(sys.argv[1])
