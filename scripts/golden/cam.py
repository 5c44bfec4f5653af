#!/usr/bin/env python3
"""Golden class activation maps, from hooks on PyTorch models in float64 and OpenCV 4.6.

    python3 scripts/golden/cam.py

writes src/test/resources/golden/cam.json. Models, weights and input are those of training.py by the formula "hash":
resnet18_cifar and vision_transformer, the first image of batch 0, in evaluation mode. Maps are what pytorch-grad-cam's
formulas give: for each layer the weighted values summed over channels (or their first principal component), cut off below
0, scaled to [0, 1], resized bilinearly; then the mean of layers, scaled again. "jet" is OpenCV's table, (256, BGR);
"overlay" is show_cam_on_image of the first map and a picture whose pixel i (H, W, BGR) is (37 i) mod 256.

The sign of a principal component is chosen so that it agrees with the sum over channels (pytorch-grad-cam takes the sign
that LAPACK happens to give).
"""

import json
import os

import cv2
import numpy as np
import torch

import training

OUT = os.path.join(os.path.dirname(__file__), '..', '..', 'src', 'test', 'resources', 'golden', 'cam.json')
LABEL = 7
CASES = [  # model, layers, method, eigen smooth
    ('resnet18_cifar', ['backbone.layer4.1.bn2'], 'GradCAM', False),
    ('resnet18_cifar', ['backbone.layer3.0.conv1'], 'GradCAM', False),
    ('resnet18_cifar', ['backbone.layer3.1'], 'GradCAM++', False),
    ('resnet18_cifar', ['backbone.layer3.1'], 'XGradCAM', False),
    ('resnet18_cifar', ['backbone.layer3.1'], 'EigenCAM', False),
    ('resnet18_cifar', ['backbone.layer3.0.bn2'], 'EigenGradCAM', False),
    ('resnet18_cifar', ['backbone.layer2.1'], 'LayerCAM', False),
    ('resnet18_cifar', ['backbone.layer2.1.conv2'], 'GradCAM', True),
    ('resnet18_cifar', ['backbone.layer2', 'backbone.layer3'], 'LayerCAM', False),
    ('vision_transformer', ['backbone.layers.1.ln1'], 'GradCAM', False),
    ('vision_transformer', ['backbone.layers.0'], 'LayerCAM', False),
]


def module(model, name):
    for part in name.split('.'):
        model = getattr(model, part)
    return model


def as_maps(t):
    """(1, C, H, W) as it is; tokens (1, 1 + H W, C) without the class token."""
    t = t.detach().numpy()[0]
    if t.ndim == 3:
        return t
    side = int(len(t[1:]) ** 0.5)
    return t[1:].T.reshape(-1, side, side)


def component(weighted):
    rows = weighted.reshape(len(weighted), -1).T
    rows = rows - rows.mean(0)
    projection = rows @ np.linalg.svd(rows, full_matrices=False)[2][0]
    if projection @ rows.sum(1) < 0:
        projection = -projection
    return projection.reshape(weighted.shape[1:])


def layer_map(a, g, method, smooth):
    sums = a.sum((1, 2), keepdims=True)
    if method == 'GradCAM':
        weighted = g.mean((1, 2), keepdims=True) * a
    elif method == 'GradCAM++':
        alpha = np.where(g != 0, g**2 / (2 * g**2 + sums * g**3 + 1e-6), 0)
        weighted = (np.maximum(g, 0) * alpha).sum((1, 2), keepdims=True) * a
    elif method == 'XGradCAM':
        weighted = (g * a / (sums + 1e-7)).sum((1, 2), keepdims=True) * a
    elif method == 'LayerCAM':
        weighted = np.maximum(g, 0) * a
    else:
        weighted = a if method == 'EigenCAM' else g * a
        smooth = True
    return component(weighted) if smooth else weighted.sum(0)


def scale(m):
    m = m - m.min()
    return m / (1e-7 + m.max())


def explain(model, x, layers, method, smooth):
    kept = {}
    hooks = []
    for name in layers:
        def keep(_, __, output, name=name):
            output.retain_grad()
            kept[name] = output
        hooks.append(module(model, name).register_forward_hook(keep))
    logits = model(x)
    model.zero_grad()
    logits[0, LABEL].backward()
    for hook in hooks:
        hook.remove()
    maps = []
    for name in layers:
        m = np.maximum(layer_map(as_maps(kept[name]), as_maps(kept[name].grad), method, smooth), 0)
        maps.append(cv2.resize(np.float32(scale(m)), (x.shape[3], x.shape[2])))
    return scale(np.maximum(np.mean(maps, 0), 0)), logits.detach().numpy()[0]


def main():
    cases = []
    for name, layers, method, smooth in CASES:
        make = training.RUNS[name][0]
        model = make().eval()
        with torch.no_grad():
            training.fill(model, training.hash_weight)
        model = model.double()
        x = training.hash_batch(0)[0][:1].double()
        heat, logits = explain(model, x, layers, method, smooth)
        cases.append({
            'model': name, 'layers': layers, 'method': method, 'eigen_smooth': smooth, 'label': LABEL,
            'logits': [float('%.9g' % v) for v in logits], 'map': [float('%.6f' % v) for v in heat.ravel()]})
        print(name, layers, method, heat.mean(), (heat > 0.5).mean())
    jet = cv2.applyColorMap(np.arange(256, dtype=np.uint8).reshape(-1, 1), cv2.COLORMAP_JET)[:, 0]
    first = np.array(cases[0]['map'], np.float32).reshape(32, 32)
    picture = (37 * np.arange(32 * 32 * 3) % 256).astype(np.uint8).reshape(32, 32, 3)
    heat = np.float32(cv2.applyColorMap(np.uint8(255 * first), cv2.COLORMAP_JET)) / 255
    mixed = 0.5 * heat + 0.5 * np.float32(picture) / 255
    overlay = np.uint8(255 * (mixed / mixed.max()))
    golden = {'cases': cases, 'jet': jet.tolist(), 'overlay': overlay.ravel().tolist()}
    with open(OUT, 'w') as f:
        json.dump(golden, f, separators=(',', ':'))
        f.write('\n')


if __name__ == '__main__':
    main()
