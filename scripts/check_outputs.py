#!/usr/bin/env python3
"""Opens what `engine test --out` wrote with Python's own tools, and compares the formats with each other.

    engine test CONFIG CKPT --metrics accuracy support --metric-options average_mode=none --out r.pkl   (also .json .yaml .csv)
    python3 scripts/check_outputs.py r.pkl r.json r.yaml r.csv

    engine train CONFIG --cfg-options "log_config.hooks=[dict(type='TextLoggerHook'),dict(type='TensorboardLoggerHook')]"
    python3 scripts/check_outputs.py WORK_DIR/tf_logs/events.out.tfevents.*

Needs NumPy, PyYAML for .yaml, and tensorboard for event files. Says what each file holds, and ends with an error if one does
not load by pickle.load, json.load, yaml.safe_load, csv.reader or TensorBoard's EventAccumulator, if a type is not mmcls's, if
two results differ, or if an event file lacks mmcv's tags or a step of one of them.
"""

import csv
import json
import os
import pickle
import sys

import numpy as np

TYPES = dict(class_scores=np.float32, pred_score=np.float32, pred_label=np.int64)


def load(path):
    if path.endswith(('.pkl', '.pickle')):
        with open(path, 'rb') as file:
            result = pickle.load(file)
        for key, dtype in TYPES.items():
            if key in result:
                assert isinstance(result[key], np.ndarray) and result[key].dtype == dtype, (path, key)
        return result
    if path.endswith('.json'):
        with open(path) as file:
            return json.load(file)
    if path.endswith(('.yaml', '.yml')):
        import yaml
        with open(path) as file:
            return yaml.safe_load(file)
    with open(path, newline='', encoding='utf-8') as file:
        rows = list(csv.reader(file))
    assert all(len(row) == len(rows[0]) for row in rows), path
    columns = dict(zip(rows[0], zip(*rows[1:])))
    result = {}
    if 'pred_label' in columns:
        result['pred_label'] = [int(x) for x in columns['pred_label']]
    if 'pred_score' in columns:
        result['pred_score'] = [float(x) for x in columns['pred_score']]
    if 'pred_class' in columns:
        result['pred_class'] = list(columns['pred_class'])
    scores = [list(map(float, c)) for name, c in columns.items() if name.startswith('score_')]
    if scores:
        result['class_scores'] = np.array(scores).T
    return result


def check_events(path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    events = EventAccumulator(path, size_guidance=dict(scalars=0))
    events.Reload()
    tags = events.Tags()['scalars']
    assert {'train/loss', 'learning_rate', 'momentum'} <= set(tags), (path, tags)
    steps = [event.step for event in events.Scalars('learning_rate')]
    assert steps == sorted(set(steps)) and steps[0] > 0, (path, steps)
    for tag in tags:
        own = [event.step for event in events.Scalars(tag)]
        assert set(own) <= set(steps) and own == sorted(set(own)), (path, tag, own)
    print(path, {tag: (len(events.Scalars(tag)), events.Scalars(tag)[-1].value) for tag in tags})


def same(a, b):
    if isinstance(a, (list, np.ndarray)) and len(a) and isinstance(a[0], str):
        return list(a) == list(b)
    return np.array_equal(np.asarray(a, dtype='f8'), np.asarray(b, dtype='f8'))


first = None
for name in sys.argv[1:]:
    if os.path.basename(name).startswith('events.out.tfevents'):
        check_events(name)
        continue
    loaded = load(name)
    print(name, {k: np.shape(v) if not isinstance(v, (int, float)) else v for k, v in loaded.items()})
    if first is None:
        first = loaded
    for key in loaded.keys() & first.keys():
        assert same(first[key], loaded[key]), (sys.argv[1], name, key)
print('all equal')
