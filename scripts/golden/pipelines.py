#!/usr/bin/env python3
"""Golden test pipelines, from a decoded image to the network's input, for dev.taxon.data.transform.GoldenPipelineTest.

usage: pipelines.py OUT_DIR [FIXTURES]     (needs opencv-python 4.6.0, Pillow 9.4 and numpy)
Writes pipelines.npz: {config}_{height}x{width}, the CRC-32 (4 bytes, little-endian) of float32 (3, 224, 224) that the
config's test pipeline makes of augment.py's pattern image.
FIXTURES, if given, holds what mmcls itself made of its demo image (pipe_*.npy, demo_decoded_bgr.npy): checked to be the same.
"""
import pathlib, sys
import cv2, numpy as np
from PIL import Image
from augment import crc, large
from transform import normalize

SIZES = ((375, 500), (500, 333), (256, 400), (1201, 1799), (224, 224), (231, 970))

def cut(image, height, width):
    """The middle, as mmcls's CenterCrop and mmcv's imcrop place it"""
    h, w = image.shape[:2]
    top, left = max(0, int(round((h - height) / 2))), max(0, int(round((w - width) / 2)))
    bottom, right = int(min(h, top + height) - 1), int(min(w, left + width) - 1)
    return image[top:bottom + 1, left:right + 1]

def short256_center(image):
    """Resize (256, -1), CenterCrop 224"""
    h, w = image.shape[:2]
    if min(h, w) != 256:
        size = (int(256 * w / h), 256) if h < w else (256, int(256 * h / w))
        image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    return cut(image, 224, 224)

def efficientnet_center(image):
    """CenterCrop 224 in EfficientNet's style, bicubic by Pillow"""
    side = 224 / (224 + 32) * min(image.shape[:2])
    part = np.ascontiguousarray(cut(image, side, side))
    return np.array(Image.fromarray(part).resize((224, 224), Image.Resampling.BICUBIC))

def network_input(image, crop):
    x = normalize(crop(image), [123.675, 116.28, 103.53], [58.395, 57.12, 57.375], True)
    return np.ascontiguousarray(x.transpose(2, 0, 1))

PIPELINES = {"resnet50_8xb32_in1k": short256_center, "resnest50_32xb64_in1k": efficientnet_center}

def main(folder, fixtures=None):
    out = {}
    for name, crop in PIPELINES.items():
        for h, w in SIZES: out[f"{name}_{h}x{w}"] = crc(network_input(large(h, w), crop))
        if fixtures:
            demo = np.load(pathlib.Path(fixtures) / "demo_decoded_bgr.npy")
            assert (np.load(pathlib.Path(fixtures) / f"pipe_{name}.npy") == network_input(demo, crop)).all(), name
    np.savez_compressed(pathlib.Path(folder) / "pipelines.npz", **out)

if __name__ == "__main__":
    main(*sys.argv[1:]) if 2 <= len(sys.argv) <= 3 else sys.exit(__doc__)
