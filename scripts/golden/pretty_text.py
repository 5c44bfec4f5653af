"""Makes src/test/resources/golden/config/pretty_text.py: configs as mmcv 1.7 prints them.

mmcv writes each value by a short rule and hands the text to yapf (here 0.32, Debian's python3-yapf). The rule is written
out again below; the trees are random but seeded, of the kinds that configs hold. Run: python3 scripts/golden/pretty_text.py
"""
import os
import random

from yapf.yapflib.yapf_api import FormatCode

STYLE = dict(
    based_on_style='pep8',
    blank_line_before_nested_class_or_def=True,
    split_before_expression_after_opening_paren=True)


def entry(key, value, mapping):
    return f'{key!r}: {value}' if mapping else f'{key}={value}'


def value_text(value):
    if isinstance(value, dict):
        return f'dict({body(value)})'
    if isinstance(value, list) and all(isinstance(v, dict) for v in value):
        return '[' + ','.join(f'dict({body(v)})' for v in value) + ']'
    return f"'{value}'" if isinstance(value, str) else str(value)


def body(tree):
    mapping = not all(str(key).isidentifier() for key in tree)
    text = ','.join(entry(k, value_text(v), mapping) for k, v in tree.items())
    return '{' + text + '}' if mapping else text


def pretty_text(tree):
    text = '\n'.join(f'{key} = {value_text(value)}' for key, value in tree.items())
    return FormatCode(text, style_config=STYLE, verify=True)[0]


NAMES = ['type', 'depth', 'in_channels', 'out_indices', 'norm_cfg', 'loss', 'lr', 'data_prefix', 'pipeline', 'a', 'k2',
         'samples_per_gpu', 'hyperparameters_for_something_long', 'policies', 'keys']
KEYS = NAMES + ['.cls_token', 'backbone.layers.0', '1', 'pos embed', 'head-fc']
TEXTS = ['ResNet', 'ImageClassifier', 'SGD', 'data/imagenet/train', 'x', '', 'accuracy', 'LoadImageFromFile',
         'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth', "naïve ü"]


def scalar(rng):
    kind = rng.randrange(6)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind == 1:
        return rng.choice([0, 1, -1, 32, 224, 1000, -20, 1281167])
    if kind == 2:
        return rng.choice([0.1, 1e-05, 123.675, -0.9, 1.0, 6.103515625e-05, 1e+16, 0.02])
    return rng.choice(TEXTS)


def tree(rng, depth, fan):
    kind = rng.randrange(10)
    if depth == 0 or kind < 4:
        return scalar(rng)
    size = rng.choice([0, 1, 1, 2, 2, 3, fan])
    if kind < 7:
        keys = rng.sample(NAMES if rng.random() < 0.8 else KEYS, size)
        return {k: tree(rng, depth - 1, fan) for k in keys}
    if kind == 7:
        return [dict(type=rng.choice(TEXTS), **{k: tree(rng, depth - 1, 2) for k in rng.sample(NAMES[1:], 2)})
                for _ in range(size)]
    items = [tree(rng, depth - 1, fan) for _ in range(size)]
    return tuple(items) if kind == 8 else items


def main():
    rng = random.Random(20210)
    cases = [{'x': tree(rng, 1 + i % 5, 3 + i % 6)} for i in range(400)]
    cases = [c for c in cases if len(str(c)) > 60]
    folder = os.path.join(os.path.dirname(__file__), '../../src/test/resources/golden/config')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'pretty_text.py'), 'w', encoding='utf-8') as out:
        out.write(''.join(pretty_text(case) + '# ----\n' for case in cases))


if __name__ == '__main__':
    main()
