#!/usr/bin/env python3
"""Annotations of Stanford Cars in MATLAB's format, for dev.taxon.data.dataset.StanfordCarsTest.

usage: cars_mat.py OUT_DIR     (needs scipy)
Writes cars_plain.mat and cars_compressed.mat: a 1 x 3 struct array 'annotations' as the devkit has it (fname last, class as
uint8), behind another variable; and cars_unlabelled.mat, which has no class.
"""
import pathlib, sys
import numpy as np
from scipy.io import savemat

def annotations(labelled):
    fields = [(f"bbox_{c}", "O") for c in ("x1", "y1", "x2", "y2")] + ([("class", "O")] if labelled else []) + [("fname", "O")]
    out = np.empty((1, 3), dtype=fields)
    for i, (label, name) in enumerate(((14, "00001.jpg"), (3, "00002.jpg"), (196, "a longer name, é.jpg"))):
        for f, v in zip(("bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2"), (39, 116, 569 + i, 375)):
            out[f][0, i] = np.array([[v]], dtype=np.uint16)
        if labelled: out["class"][0, i] = np.array([[label]], dtype=np.uint8)
        out["fname"][0, i] = name
    return out

def main(folder):
    for name, compressed, labelled in (("plain", False, True), ("compressed", True, True), ("unlabelled", True, False)):
        savemat(folder / f"cars_{name}.mat", {"version": np.array([[2.5]]), "annotations": annotations(labelled)}, do_compression=compressed)

main(pathlib.Path(sys.argv[1]))
