#!/usr/bin/env python3
"""Golden images of the random transforms at fixed parameters, for dev.taxon.data.transform.AugmentationTest.

usage: augment.py OUT_DIR [FIXTURES]     (needs opencv-python 4.6.0, Pillow and numpy; img_in.png lies in OUT_DIR)
Writes augment.npz: crop_{top}_{left}_{height}_{width} (then resized to 32 x 24), grayscale, {part}_{factor in hundredths},
lighting_{swap}, pillow_{filter}_{height}x{width}, and crc_{name}: the CRC-32 (4 bytes, little-endian) of an image that is too large to keep.
FIXTURES, if given, holds what mmcls itself made (aug_*.npy, resize_pillow_*.npy): checked to be the same.
"""
import pathlib, sys, zlib
import cv2, numpy as np
from PIL import Image

FACTORS = (130, 70, 145.67, 12.3, -30, 190, 60, 140, 100, 105)
PILLOW = ("nearest", "box", "bilinear", "hamming", "bicubic", "lanczos")
CROPS = ((0, 0, 45, 61), (3, 5, 20, 30), (10, 1, 35, 7), (44, 60, 1, 1), (7, 9, 24, 32), (2, 2, 9, 50))

def jitter(image, part, factor):
    """mmcv adjust_brightness, adjust_contrast, adjust_color"""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if part == "saturation":
        return cv2.addWeighted(image, factor, np.tile(grey[..., None], [1, 1, 3]), 1 - factor, 0)
    level = 0 if part == "brightness" else round(np.sum(grey) / grey.size)
    other = np.full_like(image, level).astype(np.float32)
    return np.clip(cv2.addWeighted(image.astype(np.float32), factor, other, 1 - factor, 0), 0, 255).astype(np.uint8)

def lighting(image, alpha, swap):
    """mmcv adjust_lighting with its random numbers given; what follows casts to float32"""
    value = np.array([55.4625, 4.794, 1.1475])
    vector = np.array([[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.814], [-0.5836, -0.6948, 0.4203]])
    x = image.copy().astype(np.float32)
    if swap: cv2.cvtColor(x, cv2.COLOR_BGR2RGB, x)
    alter = vector * np.broadcast_to(np.array(alpha).reshape(1, 3), (3, 3)) * np.broadcast_to(value.reshape(1, 3), (3, 3))
    return (x + np.broadcast_to(alter.sum(axis=1).reshape(1, 1, 3), x.shape)).astype(np.float32)

def large(height, width):
    y, x, c = np.mgrid[:height, :width, :3]
    return ((x * 7 + y * 13 + c * 50 + x * y // 31) & 255).astype(np.uint8)

def crc(image):
    return np.frombuffer(np.uint32(zlib.crc32(np.ascontiguousarray(image).tobytes())).tobytes(), np.uint8).reshape(1, 4)

def main(folder, fixtures=None):
    folder = pathlib.Path(folder); out = {}
    image = cv2.imread(str(folder / "img_in.png"))
    for top, left, h, w in CROPS:
        out[f"crop_{top}_{left}_{h}_{w}"] = cv2.resize(image[top:top + h, left:left + w], (24, 32))
    out["grayscale"] = np.dstack([cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)] * 3)  # mmcv.rgb2gray on a BGR image, as mmcls
    for part in ("brightness", "contrast", "saturation"):
        for f in FACTORS: out[f"{part}_{f}"] = jitter(image, part, f / 100)
    for swap in (True, False): out[f"lighting_{swap}"] = lighting(image, (0.1, -0.25, 0.07), swap)
    for h, w in ((1201, 1799), (2400, 1600), (333, 500), (4000, 257)):
        a = large(h, w)
        if h < w: size = (int(256 * w / h), 256)
        else: size = (256, int(256 * h / w))
        out[f"crc_short256_{h}x{w}"] = crc(cv2.resize(a, size))
        out[f"crc_exact224_{h}x{w}"] = crc(cv2.resize(a, (224, 224)))
        out[f"crc_nearest_{h}x{w}"] = crc(cv2.resize(a, (224, 224), interpolation=cv2.INTER_NEAREST))
        out[f"crc_crop_{h}x{w}"] = crc(cv2.resize(a[11:11 + 200, 17:17 + 231], (224, 224)))
    for way in PILLOW:
        for h, w in ((20, 28), (90, 100), (32, 43), (45, 17), (130, 61), (1, 1), (46, 62)):
            out[f"pillow_{way}_{h}x{w}"] = np.array(Image.fromarray(image).resize((w, h), getattr(Image.Resampling, way.upper())))
    if fixtures:
        fixtures = pathlib.Path(fixtures)
        for name, part in (("Brightness", "brightness"), ("Contrast", "contrast"), ("ColorTransform", "saturation")):
            assert (np.load(fixtures / f"aug_{name}.npy") == out[f"{part}_140"]).all(), name
        for way in PILLOW:
            for name in ("down", "up", "short32"):
                a = np.load(fixtures / f"resize_pillow_{way}_{name}.npy")
                assert (a == out[f"pillow_{way}_{a.shape[0]}x{a.shape[1]}"]).all(), (way, name)
    np.savez_compressed(folder / "augment.npz", **out)

if __name__ == "__main__":
    main(*sys.argv[1:]) if 2 <= len(sys.argv) <= 3 else sys.exit(__doc__)
