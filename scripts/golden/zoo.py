#!/usr/bin/env python3
"""The published figures of mmcls's zoo, from its metafiles, for the families that Taxon builds.

    python3 scripts/golden/zoo.py MMCLASSIFICATION_0.25_CHECKOUT

writes src/test/resources/golden/mmcls/zoo_0.25.csv: config, FLOPs (multiply-accumulates), parameters. Rows without a
config of ours, and rows that say nothing new (the same config and figures), are left out.
"""

import os
import sys

import yaml

ROOT = os.path.join(os.path.dirname(__file__), '..', '..')


def rows(checkout):
    for family in sorted(os.listdir(os.path.join(checkout, 'configs'))):
        metafile = os.path.join(checkout, 'configs', family, 'metafile.yml')
        if not os.path.exists(metafile):
            continue
        with open(metafile) as f:
            models = yaml.safe_load(f).get('Models', [])
        for model in models:
            if 'Config' not in model or 'FLOPs' not in model['Metadata']:
                continue
            config = model['Config'].split('configs/', 1)[1]
            if os.path.exists(os.path.join(ROOT, 'configs', config)):
                yield config, model['Metadata']['FLOPs'], model['Metadata']['Parameters']


if __name__ == '__main__':
    out = os.path.join(ROOT, 'src', 'test', 'resources', 'golden', 'mmcls', 'zoo_0.25.csv')
    with open(out, 'w') as f:
        f.write('config,FLOPs,parameters\n')
        for row in dict.fromkeys(rows(sys.argv[1])):
            f.write('%s,%d,%d\n' % row)
