#!/usr/bin/env python3
"""Golden metrics: more cases than golden/mmcls/metrics.json has, by the functions of mmcls 0.25 themselves.

    python3 scripts/golden/metrics.py MMCLS

where MMCLS is a checkout of mmcls v0.25.0, writes src/test/resources/golden/metric/metrics.json. Made with torch 1.13.0 and
numpy 1.24.2 (newer ones order equal scores otherwise). Scores are |sin(a i)|, rounded to 1/steps where steps is given, rows divided by their sum in float32 where one class is asked for; labels are
b i % classes; marks are 1 where |cos(0.77 i)| > 0.7, 0 elsewhere, and -1 where i % 11 is 3. The calibration error and the
cross entropy, which mmcls lacks, are by their definitions in numpy.
"""

import importlib.util
import json
import os
import sys

import numpy as np

OUT = os.path.join(os.path.dirname(__file__), '..', '..', 'src', 'test', 'resources', 'golden', 'metric', 'metrics.json')


def module(path):
    spec = importlib.util.spec_from_file_location('m', os.path.join(sys.argv[1], 'mmcls', path))
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


accuracy = module('models/losses/accuracy.py').accuracy
evaluation = module('core/evaluation/eval_metrics.py')
mean_ap = module('core/evaluation/mean_ap.py')
performance = module('core/evaluation/multilabel_eval_metrics.py').average_performance


def scores(n, classes, a):
    return np.abs(np.sin(a * np.arange(n * classes))).astype('f4').reshape(n, classes)


def marks(n, classes):
    i = np.arange(n * classes)
    m = (np.abs(np.cos(0.77 * i)) > 0.7).astype(np.int8)
    m[i % 11 == 3] = -1
    return m.reshape(n, classes)


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value.tolist() if hasattr(value, 'tolist') else value


def calibration_error(s, target, bins):
    confidence, prediction = s.max(1).astype('f8'), s.argmax(1)
    edges = np.linspace(0, 1, bins + 1)
    error = 0.
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            error += abs((prediction == target)[inside].mean() - confidence[inside].mean()) * inside.mean()
    return 100 * error


def one_label(n, classes, a, b, topk, thrs):
    s = scores(n, classes, a)
    s /= s.sum(1, keepdims=True, dtype='f4')
    target = b * np.arange(n) % classes
    confusion = evaluation.calculate_confusion_matrix(s, target).numpy()
    present = confusion.sum(1) > 0
    return dict(
        n=n, classes=classes, a=a, b=b, topk=topk, thrs=thrs,
        accuracy=plain(accuracy(s, target, topk=topk, thrs=thrs)),
        macro=plain(evaluation.precision_recall_f1(s, target, thrs=thrs)),
        none=plain(evaluation.precision_recall_f1(s, target, 'none', thrs)),
        support=plain(evaluation.support(s, target)),
        support_none=plain(evaluation.support(s, target, 'none')),
        confusion=plain(confusion),
        balanced=100 * float((np.diag(confusion)[present] / confusion.sum(1)[present]).mean()),
        ece={bins: calibration_error(s, target, bins) for bins in (1, 7, 15)},
        loss=float(-np.log(np.maximum(s[np.arange(n), target].astype('f8'), 2. ** -149)).mean()))


def several_labels(n, classes, a, options, steps=0):
    s = scores(n, classes, a)
    if steps:
        s = np.floor(s * np.float32(steps)) / np.float32(steps)
    m = marks(n, classes)
    hard = s.astype('f8')
    entropy = -np.log(np.maximum(np.where(m == 1, hard, 1 - hard), 2. ** -149))
    return dict(
        n=n, classes=classes, a=a, steps=steps,
        mAP=float(mean_ap.mAP(s, m.copy())),
        performance=[dict(o, values=plain(performance(s, m.copy(), **o))) for o in options],
        loss=float(entropy[m >= 0].mean()))


json.dump(
    dict(
        one_label=[
            one_label(60, 7, 1.37, 3, (1, 2, 5), (0., 0.2, 0.5)),
            one_label(101, 13, 0.91, 5, (1, 5, 13), (0.1,)),
            one_label(9, 2, 2.3, 1, (1, 2), (0., 0.5, 0.75)),
            one_label(50, 20, 0.37, 2, (3,), (0.04, 0.07)),
        ],
        several_labels=[
            several_labels(60, 7, 1.37, [dict(thr=0.1), dict(thr=0.5), dict(k=2), dict(k=7), dict(thr=0.9, k=1)]),
            several_labels(33, 20, 0.61, [{}, dict(k=3), dict(thr=0.999), dict(thr=0.)]),
            several_labels(1, 3, 0.5, [{}, dict(k=1)]),
            several_labels(17, 5, 0.53, [{}, dict(k=2)], 4),
            several_labels(18, 30, 0.53, [{}, dict(k=2)], 4),
            several_labels(700, 40, 0.83, [{}, dict(k=5), dict(thr=0.25)], 8),
        ]),
    open(OUT, 'w'), indent=1)
