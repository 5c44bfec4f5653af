"""Images of every kind, and what OpenCV 4.6.0 decodes of them.

Writes src/test/resources/golden/image/<format>/* and index.tsv beside: file, then for color_type color, grayscale,
unchanged, color_ignore_orientation and grayscale_ignore_orientation either "none" or height x width x channels (and
bits, if not 8) and the CRC-32 of the pixels. Needs Debian 12's python3-opencv, libjpeg-turbo-progs.
"""
import io
import os
import pathlib
import shutil
import subprocess
import zlib

import cv2
import numpy as np

ROOT = pathlib.Path(__file__).parents[2] / 'src/test/resources/golden/image'
IGNORE = cv2.IMREAD_IGNORE_ORIENTATION
FLAGS = [cv2.IMREAD_COLOR, cv2.IMREAD_GRAYSCALE, cv2.IMREAD_UNCHANGED, cv2.IMREAD_COLOR | IGNORE,
         cv2.IMREAD_GRAYSCALE | IGNORE]


def picture(width, height):
    """Gradients, edges and noise: (H, W, 3) RGB."""
    rng = np.random.RandomState(width * 1000 + height)
    y, x = np.mgrid[0:height, 0:width]
    noise = rng.randint(-20, 20, (height, width))
    image = np.stack([(x * 5 + y * 3) % 256, (x * y // 7) % 256, (128 + 100 * np.sin(x / 9.) + noise).clip(0, 255)], -1)
    image[height // 3:height // 2, width // 4:width // 2] = [250, 10, 20]
    return image.astype(np.uint8)


def save(name, data):
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def described(image):
    if image is None:
        return 'none'
    shape = 'x'.join(str(n) for n in (image.shape + (1,))[:3])
    bits = '' if image.dtype == np.uint8 else ':' + image.dtype.name
    return f'{shape}{bits}:{zlib.crc32(np.ascontiguousarray(image).tobytes()):08x}'


def index():
    lines = []
    for path in sorted(p for p in ROOT.rglob('*') if p.is_file() and p.name not in ('index.tsv', 'README.md')):
        data = np.frombuffer(path.read_bytes(), np.uint8)
        results = [described(cv2.imdecode(data, flag)) for flag in FLAGS]
        lines.append('\t'.join([str(path.relative_to(ROOT))] + results) + '\n')
    (ROOT / 'index.tsv').write_text(''.join(lines))


# --- JPEG ---

def cjpeg(name, width, height, *options):
    image = picture(width, height)
    ppm = b'P6\n%d %d\n255\n' % (width, height) + image.tobytes()
    save('jpeg/' + name + '.jpg', subprocess.run(['cjpeg', *options], input=ppm, stdout=subprocess.PIPE, check=True).stdout)


def jpegs():
    samplings = ['1x1', '2x1', '1x2', '2x2', '4x1', '1x4', '4x2', '2x4', '3x1', '2x2,1x1,2x1', '2x1,1x1,2x1',
                 '1x2,1x1,1x2', '2x2,2x1,1x2', '1x1,2x1,1x1', '2x2,2x1,2x1', '4x1,2x1,1x1', '1x1,2x2,1x1']
    for sampling in samplings:
        cjpeg('sampling_' + sampling.replace(',', '_'), 61, 47, '-sample', sampling)
    for width, height in [(1, 1), (2, 2), (3, 5), (8, 8), (15, 17), (16, 16), (33, 64), (97, 33)]:
        cjpeg(f'size_{width}x{height}', width, height, '-sample', '2x2')
    script = pathlib.Path('/tmp/taxon_scan.txt')
    scans = {'scan_by_component': '0;\n1;\n2;\n', 'only_first_scans': '0,1,2: 0-0, 0, 1;\n0: 1-5, 0, 2;\n',
             'only_dc': '0,1,2: 0-0, 0, 0;\n'}
    for name, text in scans.items():
        script.write_text(text)
        cjpeg(name, 61, 47, '-sample', '2x2', '-scans', str(script))
    for name, options in {
            'progressive': ['-progressive'], 'restart_rows': ['-restart', '1'], 'restart_blocks': ['-restart', '1B'],
            'optimized': ['-optimize'], 'arithmetic': ['-arithmetic'],
            'progressive_arithmetic': ['-progressive', '-arithmetic'], 'progressive_restart': ['-progressive', '-restart', '2B'],
            'quality_1': ['-quality', '1'], 'quality_1_baseline': ['-quality', '1', '-baseline'],
            'quality_100': ['-quality', '100']}.items():
        for sampling in ['2x2', '2x1', '1x1']:
            cjpeg(f'{name}_{sampling}', 61, 47, '-sample', sampling, *options)
    cjpeg('grey', 61, 47, '-grayscale')
    cjpeg('grey_progressive', 61, 47, '-grayscale', '-progressive')
    cjpeg('grey_sampled_2x2', 61, 47, '-grayscale', '-sample', '2x2')
    cjpeg('rgb', 61, 47, '-rgb')


if __name__ == '__main__':
    assert cv2.__version__ == '4.6.0', cv2.__version__
    for folder in ['jpeg']:
        shutil.rmtree(ROOT / folder, ignore_errors=True)
    jpegs()
    index()
