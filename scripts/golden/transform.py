#!/usr/bin/env python3
"""Golden images from OpenCV 4.6.0 and mmcv's arithmetic, for dev.taxon.data.transform.

usage: transform.py OUT_DIR [FIXTURES]     (needs opencv-python 4.6.0, Pillow and numpy; img_in.png, img_in.jpg lie in OUT_DIR)
Also writes exif_1.jpg to exif_8.jpg: one picture of four colours with each EXIF orientation.
Names: resize_{bilinear,nearest}_{u8,f32}_{input}_{height}x{width}; pad_{mode}; normalize_{swap}; decoded_jpg, exif_{code}.
FIXTURES, if given, holds what mmcls itself made (resize_cv2_*.npy): they are checked to be the same and copied.
"""
import pathlib, sys
import cv2, numpy as np
from PIL import Image

SIZES = [(32, 32), (20, 28), (90, 100), (7, 13), (45, 122), (91, 61), (1, 1), (44, 60), (46, 62)]

def resizes(out, name, image):
    for h, w in SIZES:
        for way, flag in (("bilinear", cv2.INTER_LINEAR), ("nearest", cv2.INTER_NEAREST)):
            kind = "u8" if image.dtype == np.uint8 else "f32"
            if kind == "f32" and (h, w) not in SIZES[:4]: continue
            out[f"resize_{way}_{kind}_{name}_{h}x{w}"] = cv2.resize(image, (w, h), interpolation=flag)

def normalize(image, mean, std, swap):
    """mmcls Normalize -> mmcv.imnormalize"""
    mean, std = np.array(mean, np.float32), np.array(std, np.float32)
    x = image.copy().astype(np.float32)
    if swap and x.ndim == 3: cv2.cvtColor(x, cv2.COLOR_BGR2RGB, x)
    cv2.subtract(x, np.float64(mean.reshape(1, -1)), x)
    cv2.multiply(x, 1 / np.float64(std.reshape(1, -1)), x)
    return x

def main(folder, fixtures=None):
    folder = pathlib.Path(folder); out = {}
    image = cv2.imread(str(folder / "img_in.png"))
    grey = np.random.RandomState(7).randint(0, 256, (28, 28)).astype(np.uint8)
    out["color"], out["grey"] = image, grey
    out["decoded_jpg"] = cv2.imread(str(folder / "img_in.jpg"))
    resizes(out, "color", image); resizes(out, "grey", grey)
    out["resize_bilinear_u8_color_22x30"] = cv2.resize(np.ascontiguousarray(image[:44, :60]), (30, 22))  # exact halves
    out["resize_bilinear_u8_grey_14x14"] = cv2.resize(grey, (14, 14))
    real = (image.astype(np.float32) - 100.5) / 3
    out["real"] = real; resizes(out, "real", real)
    out["resize_bilinear_f32_real_22x30"] = cv2.resize(np.ascontiguousarray(real[:44, :60]), (30, 22))
    small = np.ascontiguousarray(image[:5, :6]); out["small"] = small
    for mode, flag in (("constant", cv2.BORDER_CONSTANT), ("edge", cv2.BORDER_REPLICATE),
                       ("reflect", cv2.BORDER_REFLECT_101), ("symmetric", cv2.BORDER_REFLECT)):
        out[f"pad_{mode}"] = cv2.copyMakeBorder(small, 2, 4, 3, 1, flag, value=(10, 20, 30))  # top, bottom, left, right
    out["normalize_True"] = normalize(image, [123.675, 116.28, 103.53], [58.395, 57.12, 57.375], True)
    out["normalize_False"] = normalize(image, [125.307, 122.961, 113.8575], [51.5865, 50.847, 51.255], False)
    out["normalize_grey"] = normalize(grey, [33.46], [78.87], True)
    out["normalize_real"] = normalize(real, [12.5, -3.25, 0.1], [7.7, 1.3, 2.9], False)
    out["to_grey"] = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    blocks = np.zeros((16, 24, 3), np.uint8)
    blocks[:8, :8], blocks[:8, 8:], blocks[8:, :8], blocks[8:, 8:] = (250, 10, 10), (10, 250, 10), (10, 10, 250), (200, 200, 30)
    for code in range(1, 9):
        exif = Image.Exif(); exif[0x0112] = code
        Image.fromarray(blocks).save(folder / f"exif_{code}.jpg", exif=exif, quality=95, subsampling=0)
        out[f"exif_{code}"] = cv2.imread(str(folder / f"exif_{code}.jpg"))
    if fixtures:
        fixtures = pathlib.Path(fixtures)
        for way in ("bilinear", "nearest"):
            for name in ("down", "up", "short32"):
                a = np.load(fixtures / f"resize_cv2_{way}_{name}.npy")
                assert (a == cv2.resize(image, (a.shape[1], a.shape[0]), interpolation=getattr(cv2, "INTER_" + {"bilinear": "LINEAR"}.get(way, "NEAREST")))).all()
                out[f"mmcls_{way}_{name}"] = a
    np.savez_compressed(folder / "cv2.npz", **out)

if __name__ == "__main__":
    main(*sys.argv[1:]) if 2 <= len(sys.argv) <= 3 else sys.exit(__doc__)
