"""Images of every kind, and what OpenCV 4.6.0 decodes of them.

Writes src/test/resources/golden/image/<format>/* and index.tsv beside: file, then for color_type color, grayscale,
unchanged, color_ignore_orientation and grayscale_ignore_orientation either "none" or height x width x channels (and
bits, if not 8) and the CRC-32 of the pixels. GIF, which that OpenCV cannot read, is Pillow's first frame. pngsuite/ is
Willem van Schaik's, and only indexed here. Needs Debian 12's python3-opencv, python3-pil, libjpeg-turbo-progs, imagemagick.
"""
import io
import pathlib
import shutil
import subprocess
import zlib

import cv2
import numpy as np
from PIL import Image

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


def decoded(path, flag):
    if path.suffix == '.gif':
        bgr = np.array(Image.open(path).convert('RGB'))[:, :, ::-1]
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY) if flag in (FLAGS[1], FLAGS[4]) else bgr
    return cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), flag)


def index():
    lines = []
    for path in sorted(p for p in ROOT.rglob('*') if p.is_file() and p.suffix != '.tsv' and p.name != 'LICENSE'):
        results = [described(decoded(path, flag)) for flag in FLAGS]
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


    for name, options in {'cmyk': ['-colorspace', 'CMYK'], '411': ['-sampling-factor', '4:1:1']}.items():
        convert('jpeg/magick_' + name + '.jpg', 'JPEG', picture(61, 47), *options)
    for name, mode, options in [('cmyk', 'CMYK', {}), ('cmyk_progressive', 'CMYK', {'progressive': True}), ('exif', 'RGB', {})]:
        exif = Image.Exif()
        exif[0x0112] = 6
        image = Image.fromarray(picture(61, 47)).convert(mode)
        pillow('jpeg/pillow_' + name + '.jpg', image, 'JPEG', quality=90, exif=exif.tobytes(), **options)
    damage()


