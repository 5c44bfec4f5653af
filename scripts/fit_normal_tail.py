"""Prints the coefficients of native/cpu/activation.h: the polynomial P of degree 10 without constant term in t = 1 / (1 + 0.3 a)
whose largest relative error as Phi(-a) * exp(a^2 / 2) over a in [0, 14] is least. Iterated least squares (Lawson 1961)."""

import math

import numpy as np

SLOPE, DEGREE, FAR, POINTS, ROUNDS = 0.3, 10, 14.0, 4000, 60


def scaled_tail(a):
    if a < 5:
        return 0.5 * math.erfc(a / math.sqrt(2)) * math.exp(a * a / 2)
    fraction = 0.0  # Laplace's continued fraction
    for n in range(200, 0, -1):
        fraction = n / (a + fraction)
    return 1 / ((a + fraction) * math.sqrt(2 * math.pi))


first = 1 / (1 + SLOPE * FAR)
nodes = np.cos(np.pi * (np.arange(POINTS) + 0.5) / POINTS)
t = (nodes + 1) / 2 * (1 - first) + first
y = np.array([scaled_tail((1 / v - 1) / SLOPE) for v in t])
basis = np.vander(t, DEGREE, increasing=True) * t[:, None] / y[:, None]
weight = np.ones(POINTS)
for _ in range(ROUNDS):
    root = np.sqrt(weight)
    c, *_ = np.linalg.lstsq(basis * root[:, None], root, rcond=None)
    error = np.abs(basis @ c - 1)
    weight *= error / error.max() + 1e-3
    weight /= weight.mean()
print("largest relative error", error.max())
for v in c[::-1]:
    print("%.10ef" % v)
