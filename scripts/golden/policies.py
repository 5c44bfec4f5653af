#!/usr/bin/env python3
"""Golden images of AutoAugment's and RandAugment's policies at fixed magnitudes, for dev.taxon.data.transform.PolicyTest.

usage: policies.py OUT_DIR [FIXTURES]     (needs opencv-python 4.6.0 and numpy; img_in.png lies in OUT_DIR)
Writes policies.npz. Names: {type}_{key=value ...}, with the keys of the config; cutout_{y}_{x}_{height}_{width} in quarters of a
pixel; crc_{...}: the CRC-32 (4 bytes, little-endian) of a formula's image of 233 x 317.
FIXTURES, if given, holds what mmcls itself made (aug_*.npy): checked to be the same.
"""
import math, pathlib, sys, zlib
import cv2, numpy as np

FLAGS = dict(nearest=cv2.INTER_NEAREST, bilinear=cv2.INTER_LINEAR, bicubic=cv2.INTER_CUBIC, area=cv2.INTER_AREA, lanczos=cv2.INTER_LANCZOS4)

def warp(image, matrix, interpolation, pad_val):
    return cv2.warpAffine(image, matrix, image.shape[1::-1], flags=FLAGS[interpolation], borderMode=cv2.BORDER_CONSTANT, borderValue=pad_val)

def rotate(image, angle, center=None, scale=1.0, pad_val=(128,) * 3, interpolation="nearest"):
    h, w = image.shape[:2]
    center = ((w - 1) * 0.5, (h - 1) * 0.5) if center is None else center
    return warp(image, cv2.getRotationMatrix2D(center, -angle, scale), interpolation, pad_val)

def shear(image, magnitude, direction="horizontal", pad_val=(128,) * 3, interpolation="bicubic"):
    m = [[1, magnitude, 0], [0, 1, 0]] if direction == "horizontal" else [[1, 0, 0], [magnitude, 1, 0]]
    return warp(image, np.float32(m), interpolation, pad_val)

def translate(image, magnitude, direction="horizontal", pad_val=(128,) * 3, interpolation="nearest"):
    h, w = image.shape[:2]
    m = [[1, 0, magnitude * w], [0, 1, 0]] if direction == "horizontal" else [[1, 0, 0], [0, 1, magnitude * h]]
    return warp(image, np.float32(m), interpolation, pad_val)

def by_channel(image, table):
    parts = [table(image[:, :, c], np.bincount(image[:, :, c].ravel(), minlength=256)) for c in range(image.shape[2])]
    return np.stack(parts, axis=-1).astype(np.uint8)

def auto_contrast(image):
    def channel(im, histo):
        low, high = np.nonzero(histo)[0][[0, -1]]
        if low >= high: return im
        scale = 255.0 / (high - low)
        return np.clip(np.array(range(256)) * scale + -low * scale, 0, 255)[im]
    return by_channel(image, channel)

