"""What OpenCV 4.6.0 makes of the golden JPEGs when they are reduced, and when they are cut off.

Writes src/test/resources/golden/image/jpeg_variants.tsv: file, variant, then "none" or height x width x channels and the
CRC-32 of the pixels. Variants: reduced_2, _4, _8 (IMREAD_REDUCED_COLOR_*), and cut_40 to cut_97, that much of the file
in per cent. A cut picture of which no row is whole is left out: what OpenCV shows then is the memory it was given. So are
pictures of one row or column, and files without an end, in which cutting changes nothing. Needs Debian 12's python3-opencv; images.py comes first.
"""
import cv2
import numpy as np

from images import IGNORE, ROOT, described

REDUCED = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}


def lines(path):
    data = np.frombuffer(path.read_bytes(), np.uint8)
    name = str(path.relative_to(ROOT))
    for scale, flag in REDUCED.items():
        image = cv2.imdecode(data, flag)
        if min(image.shape[:2]) > 1:
            yield f'{name}\treduced_{scale}\t{described(image)}\n'
    for percent in (40, 60, 75, 90, 97):
        cut = data[:len(data) * percent // 100]
        image, stored = cv2.imdecode(cut, cv2.IMREAD_COLOR), cv2.imdecode(cut, cv2.IMREAD_COLOR | IGNORE)
        if image is None or (stored != stored[:1]).any():
            yield f'{name}\tcut_{percent}\t{described(image)}\n'


if __name__ == '__main__':
    assert cv2.__version__ == '4.6.0', cv2.__version__
    files = sorted(p for p in (ROOT / 'jpeg').iterdir() if 'no_end' not in p.name and 'garbage' not in p.name)
    (ROOT / 'jpeg_variants.tsv').write_text(''.join(line for path in files for line in lines(path)))
