#!/usr/bin/env python3
"""Golden images of cv2.resize with INTER_CUBIC, INTER_AREA and INTER_LANCZOS4, for dev.taxon.data.transform.ResizeTest.

usage: resize.py OUT_DIR [FIXTURES]     (needs opencv-python 4.6.0 and numpy; img_in.png lies in OUT_DIR)
Writes resize.npz: {bicubic,area,lanczos}_{input}_{height}x{width} for the inputs color (45 x 61), grey (28 x 28) and real
(float32, 23 x 31), and crc_{way}_{height}x{width}: the CRC-32 (4 bytes, little-endian) of larger images, scaled from a formula to 224 x 224.
center_{way}_{height}x{width}_{size}_{padding}: CenterCrop in EfficientNet's style of the top left part of color; heights: rows of
(height, width, scale low and high, aspect, least and greatest target height) of RandomResizedCrop in that style.
FIXTURES, if given, holds what mmcls itself made (resize_cv2_*.npy): checked to be what OpenCV makes, and copied.
"""
import math, pathlib, sys, zlib
import cv2, numpy as np

WAYS = {"bicubic": cv2.INTER_CUBIC, "area": cv2.INTER_AREA, "lanczos": cv2.INTER_LANCZOS4}
COLOR = ((7, 13), (44, 60), (15, 61), (9, 61), (45, 20), (46, 62), (44, 62), (60, 30), (1, 1), (1, 9), (70, 5))
GREY = ((14, 7), (7, 4), (13, 27), (29, 31), (28, 9), (1, 28), (2, 2), (33, 11))
REAL = ((12, 17), (46, 62), (23, 1), (29, 11))
LARGE = ((500, 333), (448, 672), (1121, 897), (200, 301))

def large(height, width):
    y, x, c = np.mgrid[:height, :width, :3]
    return ((x * 7 + y * 13 + c * 50 + x * y // 31) & 255).astype(np.uint8)

def crc(image):
    return np.frombuffer(np.uint32(zlib.crc32(np.ascontiguousarray(image).tobytes())).tobytes(), np.uint8).reshape(1, 4)

def center(image, size, padding, flag):
    """mmcls CenterCrop(efficientnet_style=True) with mmcv imcrop and imresize"""
    img_height, img_width = image.shape[:2]
    crop_height = crop_width = size / (size + padding) * min(img_height, img_width)
    y1 = max(0, int(round((img_height - crop_height) / 2.)))
    x1 = max(0, int(round((img_width - crop_width) / 2.)))
    y2 = min(img_height, y1 + crop_height) - 1
    x2 = min(img_width, x1 + crop_width) - 1
    x1, y1, x2, y2 = np.array([x1, y1, x2, y2]).astype(np.int32)
    return cv2.resize(image[y1:y2 + 1, x1:x2 + 1], (size, size), interpolation=flag)

def heights(height, width, low, high, aspect):
    """mmcls RandomResizedCrop.get_params_efficientnet_style: the range of target heights"""
    least = int(round(math.sqrt(low * height * width / aspect)))
    most = int(round(math.sqrt(high * height * width / aspect)))
    if most * aspect > width:
        most = int((width + 0.5 - 1e-7) / aspect)
        if most * aspect > width: most -= 1
    most = min(most, height)
    return height, width, low, high, aspect, min(most, least), most

def main(folder, fixtures=None):
    folder = pathlib.Path(folder); out = {}
    color = cv2.imread(str(folder / "img_in.png"))
    grey = np.random.RandomState(7).randint(0, 256, (28, 28)).astype(np.uint8)
    real = ((color[:23, :31].astype(np.float32)) - 100.5) / 3
    out["grey"], out["real"] = grey, real
    for way, flag in WAYS.items():
        for name, image, sizes in (("color", color, COLOR), ("grey", grey, GREY), ("real", np.ascontiguousarray(real), REAL)):
            for h, w in sizes: out[f"{way}_{name}_{h}x{w}"] = cv2.resize(image, (w, h), interpolation=flag)
        out[f"{way}_color_45x61"] = cv2.resize(color, (61, 45), interpolation=flag)
        for h, w in LARGE: out[f"crc_{way}_{h}x{w}"] = crc(cv2.resize(large(h, w), (224, 224), interpolation=flag))
        for h, w, size, padding in ((45, 61, 24, 32), (45, 61, 32, 0), (40, 33, 17, 8), (45, 61, 50, 1)):
            out[f"center_{way}_{h}x{w}_{size}_{padding}"] = center(color[:h, :w], size, padding, flag)
        if fixtures:
            for name in ("down", "up", "short32"):
                a = np.load(pathlib.Path(fixtures) / f"resize_cv2_{way}_{name}.npy")
                assert (a == cv2.resize(color, (a.shape[1], a.shape[0]), interpolation=flag)).all()
                out[f"{way}_color_{a.shape[0]}x{a.shape[1]}"] = a
    out["heights"] = np.float32([heights(*size, *scale, aspect) for size in ((45, 61), (100, 30), (333, 500), (7, 5))
                                 for scale in ((0.0625, 1), (0.5, 0.75)) for aspect in (0.75, 1, 1.25, 1.328125, 2.5)])
    np.savez_compressed(folder / "resize.npz", **out)

if __name__ == "__main__":
    main(*sys.argv[1:]) if 2 <= len(sys.argv) <= 3 else sys.exit(__doc__)
