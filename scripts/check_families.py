#!/usr/bin/env python3
"""Round trip with PyTorch for a member of every family that 'convert' knows: a state dict with random values, made by
torchvision or timm, is saved by PyTorch, converted by the engine to .pth and .safetensors, and opened by torch.load(weights_only=True)
and by safetensors. Each tensor must be there once, with its values (names differ), and both files must have the same names.

usage: python3 scripts/check_families.py ENGINE… [--only ARCH…]        such as: … java -jar target/engine.jar

Needs PyTorch, torchvision, timm and safetensors; some 2 GB of disk.
"""
import collections
import pathlib
import subprocess
import sys
import tempfile
import types
import zlib

import torch
from safetensors.torch import load_file

sys.modules['torchvision._meta_registrations'] = types.ModuleType('unused')   # a build for another PyTorch does
import timm
import torchvision

MODELS = {
    'torchvision': ['resnet18', 'resnext50_32x4d', 'wide_resnet50_2', 'vgg11_bn', 'alexnet', 'mobilenet_v2', 'mobilenet_v3_small',
                    'shufflenet_v2_x1_0', 'densenet121', 'regnet_x_800mf', 'vit_b_16'],
    'timm': ['resnet50d', 'seresnet50', 'seresnext50_32x4d', 'resnest50d', 'res2net50_26w_8s', 'vgg11_bn', 'mobilenetv2_100',
             'densenet121', 'regnetx_008', 'vit_base_patch16_224'],
}


def sums(state):
    """How often each tensor occurs, by its number of elements and their checksum: shapes may gain or lose ones."""
    return collections.Counter((t.numel(), zlib.crc32(t.detach().contiguous().numpy().tobytes())) for t in state.values())


def check(engine, library, arch, folder):
    torch.manual_seed(zlib.crc32(arch.encode()))
    model = timm.create_model(arch) if library == 'timm' else torchvision.models.get_model(arch, weights=None)
    state = {name: torch.randn_like(t) if t.is_floating_point() else t for name, t in model.state_dict().items()}
    source = folder / 'source.pth'
    torch.save(state, source)
    loaded = []
    for name in ('converted.pth', 'converted.safetensors'):
        target = folder / name
        subprocess.run([*engine, 'convert', '--from', library, str(source), str(target)], check=True, stdout=subprocess.DEVNULL)
        result = load_file(target) if name.endswith('s') else torch.load(target, weights_only=True)
        loaded.append(result['state_dict'] if 'state_dict' in result else result)
    assert sorted(loaded[0]) == sorted(loaded[1]), (library, arch, 'names of .pth and .safetensors differ')
    for result in loaded:
        assert all(name.startswith(('backbone.', 'head.')) for name in result), (library, arch)
        wrong = (sums(state) - sums(result)) + (sums(result) - sums(state))
        assert not wrong, (library, arch, 'tensors that are not in both', wrong)
    print(f'{library} {arch}: {len(state)} tensors')


if __name__ == '__main__':
    at = sys.argv.index('--only') if '--only' in sys.argv else len(sys.argv)
    for library, archs in MODELS.items():
        for arch in archs:
            if at == len(sys.argv) or arch in sys.argv[at:]:
                with tempfile.TemporaryDirectory() as folder:
                    check(sys.argv[1:at], library, arch, pathlib.Path(folder))