def equalize(image):
    def channel(im, histo):
        some = histo[histo > 0]
        step = (np.sum(some) - some[-1]) // 255
        if not step: return im
        lut = (np.cumsum(histo) + step // 2) // step
        lut = np.concatenate([[0], lut[:-1]])
        lut[lut > 255] = 255
        return lut[im]
    return by_channel(image, channel)

def posterize(image, bits):
    shift = 8 - math.ceil(bits)
    return np.left_shift(np.right_shift(image, shift), shift)

def solarize(image, thr): return np.where(image < thr, image, 255 - image)

def solarize_add(image, magnitude, thr=128):
    return np.where(image < thr, np.minimum(image + float(magnitude), 255), image).astype(np.uint8)

def sharpness(image, magnitude):
    kernel = np.array([[1., 1., 1.], [1., 5., 1.], [1., 1., 1.]]) / 13
    poorer, factor = cv2.filter2D(image, -1, kernel), 1 + magnitude
    return np.clip(cv2.addWeighted(image.astype(np.float32), factor, poorer.astype(np.float32), 1 - factor, 0), 0, 255).astype(np.uint8)

def cutout(image, y0, x0, height, width, pad_val):
    h, w = image.shape[:2]
    y1, x1 = int(max(0, y0 - height / 2.)), int(max(0, x0 - width / 2.))
    out = image.copy()
    out[y1:min(h, y1 + height), x1:min(w, x1 + width)] = pad_val
    return out

def large(height, width):
    y, x, c = np.mgrid[:height, :width, :3]
    return ((x * 7 + y * 13 + c * 50 + x * y // 31) & 255).astype(np.uint8)

def crc(image):
    return np.frombuffer(np.uint32(zlib.crc32(np.ascontiguousarray(image).tobytes())).tobytes(), np.uint8).reshape(1, 4)

def name(kind, arguments):
    return "_".join([kind] + [f"{k}={','.join(map(str, v)) if isinstance(v, tuple) else v}" for k, v in arguments.items()])

MOVES = (
    ("Rotate", rotate, (dict(angle=30.0), dict(angle=25.0), dict(angle=-11.5), dict(angle=26.7, scale=0.8), dict(angle=90.0), dict(angle=5.0, center=(10.5, 3.25), pad_val=(1, 20, 250)))),
    ("Shear", shear, (dict(magnitude=0.2), dict(magnitude=-0.17), dict(magnitude=0.99, direction="vertical"), dict(magnitude=0.1, pad_val=(9, 0, 200)))),
    ("Translate", translate, (dict(magnitude=0.2), dict(magnitude=-0.45), dict(magnitude=0.13, direction="vertical"), dict(magnitude=-0.3337, direction="vertical"))))

def main(folder, fixtures=None):
    folder = pathlib.Path(folder); out = {}
    image = cv2.imread(str(folder / "img_in.png")); big = large(233, 317)
    dark = (image // 3 + 20).astype(np.uint8); dark[..., 1] = 77; out["dark"] = dark
    for kind, f, cases in MOVES:
        for case in cases:
            for way in FLAGS:
                arguments = dict(case, interpolation=way)
                if way in ("nearest", "bicubic") or case is cases[0]: out[name(kind, arguments)] = f(image, **arguments)
                out["crc_" + name(kind, arguments)] = crc(f(big, **arguments))
    for kind, f in (("AutoContrast", auto_contrast), ("Equalize", equalize)):
        out[kind], out["dark" + kind], out["crc_" + kind] = f(image), f(dark), crc(f(big))
    out["Invert"] = 255 - image
    for bits in (4, 0, 8, 3.2, 1): out[name("Posterize", dict(bits=bits))] = posterize(image, bits)
    for thr in (128, 256 / 9 * 4, 0, 256, 77.7): out[name("Solarize", dict(thr=thr))] = solarize(image, thr)
    for case in (dict(magnitude=40), dict(magnitude=33.7), dict(magnitude=110.0, thr=200), dict(magnitude=250.5, thr=100.5)):
        out[name("SolarizeAdd", case)] = solarize_add(image, **case)
    for magnitude in (0.4, -0.4, 0.9, -0.9, 0.123, -0.77, 0.0):
        out[name("Sharpness", dict(magnitude=magnitude))] = sharpness(image, magnitude)
        out["crc_" + name("Sharpness", dict(magnitude=magnitude))] = crc(sharpness(big, magnitude))
    for y, x, h, w in ((40, 80, 11, 20), (4, 244, 16, 16), (180, 100, 7, 60), (90, 101, 500, 3)):
        out[f"cutout_{y}_{x}_{h}_{w}"] = cutout(image, y / 4, x / 4, h, w, (1, 128, 250))
    if fixtures:
        for path in sorted(pathlib.Path(fixtures).glob("aug_*.npy")):
            a, kind = np.load(path), path.stem[4:]
            if kind not in ("Brightness", "Contrast", "ColorTransform"):  # augment.py checks these
                assert any(n.split("_")[0] == kind and b.shape == a.shape and (a == b).all() for n, b in out.items()), kind
    np.savez_compressed(folder / "policies.npz", **out)

if __name__ == "__main__":
    main(*sys.argv[1:]) if 2 <= len(sys.argv) <= 3 else sys.exit(__doc__)
