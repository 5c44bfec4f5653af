"""Opens files that Taxon wrote with PyTorch's safe loader, .safetensors with their own library, and prints what they find:
keys in order, shapes, dtypes, checksums. Covers checkpoints of a run, published and converted ones.

usage: python scripts/check_torch_load.py FILE...
"""
import sys
import zlib

import torch


def show(value, where):
    if isinstance(value, torch.Tensor):
        raw = bytes(value.detach().contiguous().reshape(-1).view(torch.uint8).tolist()) if value.numel() else b''
        print(f'{where}: {str(value.dtype)[6:]} {tuple(value.shape)} crc32 {zlib.crc32(raw):08x}')
    elif isinstance(value, dict):
        print(f'{where}: {type(value).__name__} of {len(value)}')
        if hasattr(value, '_metadata'):
            print(f'{where}._metadata: {dict(value._metadata)}')
        for key, item in value.items():
            show(item, f'{where}/{key}')
    elif isinstance(value, (list, tuple)):
        print(f'{where}: {type(value).__name__} of {len(value)}')
        for i, item in enumerate(value):
            show(item, f'{where}/{i}')
    else:
        text = repr(value)
        print(f'{where}: {text if len(text) < 100 else text[:100] + "…"}')


# The safe loader of PyTorch 1.13 knows no Python float, so it refuses any file with one, PyTorch's own too.
safe = int(torch.__version__.split('.')[0]) >= 2
print('PyTorch', torch.__version__, 'weights_only' if safe else 'not weights_only')
for path in sys.argv[1:]:
    if path.endswith('.safetensors'):
        from safetensors import safe_open
        with safe_open(path, framework='pt') as file:
            show(file.metadata(), f'{path}/__metadata__')
            show({name: file.get_tensor(name) for name in file.keys()}, path)
        continue
    show(torch.load(path, map_location='cpu', weights_only=safe), path)
