#!/usr/bin/env python3
"""Small files in CIFAR's two forms, the same three images in each; the pickles as Python 2 wrote them.

usage: cifar.py OUT_DIR
Image i: byte j is (7 i + j) mod 251; labels 3, 0, 9; fine labels 99, 0, 42; coarse labels 1, 2, 3.
"""
import io, pathlib, pickle, struct, sys
import numpy as np

class Python2Pickler(pickle._Pickler):
    """Writes bytes and str as Python 2's str: the opcodes BINSTRING and SHORT_BINSTRING."""
    dispatch = dict(pickle._Pickler.dispatch)
    def save_string(self, s):
        raw = s.encode("latin1") if isinstance(s, str) else s
        self.write(b"U" + bytes([len(raw)]) + raw if len(raw) < 256 else b"T" + struct.pack("<i", len(raw)) + raw)
        self.memoize(s)
    dispatch[bytes] = dispatch[str] = save_string

def python2(value):
    out = io.BytesIO()
    Python2Pickler(out, protocol=2).dump(value)
    return out.getvalue().replace(b"numpy._core.multiarray", b"numpy.core.multiarray")

def main(folder):
    folder = pathlib.Path(folder)
    data = ((7 * np.arange(3)[:, None] + np.arange(3072)[None]) % 251).astype(np.uint8)
    labels, fine, coarse = [3, 0, 9], [99, 0, 42], [1, 2, 3]
    (folder / "cifar10_batch").write_bytes(python2({"batch_label": "testing batch 1 of 1", "labels": labels, "data": data, "filenames": ["a.png", "b.png", "c.png"]}))
    (folder / "cifar100_train").write_bytes(python2({"filenames": ["a.png", "b.png", "c.png"], "batch_label": "training batch 1 of 1", "fine_labels": fine, "coarse_labels": coarse, "data": data}))
    (folder / "cifar10_batch.bin").write_bytes(b"".join(bytes([l]) + d.tobytes() for l, d in zip(labels, data)))
    (folder / "cifar100_train.bin").write_bytes(b"".join(bytes([c, l]) + d.tobytes() for c, l, d in zip(coarse, fine, data)))
    evil = b"cos\nsystem\n(S'echo hello'\ntR."
    (folder / "evil_batch").write_bytes(evil)

if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else sys.exit(__doc__)
