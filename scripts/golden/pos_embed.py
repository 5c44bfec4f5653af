#!/usr/bin/env python3
"""Golden resized grids: PyTorch's interpolate, as mmcls resizes position embeddings.

    python3 scripts/golden/pos_embed.py

writes src/test/resources/golden/weights/pos_embed.json. Made with torch 2.13.0, in float64. The grid's value at flat index i
is sin(0.7 i) + i / 50; cases are [mode, from (h, w), to (h, w), values].
"""

import json
import os

import numpy as np
import torch
import torch.nn.functional as F

OUT = os.path.join(os.path.dirname(__file__), '..', '..', 'src', 'test', 'resources', 'golden', 'weights')
CASES = [((7, 7), (12, 12)), ((7, 7), (4, 4)), ((3, 5), (5, 3)), ((2, 2), (7, 3)), ((1, 1), (3, 2)), ((6, 6), (1, 1))]


def main():
    cases = []
    for mode in ('bicubic', 'bilinear'):
        for source, target in CASES:
            i = np.arange(source[0] * source[1])
            grid = torch.from_numpy(np.sin(0.7 * i) + i / 50).view(1, 1, *source)
            values = F.interpolate(grid, size=target, mode=mode, align_corners=False)
            cases.append([mode, source, target, values.flatten().tolist()])
    with open(os.path.join(OUT, 'pos_embed.json'), 'w') as f:
        json.dump({'torch': torch.__version__, 'cases': cases}, f)
        f.write('\n')


if __name__ == '__main__':
    main()