def damage():
    """What OpenCV still makes of data that are wrong in the middle, behind the end, or in EXIF."""
    whole = (ROOT / 'jpeg/sampling_2x2.jpg').read_bytes()
    middle = bytearray(whole)
    middle[len(whole) * 2 // 3] ^= 0x55
    save('jpeg/damaged_middle.jpg', bytes(middle))
    save('jpeg/garbage_behind.jpg', whole + bytes(range(256)))
    save('jpeg/no_end_but_padding.jpg', whole[:-2] + bytes(64))
    save('jpeg/end_too_early.jpg', whole[:len(whole) // 2] + whole[-2:])
    tiff = b'II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0'
    app1 = lambda data: b'\xff\xe1' + (len(data) + 2).to_bytes(2, 'big') + data
    start = whole[:2]
    for name, segments in {
            'second_app1': [b'http://ns.adobe.com/xap/1.0/\0<x/>', b'Exif\0\0' + tiff], 'not_exif': [b'ABCDEF' + tiff],
            'value_9': [b'Exif\0\0' + tiff[:-4] + b'\x09\0\0\0'], 'cut': [b'Exif\0\0' + tiff[:-6]],
            'far_directory': [b'Exif\0\0II*\0\xff\xff\xff\x7f'], 'short': [b'Exif']}.items():
        save(f'jpeg/exif_{name}.jpg', start + b''.join(map(app1, segments)) + whole[2:])


# --- the others ---

def pillow(name, image, kind, **options):
    data = io.BytesIO()
    image.save(data, kind, **options)
    save(name, data.getvalue())


def convert(name, kind, rgb, *options):
    ppm = b'P6\n%d %d\n255\n' % (rgb.shape[1], rgb.shape[0]) + rgb.tobytes()
    made = subprocess.run(['convert', 'ppm:-', *options, kind + ':-'], input=ppm, stdout=subprocess.PIPE, check=True)
    save(name, made.stdout)


def modes(width, height):
    rgb = Image.fromarray(picture(width, height))
    alpha = rgb.copy()
    alpha.putalpha(rgb.convert('L'))
    return {'rgb': rgb, 'l': rgb.convert('L'), 'palette': rgb.quantize(200), 'palette_13': rgb.quantize(13),
            'bits': rgb.convert('1'), 'rgba': alpha, 'la': alpha.convert('LA')}


def others():
    rgb = picture(33, 21)
    exif = Image.Exif()
    exif[0x0112] = 6
    for mode, image in modes(33, 21).items():
        if mode != 'la':
            pillow(f'bmp/{mode}.bmp', image, 'BMP')
            pillow(f'gif/{mode}.gif', image, 'GIF')
        pillow(f'png/{mode}.png', image, 'PNG', exif=exif.tobytes())
        pillow(f'webp/{mode}.webp', image, 'WEBP', quality=60, exif=exif.tobytes())
        pillow(f'webp/{mode}_lossless.webp', image, 'WEBP', lossless=True)
    pillow('gif/interlaced.gif', modes(33, 21)['palette'], 'GIF', interlace=1)
    pillow('webp/animated.webp', modes(33, 21)['rgb'], 'WEBP', save_all=True, append_images=[modes(33, 21)['rgba']])
    for name, options in {'rle8': ['-colors', '50', '-type', 'palette', '-compress', 'RLE'],
                          'core': ['-type', 'truecolor'], '565': ['-define', 'bmp:subtype=RGB565'],
                          '555': ['-define', 'bmp:subtype=RGB555']}.items():
        convert(f'bmp/{name}.bmp', 'BMP2' if name == 'core' else 'BMP3', rgb, *options)
    save('bmp/rle4.bmp', rle4())
    for name, kind, options in [
            ('p6_15', 'PPM', ['-depth', '4']), ('p6_65535', 'PPM', ['-depth', '16']), ('p5_1023', 'PGM', ['-depth', '10']),
            ('p3', 'PPM', ['-compress', 'none']), ('p3_65535', 'PPM', ['-compress', 'none', '-depth', '16']),
            ('p2_31', 'PGM', ['-compress', 'none', '-depth', '5']), ('p1', 'PBM', ['-compress', 'none']), ('p4', 'PBM', [])]:
        convert(f'pnm/{name}.pnm', kind, rgb, *options)
    save('pnm/comments.ppm', b'P3 # a\n# b\r 2\t1 #c\n7\n0 1 2 3 9 7\n')
    save('pnm/cut.pgm', b'P5 3 3 255\n12345678')
    save('pnm/zero.pgm', b'P5 0 3 255\n')


def tiffs():
    """Of every packing, layout and depth that OpenCV reads, fax apart."""
    for mode, image in modes(33, 21).items():
        for packing in ['raw', 'tiff_lzw', 'tiff_adobe_deflate', 'packbits']:
            if mode in ('rgb', 'bits') or packing == 'tiff_lzw':
                pillow(f'tiff/{mode}_{packing}.tif', image, 'TIFF', compression=packing)
    rgb = Image.fromarray(picture(33, 21))
    for orientation in range(2, 9):
        pillow(f'tiff/orientation_{orientation}.tif', rgb.convert('L'), 'TIFF', tiffinfo={0x0112: orientation})
    sixteen = (np.arange(33 * 21).reshape(21, 33) * 91).astype(np.uint16)
    pillow('tiff/grey16.tif', Image.fromarray(sixteen), 'TIFF', compression='tiff_lzw')
    colors16 = np.stack([sixteen, sixteen[::-1], 65535 - sixteen], -1)
    save('tiff/rgb16.tif', cv2.imencode('.tif', colors16)[1].tobytes())
    # Thousands of codes: the table of LZW is filled and cleared.
    pillow('tiff/large_tiff_lzw.tif', Image.fromarray(picture(120, 90)), 'TIFF', compression='tiff_lzw')
    alpha = ['-alpha', 'on', '-channel', 'A', '-evaluate', 'set', '40%']
    for name, options in {
            'tiles': ['-define', 'tiff:tile-geometry=16x16', '-compress', 'lzw'],
            'planar': ['-interlace', 'plane', '-compress', 'zip'],
            'planar_raw': ['-interlace', 'plane', '-compress', 'none'],
            'strips': ['-define', 'tiff:rows-per-strip=4', '-compress', 'lzw'],
            'big_endian16': ['-define', 'tiff:endian=msb', '-depth', '16', '-compress', 'lzw'],
            'low_bit_first': ['-define', 'tiff:fill-order=lsb', '-compress', 'lzw'],
            'white_is_zero': ['-colorspace', 'gray', '-define', 'quantum:polarity=min-is-white', '-compress', 'none'],
            'white_is_zero16': ['-colorspace', 'gray', '-depth', '16', '-define', 'quantum:polarity=min-is-white',
                                '-compress', 'zip'],
            'palette_2': ['-colors', '2', '-type', 'palette', '-compress', 'none'],
            'grey4': ['-colorspace', 'gray', '-depth', '4', '-compress', 'none'],
            'cmyk': ['-colorspace', 'cmyk', '-compress', 'lzw'], 'alpha16': alpha + ['-depth', '16', '-compress', 'zip'],
            'alpha_associated': alpha + ['-define', 'tiff:alpha=associated', '-compress', 'zip'],
            'turned_strips': ['-orient', 'left-bottom', '-define', 'tiff:rows-per-strip=4', '-compress', 'lzw'],
            'turned_tiles': ['-orient', 'bottom-left', '-define', 'tiff:tile-geometry=16x16', '-compress', 'lzw']}.items():
        convert(f'tiff/{name}.tif', 'TIFF', picture(33, 21), *options)
    convert('tiff/big.tif', 'TIFF64', picture(33, 21), '-compress', 'none')


def tiff_jpegs():
    """JPEG in strips and tiles: with tables for all, of RGB; and files of their own, of luminance, every second colour left out."""
    big = picture(120, 90)
    for name, options in {'rgb': ['-quality', '70'], 'tiles': ['-define', 'tiff:tile-geometry=32x32'],
                          'strips': ['-define', 'tiff:rows-per-strip=16'], 'grey': ['-colorspace', 'gray'],
                          'turned': ['-orient', 'left-bottom', '-define', 'tiff:rows-per-strip=16']}.items():
        convert(f'tiff/jpeg_{name}.tif', 'TIFF', big, *options, '-compress', 'jpeg')
    for name, subsampling in {'444': 0, '420': 2}.items():
        strips = []
        for top in range(0, 90, 16):
            out = io.BytesIO()
            Image.fromarray(big[top:top + 16]).save(out, 'JPEG', quality=80, subsampling=subsampling)
            strips.append(out.getvalue())
        save(f'tiff/jpeg_luminance_{name}.tif', tiff_of(strips, 120, 90, 16, 2 if subsampling else 1))


def tiff_of(strips, width, height, rows, every):
    """A TIFF of JPEG strips in YCbCr, of which every so manieth difference is stored."""
    n = len(strips)
    entries = [(256, 4, [width]), (257, 4, [height]), (258, 3, [8, 8, 8]), (259, 3, [7]), (262, 3, [6]), (273, 4, [0] * n),
               (277, 3, [3]), (278, 4, [rows]), (279, 4, [len(s) for s in strips]), (284, 3, [1]), (530, 3, [every, every])]
    pixels = 8
    behind = pixels + sum(map(len, strips)) + sum(map(len, strips)) % 2
    entries[5] = (273, 4, [pixels + sum(map(len, strips[:i])) for i in range(n)])
    directory, more = len(entries).to_bytes(2, 'little'), b''
    for tag, kind, values in entries:
        data = b''.join(v.to_bytes(kind if kind == 4 else 2, 'little') for v in values)
        if len(data) > 4:
            place = behind + 2 + 12 * len(entries) + 4 + len(more)
            more += data
            data = place.to_bytes(4, 'little')
        directory += tag.to_bytes(2, 'little') + kind.to_bytes(2, 'little') + len(values).to_bytes(4, 'little') + data.ljust(4, b'\0')
    file = b'II*\0' + behind.to_bytes(4, 'little') + b''.join(strips)
    return file.ljust(behind, b'\0') + directory + bytes(4) + more


def rle4():
    """Runs, literals, a move, the end of a row and of the bitmap in 4 bits."""
    palette = b''.join(bytes([i * 16, 255 - i * 9, i * 5, 0]) for i in range(16))
    data = bytes([9, 0x12, 0, 0, 0, 5, 0x34, 0x56, 0x70, 0, 0, 0, 0, 2, 3, 0, 0, 4, 0x9A, 0xBC, 0, 0, 9, 0xF0, 0, 1, 0, 1])
    header = (40).to_bytes(4, 'little') + (9).to_bytes(4, 'little') + (5).to_bytes(4, 'little') + b'\1\0\4\0'
    header += (2).to_bytes(4, 'little') + len(data).to_bytes(4, 'little') + bytes(16)
    offset = 14 + len(header) + len(palette)
    return b'BM' + (offset + len(data)).to_bytes(4, 'little') + bytes(4) + offset.to_bytes(4, 'little') + header + palette + data


if __name__ == '__main__':
    assert cv2.__version__ == '4.6.0', cv2.__version__
    for folder in ['jpeg', 'png', 'webp', 'bmp', 'pnm', 'gif', 'tiff']:
        shutil.rmtree(ROOT / folder, ignore_errors=True)
    jpegs()
    others()
    tiffs()
    tiff_jpegs()
    index()
