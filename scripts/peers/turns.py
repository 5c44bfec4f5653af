"""What every peer of scripts/bench.py does: prepare, say so, and take turns when asked.

A peer prints one line of JSON when it is ready, {"about": ..., "check": [...]}; then each line of its standard input, a number
of seconds, is answered by one line {"ms": [...]}, the times of as many steps as fit, at least two.
"""
import json
import sys
import time


def serve(about, check, step):
    print(json.dumps({'about': about, 'check': check}), flush=True)
    for line in sys.stdin:
        print(json.dumps({'ms': turn(step, float(line))}), flush=True)


def turn(step, seconds):
    warm = time.perf_counter() + seconds / 2
    for i in range(3):
        if i == 0 or time.perf_counter() < warm:
            step()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 2 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    return times
