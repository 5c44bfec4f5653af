#!/usr/bin/env python3
"""Golden batches of mmcls's batch augments at fixed lambda, order and box, for dev.taxon.data.mix.BatchMixerTest.

usage: mix.py OUT_DIR     (needs torch and numpy)
Writes mix.npz. The batch is x[i] = cos(0.37 i) as (4, 3, 11, 13), the order 2, 0, 3, 1, labels 1, 0, 2, 1 of 4 classes.
blend_{lambda}, cut_{box}, {mode}_{box}: the batch after it, as rows (4, 429); box is top_bottom_left_right.
targets_{lambda}: (4, 4). boxes: rows (lambda, y, x, height, width, top, bottom, left, right, corrected lambda) of BatchCutMix.
"""
import pathlib, sys
import numpy as np, torch
import torch.nn.functional as F

ORDER, LABELS = torch.tensor([2, 0, 3, 1]), torch.tensor([1, 0, 2, 1])
BOXES = ((2, 7, 3, 9), (0, 11, 0, 13), (4, 5, 12, 13), (1, 11, 0, 2))

def batch(): return torch.cos(0.37 * torch.arange(4 * 3 * 11 * 13, dtype=torch.float64)).float().reshape(4, 3, 11, 13)
def rows(x): return x.reshape(4, -1).numpy()

def box(lam, cy, cx, height, width):
    """mmcls BatchCutMixLayer.rand_bbox and its lambda correction, the point given"""
    ratio = np.sqrt(1 - lam)
    cut_h, cut_w = int(height * ratio), int(width * ratio)
    yl, yh = np.clip(cy - cut_h // 2, 0, height), np.clip(cy + cut_h // 2, 0, height)
    xl, xh = np.clip(cx - cut_w // 2, 0, width), np.clip(cx + cut_w // 2, 0, width)
    return lam, cy, cx, height, width, yl, yh, xl, xh, 1. - (yh - yl) * (xh - xl) / float(height * width)

def main(folder):
    out = {}
    for lam in (0.3, 0.75):
        x = batch(); out[f"blend_{lam}"] = rows(lam * x + (1 - lam) * x[ORDER, :])
        hot = F.one_hot(LABELS, num_classes=4); out[f"targets_{lam}"] = (lam * hot + (1 - lam) * hot[ORDER, :]).numpy()
    for y1, y2, x1, x2 in BOXES:
        x = batch(); x[:, :, y1:y2, x1:x2] = x[ORDER, :, y1:y2, x1:x2]; out[f"cut_{y1}_{y2}_{x1}_{x2}"] = rows(x)
        for mode in ("nearest", "bilinear", "bicubic", "area"):
            x = batch(); x[:, :, y1:y2, x1:x2] = F.interpolate(x[ORDER], size=(y2 - y1, x2 - x1), mode=mode)
            out[f"{mode}_{y1}_{y2}_{x1}_{x2}"] = rows(x)
    out["boxes"] = np.float32([box(*case) for case in ((0.25, 3, 60, 32, 64), (0.5, 30, 0, 32, 32), (0.9375, 100, 100, 224, 224), (0, 5, 5, 9, 9))])
    np.savez_compressed(pathlib.Path(folder) / "mix.npz", **out)

if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) == 2 else sys.exit(__doc__)
