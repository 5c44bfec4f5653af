"""What mmcv's image backend 'pillow' makes of the golden images, with Pillow 9.4.

Writes src/test/resources/golden/image/pillow.tsv, laid out as index.tsv: file, then for each color_type height x width x
channels (and type, if not uint8) and the CRC-32 of the pixels, or "none". The conversions are those that mmcv 1.7 tells of
its backend: upright by EXIF for color and grayscale; anything but RGB becomes RGB first, grey with alpha over a canvas of
(124, 117, 104); then BGR, or L; unchanged is what the file's own mode holds, with red and blue exchanged. Needs Debian
12's python3-pil and python3-opencv; images.py comes first.
"""
import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from images import ROOT, described

CANVAS = (124, 117, 104)
KINDS = ['color', 'grayscale', 'unchanged', 'color_ignore_orientation', 'grayscale_ignore_orientation']


def colored(image):
    if image.mode == 'LA':
        rgba = image.convert('RGBA')
        image = Image.new('RGB', rgba.size, CANVAS)
        image.paste(rgba, mask=rgba.getchannel('A'))
    return image.convert('RGB')


def decoded(data, kind):
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
        if kind == 'unchanged':
            array = np.array(image)
            if array.ndim == 3 and array.shape[2] >= 3:
                array[:, :, :3] = array[:, :, 2::-1].copy()
            return array
        image = colored(image if kind.endswith('ignore_orientation') else ImageOps.exif_transpose(image))
        return np.array(image.convert('L')) if kind.startswith('grayscale') else np.array(image)[:, :, ::-1]
    except Exception:
        return None


if __name__ == '__main__':
    import PIL
    assert PIL.__version__ == '9.4.0', PIL.__version__
    warnings.simplefilter('ignore')
    lines = []
    for path in sorted(p for p in ROOT.rglob('*') if p.is_file() and p.suffix != '.tsv' and p.name != 'LICENSE'):
        results = [described(decoded(path.read_bytes(), kind)) for kind in KINDS]
        lines.append('\t'.join([str(path.relative_to(ROOT))] + results) + '\n')
    (ROOT / 'pillow.tsv').write_text(''.join(lines))
