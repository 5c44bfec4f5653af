"""Makes src/test/resources/golden/checkpoint/*: small files as PyTorch and numpy write them.

usage: python scripts/golden/checkpoints.py        (PyTorch 2.13)
       python scripts/golden/checkpoints.py sgd    (PyTorch 1.13: the file with an optimizer's state)
"""
import collections
import io
import json
import pickle
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch

OUT = Path('src/test/resources/golden/checkpoint')

base = torch.arange(24, dtype=torch.float32)
half = torch.tensor([0.0, 1.5, -2.25, 65504.0, 6e-8, float('inf')])
TENSORS = collections.OrderedDict([
    ('plain', base.reshape(2, 3, 4)),
    ('transposed', base.reshape(4, 6).t()),
    ('channels_last', base.reshape(1, 2, 3, 4).contiguous(memory_format=torch.channels_last)),
    ('offset', base[5:11]),
    ('every_third', base[1::3]),
    ('expanded', torch.tensor([[7.0], [8.0]]).expand(2, 5)),
    ('scalar', torch.tensor(3.5)),
    ('empty', torch.zeros(0, 3)),
    ('parameter', torch.nn.Parameter(torch.tensor([0.25, -0.5]))),
    ('float64', torch.tensor([1e300, -0.1], dtype=torch.float64)),
    ('float16', half.half()),
    ('bfloat16', half.bfloat16()),
    ('int64', torch.tensor([-(2**62), 5])),
    ('int32', torch.tensor([-7, 2**31 - 1], dtype=torch.int32)),
    ('int16', torch.tensor([-300, 300], dtype=torch.int16)),
    ('int8', torch.tensor([-128, 127], dtype=torch.int8)),
    ('uint8', torch.tensor([0, 255], dtype=torch.uint8)),
    ('bool', torch.tensor([True, False])),
])
PLAIN = dict(
    none=None, true=True, small=7, negative=-5, wide=70000, long=2**40, huge=-(2**70), real=2.5, text='grün \U0001f40d',
    raw=b'\x00\xff', items=[1, 'a', []], pair=(1, 2), quad=(1, 2, 3, 4), nested={'a': {'b': [1.5]}}, empty={})
TREE = dict(state_dict=TENSORS, meta=PLAIN)


def expected():
    """Shape, dtype and elements of each tensor, for the test to compare with."""
    return {k: dict(shape=list(t.shape), dtype=str(t.dtype).split('.')[1], values=[str(x) for x in t.flatten().tolist()])
            for k, t in TENSORS.items()}


def deflated(source, target):
    with zipfile.ZipFile(source) as src, zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as dst:
        for name in src.namelist():
            dst.writestr(zipfile.ZipInfo(name), src.read(name), zipfile.ZIP_DEFLATED)


def big_endian(target):
    """The layout of a file that a big-endian machine wrote."""
    data = io.BytesIO()
    torch.save({'x': torch.tensor([1.0, -2.5])}, data)
    with zipfile.ZipFile(data) as src, zipfile.ZipFile(target, 'w') as dst:
        for name in src.namelist():
            b = src.read(name)
            if name.endswith('byteorder'):
                b = b'big'
            if name.endswith('data/0'):
                b = np.frombuffer(b, '<f4').astype('>f4').tobytes()
            dst.writestr(zipfile.ZipInfo(name), b)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    torch.save(TREE, OUT / 'zip.pth')
    torch.save(TREE, OUT / 'legacy.pth', _use_new_zipfile_serialization=False)
    deflated(OUT / 'zip.pth', OUT / 'deflated.pth')
    big_endian(OUT / 'big_endian.pth')
    (OUT / 'expected.json').write_text(json.dumps(expected(), indent=1) + '\n')
    results()
    cifar_batch(OUT / 'data_batch_1')


def sgd():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
    model(torch.ones(2, 1, 4, 4)).sum().backward()
    optimizer.step()
    tree = dict(meta=dict(epoch=1, lr=[0.1]), state_dict=model.state_dict(), optimizer=optimizer.state_dict())
    torch.save(tree, OUT / 'sgd.pth')
    torch.save(tree, OUT / 'sgd_legacy.pth', _use_new_zipfile_serialization=False)


def results():
    for protocol in range(6):
        with open(OUT / f'result_p{protocol}.pkl', 'wb') as f:
            pickle.dump(dict(scores=np.arange(6, dtype='f4').reshape(2, 3) / 4, label=np.array([1, -2]), top=np.float32(0.5),
                             fortran=np.asfortranarray(np.arange(6.0).reshape(2, 3)), big=np.array([1, 256], '>i4'),
                             names=['a', 'é'], count=np.int64(3), ok=np.bool_(True), raw=b'\x01\xfe'), f, protocol)


def cifar_batch(path):
    """Two images as CIFAR's own files hold them: Python 2, protocol 2, byte strings."""
    def s(text):
        b = text.encode() if isinstance(text, str) else text
        return (b'U' + bytes([len(b)]) if len(b) < 256 else b'T' + len(b).to_bytes(4, 'little')) + b
    pixels = bytes(i % 251 for i in range(2 * 3072))
    path.write_bytes(
        b'\x80\x02}q\x01(' + s('batch_label') + s('training batch 1 of 5') + s('labels') + b']q\x02(K\x06K\x09e'
        + s('data') + b'cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04K\x00\x85' + s('b') + b'\x87Rq\x05'
        + b'(K\x01K\x02M\x00\x0c\x86cnumpy\ndtype\nq\x06' + s('u1') + b'K\x00K\x01\x87Rq\x07(K\x03' + s('|')
        + b'NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89' + s(pixels) + b'tb'
        + s('filenames') + b']q\x08(' + s('camion_s_000148.png') + s('b.png') + b'eu.')
    batch = pickle.loads(path.read_bytes(), encoding='latin1')
    assert batch['data'].shape == (2, 3072) and batch['data'].tobytes() == pixels


sgd() if sys.argv[1:] == ['sgd'] else main()
