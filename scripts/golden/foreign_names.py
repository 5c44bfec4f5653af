"""Names and shapes of the state dicts of torchvision's and timm's own models.

    python3 foreign_names.py src/test/resources/golden/weights/foreign_names.gz

Writes, for each model, a line "> library architecture config" (the config of ours that it must fit), then "name d0 d1 …" for each
entry, as the library makes it. Made with torchvision 0.28 and timm 1.0.29 on PyTorch 2.13; nothing is downloaded. The
operators of torchvision are not needed, so that a build of another PyTorch does, too.
"""
import gzip
import sys
import types

import torch

sys.modules['torchvision._meta_registrations'] = types.ModuleType('unused')
import timm
import torchvision

TORCHVISION = {
    **{f'resnet{n}': f'resnet/resnet{n}_8xb32_in1k.py' for n in (18, 34, 50, 101, 152)},
    'resnext50_32x4d': 'resnext/resnext50-32x4d_8xb32_in1k.py', 'resnext101_32x8d': 'resnext/resnext101-32x8d_8xb32_in1k.py',
    'wide_resnet50_2': 'wrn/wide-resnet50_8xb32_in1k.py', 'wide_resnet101_2': 'wrn/wide-resnet101_8xb32_in1k.py',
    **{f'vgg{n}{bn}': f'vgg/vgg{n}{bn[1:]}_8xb32_in1k.py' for n in (11, 13, 16, 19) for bn in ('', '_bn')},
    'mobilenet_v2': 'mobilenet_v2/mobilenet-v2_8xb32_in1k.py',
    'mobilenet_v3_small': 'mobilenet_v3/mobilenet-v3-small_8xb32_in1k.py',
    'mobilenet_v3_large': 'mobilenet_v3/mobilenet-v3-large_8xb32_in1k.py',
    'shufflenet_v2_x1_0': 'shufflenet_v2/shufflenet-v2-1x_16xb64_in1k.py',
    **{f'densenet{n}': f'densenet/densenet{n}_4xb256_in1k.py' for n in (121, 161, 169, 201)},
    'regnet_x_400mf': 'regnet/regnetx-400mf_8xb128_in1k.py', 'regnet_x_800mf': 'regnet/regnetx-800mf_8xb128_in1k.py',
    'regnet_x_1_6gf': 'regnet/regnetx-1.6gf_8xb128_in1k.py', 'regnet_x_3_2gf': 'regnet/regnetx-3.2gf_8xb64_in1k.py',
    'regnet_x_8gf': 'regnet/regnetx-8.0gf_8xb64_in1k.py',
    'vit_b_16': 'vision_transformer/vit-base-p16_pt-64xb64_in1k-224.py',
    'vit_b_32': 'vision_transformer/vit-base-p32_pt-64xb64_in1k-224.py',
    'vit_l_16': 'vision_transformer/vit-large-p16_pt-64xb64_in1k-224.py',
    'vit_l_32': 'vision_transformer/vit-large-p32_pt-64xb64_in1k-224.py',
}
TIMM = {
    **{f'resnet{n}': f'resnet/resnet{n}_8xb32_in1k.py' for n in (18, 34, 50, 101, 152)},
    **{f'resnet{n}d': f'resnet/resnetv1d{n}_8xb32_in1k.py' for n in (50, 101, 152)},
    **{f'resnet{n}c': f'resnet/resnetv1c{n}_8xb32_in1k.py' for n in (50, 101, 152)},
    'resnext50_32x4d': 'resnext/resnext50-32x4d_8xb32_in1k.py', 'resnext101_32x4d': 'resnext/resnext101-32x4d_8xb32_in1k.py',
    'wide_resnet50_2': 'wrn/wide-resnet50_timm_8xb32_in1k.py',
    'seresnet50': 'seresnet/seresnet50_8xb32_in1k.py', 'seresnet101': 'seresnet/seresnet101_8xb32_in1k.py',
    'seresnext50_32x4d': 'seresnet/seresnext50-32x4d_8xb32_in1k.py',
    'seresnext101_32x4d': 'seresnet/seresnext101-32x4d_8xb32_in1k.py',
    'resnest50d': 'resnest/resnest50_32xb64_in1k.py', 'resnest101e': 'resnest/resnest101_32xb64_in1k.py',
    'resnest200e': 'resnest/resnest200_64xb32_in1k.py',
    'res2net50_26w_8s': 'res2net/res2net50-w26-s8_8xb32_in1k.py', 'res2net50_14w_8s': 'res2net/res2net50-w14-s8_8xb32_in1k.py',
    'res2net101_26w_4s': 'res2net/res2net101-w26-s4_8xb32_in1k.py',
    **{f'vgg{n}{bn}': f'vgg/vgg{n}{bn[1:]}_8xb32_in1k.py' for n in (11, 13, 16, 19) for bn in ('', '_bn')},
    'mobilenetv2_100': 'mobilenet_v2/mobilenet-v2_8xb32_in1k.py',
    **{f'densenet{n}': f'densenet/densenet{n}_4xb256_in1k.py' for n in (121, 161, 169, 201)},
    'regnetx_004': 'regnet/regnetx-400mf_8xb128_in1k.py', 'regnetx_008': 'regnet/regnetx-800mf_8xb128_in1k.py',
    'regnetx_016': 'regnet/regnetx-1.6gf_8xb128_in1k.py', 'regnetx_032': 'regnet/regnetx-3.2gf_8xb64_in1k.py',
    'regnetx_040': 'regnet/regnetx-4.0gf_8xb64_in1k.py', 'regnetx_064': 'regnet/regnetx-6.4gf_8xb64_in1k.py',
    'regnetx_080': 'regnet/regnetx-8.0gf_8xb64_in1k.py', 'regnetx_120': 'regnet/regnetx-12gf_8xb64_in1k.py',
    'vit_base_patch16_224': 'vision_transformer/vit-base-p16_pt-64xb64_in1k-224.py',
    'vit_base_patch16_384': 'vision_transformer/vit-base-p16_ft-64xb64_in1k-384.py',
    'vit_base_patch32_384': 'vision_transformer/vit-base-p32_ft-64xb64_in1k-384.py',
    'vit_large_patch16_224': 'vision_transformer/vit-large-p16_pt-64xb64_in1k-224.py',
    'vit_large_patch16_384': 'vision_transformer/vit-large-p16_ft-64xb64_in1k-384.py',
    'vit_large_patch32_384': 'vision_transformer/vit-large-p32_ft-64xb64_in1k-384.py',
}


def lines():
    for library, models, make in [('torchvision', TORCHVISION, torchvision.models.get_model), ('timm', TIMM, timm.create_model)]:
        for arch, config in models.items():
            options = {} if library == 'timm' else dict(weights=None)
            model = make(arch, **options)
            yield f'> {library} {arch} {config}\n'
            for name, tensor in model.state_dict().items():
                yield ' '.join([name] + [str(n) for n in tensor.shape]) + '\n'


if __name__ == '__main__':
    for name in ('normal_', 'uniform_', 'trunc_normal_'):   # values do not matter, and take time
        setattr(torch.Tensor if name != 'trunc_normal_' else torch.nn.init, name, lambda tensor, *_, **__: tensor)
    with open(sys.argv[1], 'wb') as file:
        file.write(gzip.compress(''.join(lines()).encode(), 9, mtime=0))
