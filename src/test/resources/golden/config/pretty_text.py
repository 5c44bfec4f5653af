x = (1000, 'SGD', 224, 6.103515625e-05, 'SGD', 1e+16, 'accuracy',
     'ImageClassifier')
# ----
x = dict(
    loss='naïve ü',
    keys=0.02,
    k2=({
        'k2': False
    }, {
        'depth': 'SGD',
        'lr': 1e+16
    }, {
        'data_prefix': -20
    }, ('LoadImageFromFile', 0.1)),
    policies='data/imagenet/train')
# ----
x = ({
    'keys': [{
        'policies': [{
            'type': 'SGD',
            'depth': 1e-05,
            'hyperparameters_for_something_long': 'x'
        }, {
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'loss': None,
            'keys': 'accuracy'
        }, {
            'type': 'data/imagenet/train',
            'samples_per_gpu': '',
            'norm_cfg': 'x'
        }],
        'k2':
        'ImageClassifier'
    }],
    'samples_per_gpu': [{
        'type': 'accuracy',
        'depth': {
            'k2': [{
                'type': 'ResNet',
                'loss': 0.1,
                'in_channels': True
            }, {
                'type': 'LoadImageFromFile',
                'lr': '',
                'in_channels': 1e+16
            }]
        },
        'a': [True]
    }, {
        'type': 'naïve ü',
        'norm_cfg': 'x',
        'data_prefix': ['accuracy', ('naïve ü', 1e-05)]
    }],
    'k2': [],
    'data_prefix':
    -0.9,
    'policies': {
        'pos embed': {
            'samples_per_gpu': [],
            'lr': (123.675, 0.1)
        },
        '.cls_token': ({
            'in_channels': 'LoadImageFromFile'
        }, (None, 'ImageClassifier',
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
            )),
        'lr': {
            'type': ['data/imagenet/train']
        },
        'hyperparameters_for_something_long': (),
        'depth': {},
        'type': {
            'in_channels':
            'accuracy',
            'pipeline': [{
                'type':
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                'depth': 123.675,
                'a': 1e+16
            }]
        }
    },
    'pipeline': [{
        'type': 'LoadImageFromFile',
        'norm_cfg': None,
        'data_prefix': False
    }]
}, True)
# ----
x = [dict(type='ResNet', lr=[], loss=6.103515625e-05)]
# ----
x = [
    dict(
        type='naïve ü',
        lr=('data/imagenet/train', 1.0),
        samples_per_gpu=dict(
            data_prefix=dict(k2='naïve ü', pipeline='ResNet'),
            norm_cfg=dict())),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        loss=dict(norm_cfg=dict(), type=(-0.9, 'accuracy')),
        depth=[
            dict(
                type='ResNet',
                out_indices='x',
                lr=dict(hyperparameters_for_something_long='SGD'))
        ])
]
# ----
x = [
    dict(
        type='data/imagenet/train',
        depth=dict(
            in_channels=dict(
                loss=dict(policies='x'),
                type=
                ('https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                 ))),
        hyperparameters_for_something_long=([{
            'hyperparameters_for_something_long':
            'data/imagenet/train',
            '.cls_token':
            ''
        }, 32, []], (0.02, [{
            'type': 'data/imagenet/train',
            'policies': 'SGD',
            'out_indices': 0
        }, {
            'type': 'accuracy',
            'k2': '',
            'norm_cfg': True
        }]), {
            'keys': {},
            'type': [{
                'type': 'data/imagenet/train',
                'norm_cfg': 'naïve ü',
                'out_indices': 1281167
            }]
        })),
    dict(
        type='data/imagenet/train',
        loss='ResNet',
        keys=dict(
            keys=[dict(pipeline='SGD', data_prefix=None, a='SGD')],
            in_channels=0.02)),
    dict(
        type='ImageClassifier',
        norm_cfg='naïve ü',
        out_indices=dict(in_channels=[[''], {
            'out_indices': 'accuracy',
            'loss': 0.1
        }]))
]
# ----
x = [
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        lr=[dict(type='naïve ü', norm_cfg=1.0, depth=dict(policies=1000))],
        out_indices=dict({
            'head-fc':
            224,
            '1':
            dict(
                samples_per_gpu=[
                    dict(
                        type=
                        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                        hyperparameters_for_something_long='LoadImageFromFile',
                        data_prefix=None)
                ],
                depth=dict(out_indices='LoadImageFromFile'))
        })),
    dict(
        type='accuracy',
        samples_per_gpu=[],
        keys=dict(type=dict(depth=[]), k2=1e+16)),
    dict(type='', lr='LoadImageFromFile', k2=dict(pipeline=1e-05, k2=True)),
    dict(
        type='LoadImageFromFile',
        norm_cfg='ImageClassifier',
        depth=dict(type='data/imagenet/train')),
    dict(
        type='SGD',
        out_indices=[False, ((1.0, ), ), 1281167],
        policies=[{
            'in_channels': 0.1
        }, 'data/imagenet/train']),
    dict(
        type='x',
        pipeline=[
            dict(
                type='LoadImageFromFile',
                out_indices=[('x', ), {
                    'pipeline': 'data/imagenet/train',
                    'policies': 1e-05,
                    'loss': -20
                }, {
                    'policies': False,
                    'lr': 1.0
                }],
                lr=[
                    dict(
                        type='SGD',
                        k2='ImageClassifier',
                        policies=[
                            dict(type='ResNet', k2=32, policies=True),
                            dict(
                                type='',
                                policies='accuracy',
                                hyperparameters_for_something_long='naïve ü')
                        ])
                ]),
            dict(
                type=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                k2=1000,
                pipeline=None)
        ],
        samples_per_gpu=({}, )),
    dict(
        type='LoadImageFromFile',
        depth=({
            'pipeline': {
                'in_channels': 'accuracy'
            },
            'a': 'accuracy',
            'loss': ('x', 'x')
        }, None),
        a=dict()),
    dict(type='x', keys=[-20], norm_cfg='data/imagenet/train')
]
# ----
x = [dict(type='x', keys='accuracy', data_prefix='ResNet')]
# ----
x = [
    dict(
        type='ImageClassifier',
        hyperparameters_for_something_long='LoadImageFromFile',
        depth=1.0),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        loss='ResNet',
        keys=32)
]
# ----
x = dict(data_prefix=224, pipeline=6.103515625e-05, norm_cfg='x')
# ----
x = dict(
    out_indices=({
        'hyperparameters_for_something_long': 'naïve ü',
        'pipeline': 1.0
    }, {
        '1': 'SGD',
        'hyperparameters_for_something_long': []
    }, [{}, {}], {
        'samples_per_gpu': False
    }, 'ImageClassifier', (([0, 'accuracy'], {
        'lr': 'SGD'
    }), ), 0, [{
        'type': 'data/imagenet/train',
        'loss': True,
        'pipeline': 'ResNet'
    }]),
    pipeline=(1e-05, {
        'k2': 'x',
        'keys': 224,
        'a': 32
    }),
    type='ResNet')
# ----
x = [dict(type='accuracy', pipeline=6.103515625e-05, keys=None)]
# ----
x = dict(
    samples_per_gpu=[
        dict(
            hyperparameters_for_something_long='naïve ü',
            pipeline=(-1, 'naïve ü'),
            out_indices='accuracy',
            depth=dict(keys='x', out_indices='LoadImageFromFile'),
            in_channels=6.103515625e-05,
            k2=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
        )
    ],
    a=('', '', [{
        'type': 'x',
        'samples_per_gpu': (),
        'in_channels': {
            'pipeline': '',
            'head-fc': 0.1
        }
    }, {
        'type':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'pipeline': {
            'loss': -1,
            'pipeline': 0.1
        },
        'loss': ['SGD', 'accuracy']
    }, {
        'type': 'data/imagenet/train',
        'k2': [],
        'keys': False
    }, {
        'type': 'ImageClassifier',
        'lr': None,
        'norm_cfg': {}
    }, {
        'type': 'accuracy',
        'samples_per_gpu': {},
        'pipeline': {
            'norm_cfg': 1000
        }
    }, {
        'type':
        'SGD',
        'lr':
        32,
        'samples_per_gpu': [{
            'type': 'data/imagenet/train',
            'data_prefix': 'ResNet',
            'a': 1e+16
        }, {
            'type': '',
            'lr': 'SGD',
            'loss': -20
        }, {
            'type':
            'accuracy',
            'loss':
            123.675,
            'hyperparameters_for_something_long':
            'ImageClassifier'
        }]
    }]),
    k2=[
        dict(
            type='x',
            a='SGD',
            hyperparameters_for_something_long=({
                'type': 1e+16
            }, )),
        dict(
            type='x',
            keys=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            out_indices=dict(
                depth=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                norm_cfg=''))
    ])
# ----
x = [
    dict(type='accuracy', in_channels=('', ), samples_per_gpu=None),
    dict(type='', hyperparameters_for_something_long='x', loss=(0.02, 'x')),
    dict(
        type='ImageClassifier',
        in_channels=dict(in_channels='data/imagenet/train'),
        k2=[dict(type='ImageClassifier', norm_cfg='x', loss='SGD')])
]
# ----
x = ({
    'depth': [{
        'type': '',
        'a': None,
        'hyperparameters_for_something_long': True
    }, {
        'type': 'LoadImageFromFile',
        'in_channels': True,
        'loss': 'x'
    }, {
        'type':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'out_indices': -1,
        'a': 0.1
    }, {
        'type': 'accuracy',
        'policies': -0.9,
        'pipeline': 1
    }],
    'norm_cfg': {
        'policies': 0.02
    },
    'samples_per_gpu':
    'x'
}, 'naïve ü')
# ----
x = dict(
    out_indices=0,
    type='naïve ü',
    k2=False,
    keys=dict(norm_cfg=0, lr=1, policies=-20),
    a='ResNet',
    loss='naïve ü')
# ----
x = dict(in_channels=32, k2=[32], pipeline=['ResNet', -1], keys=None)
# ----
x = ([{
    'type': 'LoadImageFromFile',
    'samples_per_gpu': {
        'depth': {
            'out_indices': {},
            'samples_per_gpu': {
                'data_prefix': False
            }
        },
        'type': []
    },
    'out_indices': {
        'in_channels':
        'ResNet',
        'depth': ({
            'loss': True,
            'a': 'accuracy'
        }, {
            'loss': 6.103515625e-05
        }, {
            'a': 1e+16
        }),
        'data_prefix':
        'SGD'
    }
}, {
    'type':
    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
    'norm_cfg': [[{
        'type':
        '',
        'loss':
        1e+16,
        'hyperparameters_for_something_long': [{
            'type':
            'accuracy',
            'hyperparameters_for_something_long':
            'data/imagenet/train',
            'lr':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
        }, {
            'type':
            'SGD',
            'k2':
            True,
            'hyperparameters_for_something_long':
            1.0
        }]
    }, {
        'type': 'naïve ü',
        'a': {
            'samples_per_gpu': 0,
            'depth': 'data/imagenet/train'
        },
        'k2': {
            'norm_cfg': 0.1
        }
    }, {
        'type': 'x',
        'lr': {
            'norm_cfg': 224
        },
        'samples_per_gpu': {
            'lr': 'SGD',
            'data_prefix': 1e-05
        }
    }],
                 [{
                     'type': 'accuracy',
                     'lr': 'accuracy',
                     'depth': {
                         'backbone.layers.0': -20
                     }
                 }, {
                     'type': 'data/imagenet/train',
                     'pipeline': ['accuracy', 'data/imagenet/train'],
                     'out_indices': 'accuracy'
                 }, {
                     'type': 'accuracy',
                     'norm_cfg': {
                         'in_channels': 'SGD',
                         'policies': 0.02
                     },
                     'samples_per_gpu': (1e-05, )
                 }]],
    'pipeline': {
        'k2': [[32, 'SGD']],
        'type': None
    }
}, {
    'type': 'LoadImageFromFile',
    'keys': 'x',
    'depth': 1e-05
}], ([], [[{
    'type': 'LoadImageFromFile',
    'lr': 1e+16,
    'pipeline': {
        'pipeline': 'accuracy'
    }
}, {
    'type': 'LoadImageFromFile',
    'hyperparameters_for_something_long': 6.103515625e-05,
    'in_channels': 'x'
}, {
    'type': 'ImageClassifier',
    'in_channels': 'SGD',
    'depth': -1
}, {
    'type':
    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
    'data_prefix': None,
    'hyperparameters_for_something_long': 123.675
}, {
    'type': 'SGD',
    'lr': {
        'backbone.layers.0': False
    },
    'a': 'data/imagenet/train'
}], [], 'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
          ]))
# ----
x = dict(
    a=[
        dict(type='x', pipeline=None, k2='LoadImageFromFile'),
        dict(type='accuracy', loss='ResNet', pipeline='ResNet')
    ],
    data_prefix=-20,
    in_channels=1.0)
# ----
x = dict({
    'pos embed':
    dict(k2=1e+16, lr=1e-05),
    'in_channels':
    'data/imagenet/train',
    'backbone.layers.0':
    'accuracy',
    '.cls_token':
    dict(
        k2=('SGD', True),
        out_indices=[
            dict(type='x', policies='', keys='SGD'),
            dict(type='accuracy', data_prefix=True, policies=True),
            dict(
                type='accuracy',
                keys='data/imagenet/train',
                policies='ImageClassifier')
        ],
        a=(6.103515625e-05, 123.675),
        depth=[
            'ResNet', True, 'naïve ü',
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'SGD',
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            1.0, 0
        ],
        samples_per_gpu=dict(depth=6.103515625e-05, policies=None),
        pipeline=[
            dict(
                type='accuracy',
                pipeline=6.103515625e-05,
                hyperparameters_for_something_long=-1),
            dict(type='naïve ü', policies=0.02, norm_cfg='x'),
            dict(type='accuracy', policies=0.1, k2=-20),
            dict(type='', keys=-20, loss='naïve ü'),
            dict(
                type='SGD',
                k2=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                lr='LoadImageFromFile'),
            dict(
                type='SGD',
                out_indices=123.675,
                samples_per_gpu='data/imagenet/train'),
            dict(type='naïve ü', loss='SGD', policies='LoadImageFromFile'),
            dict(type='LoadImageFromFile', lr='naïve ü', samples_per_gpu=224)
        ],
        policies=False,
        type=[1e+16, 'data/imagenet/train']),
    'policies':
    1281167,
    'out_indices':
    1e-05,
    'k2': (-20, True),
    '1':
    dict()
})
# ----
x = dict(
    norm_cfg=True,
    pipeline=dict(),
    data_prefix=['x', 0.02],
    keys='ResNet',
    a=1000,
    hyperparameters_for_something_long='naïve ü')
# ----
x = ('SGD', [
    None, {
        'in_channels': None,
        'keys': None,
        'hyperparameters_for_something_long': None,
        'pipeline': -20,
        'policies': -0.9,
        'data_prefix': True,
        'norm_cfg': ''
    }, [-1, 'accuracy']
])
# ----
x = dict(
    lr=([{
        'type':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'k2': 32,
        'out_indices': {
            'policies': 1000,
            'data_prefix': 'LoadImageFromFile',
            'k2': -1
        }
    }, {
        'type':
        'SGD',
        'k2':
        'accuracy',
        'norm_cfg':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
    }], ))
# ----
x = dict(
    in_channels=[1000, {}, 1.0],
    depth=dict(
        type='LoadImageFromFile',
        loss=dict(
            pipeline=-20,
            depth=[dict(type='ResNet', a=[], loss=dict(data_prefix=False))]),
        k2=[]),
    data_prefix=1)
# ----
x = ([], [None, 32], {
    'norm_cfg': 'LoadImageFromFile',
    'k2': 'data/imagenet/train'
}, [
    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
    'data/imagenet/train', 'ImageClassifier', 'LoadImageFromFile', ''
], None)
# ----
x = [
    dict(type='naïve ü', in_channels=[0.1, -0.9], lr=False),
    dict(type='LoadImageFromFile', a=(), samples_per_gpu=''),
    dict(
        type='SGD', loss=dict(depth='ImageClassifier'), a='LoadImageFromFile'),
    dict(
        type='ResNet',
        a=(('', ), ),
        hyperparameters_for_something_long=dict(
            type=1281167, hyperparameters_for_something_long=1000)),
    dict(
        type='',
        loss=1000,
        in_channels=dict(
            loss=[
                dict(
                    type='LoadImageFromFile',
                    loss=
                    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                    in_channels='naïve ü'),
                dict(type='accuracy', a=1, out_indices=0.02),
                dict(type='ResNet', data_prefix='ResNet', a=1000)
            ],
            out_indices=[1e+16],
            lr=[])),
    dict(type='SGD', out_indices=-1, k2=1e+16)
]
# ----
x = [
    'LoadImageFromFile',
    [{
        'type': 'LoadImageFromFile',
        'lr':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'policies': True
    }], 'naïve ü', '', {
        'lr': {
            'samples_per_gpu': {
                'loss': None
            }
        }
    },
    ('', ([], [1000, True, 'ImageClassifier', '', False, '',
               'ResNet'], 0, None, 'ImageClassifier', 'accuracy', 'SGD')),
    {
        'data_prefix': [{
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'lr': {
                'out_indices': 'SGD',
                'hyperparameters_for_something_long': 'x',
                'policies': 1000
            },
            'out_indices': {
                'depth': 1281167,
                'loss': 1000,
                'lr': 'SGD'
            }
        }, {
            'type':
            'data/imagenet/train',
            'pipeline': [{
                'type':
                'x',
                'loss':
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                'data_prefix':
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
            }, {
                'type': 'LoadImageFromFile',
                'depth': 'x',
                'policies': 'data/imagenet/train'
            }],
            'norm_cfg': [{
                'type': 'LoadImageFromFile',
                'k2': 1000,
                'a': 123.675
            }]
        }, {
            'type': 'x',
            'hyperparameters_for_something_long': {
                'policies': 'accuracy',
                'keys': 1.0
            },
            'depth': False
        }, {
            'type': 'accuracy',
            'hyperparameters_for_something_long': {
                'samples_per_gpu': True,
                'out_indices': True
            },
            'in_channels': (-20, 1.0)
        }, {
            'type': 'LoadImageFromFile',
            'data_prefix': (1e-05, ''),
            'depth': 224
        }, {
            'type': 'accuracy',
            'policies': 'ImageClassifier',
            'data_prefix': {
                'policies': None
            }
        }, {
            'type': '',
            'out_indices': 'SGD',
            'samples_per_gpu': None
        }]
    }
]
# ----
x = [
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        pipeline=dict(lr=0, loss='SGD'),
        in_channels=1e+16),
    dict(
        type='data/imagenet/train',
        k2=[
            dict(
                type='data/imagenet/train',
                keys=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                norm_cfg=dict(pipeline=('', 'ResNet'), type=False))
        ],
        samples_per_gpu=dict(norm_cfg='LoadImageFromFile'))
]
# ----
x = [
    dict(
        type='ResNet',
        depth=dict(type=['ResNet', 'accuracy']),
        samples_per_gpu='ImageClassifier')
]
# ----
x = dict(
    norm_cfg=224,
    policies=[
        dict(
            type='',
            policies=dict(
                data_prefix=dict(a=True, loss=False),
                k2=[
                    dict(type='x', keys='x', a='naïve ü'),
                    dict(type='', lr=0.1, k2='data/imagenet/train')
                ],
                a=None),
            k2=dict(
                loss=dict({
                    'pos embed': 1281167,
                    'depth': 0.1,
                    'pipeline': 6.103515625e-05
                }),
                in_channels=dict(type=1281167, loss=None),
                norm_cfg=True))
    ],
    out_indices=None,
    samples_per_gpu=dict(lr='SGD'),
    lr=0,
    depth=224)
# ----
x = [
    dict(
        type='accuracy',
        k2=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        keys=False),
    dict(
        type='SGD',
        data_prefix=dict(samples_per_gpu=False, out_indices='SGD', keys='SGD'),
        norm_cfg=False)
]
# ----
x = [
    dict(
        type='LoadImageFromFile',
        samples_per_gpu=[
            dict(type='', k2=(), pipeline=224),
            dict(
                type='naïve ü',
                loss='accuracy',
                hyperparameters_for_something_long=({}, {}))
        ],
        depth=[]),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        out_indices=dict(
            in_channels=dict(),
            a=[[{
                'type': 'data/imagenet/train',
                'a':
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                'out_indices': 1e-05
            }, {
                'type': 'ImageClassifier',
                'a': True,
                'lr': None
            }], ['data/imagenet/train', None], 1.0]),
        depth=None),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        a=0.1,
        data_prefix=(0.1, )),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        lr=-1,
        keys='ResNet')
]
# ----
x = dict({
    'backbone.layers.0': False,
    'samples_per_gpu': dict(pipeline=1000),
    'hyperparameters_for_something_long': ['data/imagenet/train']
})
# ----
x = [(), {}, [[], 224, -20], 'LoadImageFromFile', None, 0.02, False, {
    'lr':
    [[],
     [{
         'type': 'ImageClassifier',
         'policies': 0,
         'pipeline': 'SGD'
     }, {
         'type': 'data/imagenet/train',
         'norm_cfg': None,
         'pipeline': 1281167
     }, {
         'type': 'ImageClassifier',
         'keys':
         'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
         'lr': 'naïve ü'
     }, {
         'type': 'accuracy',
         'a': 1e-05,
         'pipeline': 32
     }, {
         'type': 'LoadImageFromFile',
         'hyperparameters_for_something_long': '',
         'k2': False
     }, {
         'type':
         'data/imagenet/train',
         'a':
         -1,
         'lr':
         'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
     }, {
         'type': 'SGD',
         'lr': 'ResNet',
         'policies': 1
     }, {
         'type': 'accuracy',
         'norm_cfg': 'x',
         'pipeline': 'ResNet'
     }]],
    'hyperparameters_for_something_long': {
        '1': (),
        'depth': None
    },
    'loss':
    ''
}]
# ----
x = [
    dict(
        type='LoadImageFromFile', loss='x', data_prefix='data/imagenet/train')
]
# ----
x = 'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
# ----
x = dict(
    pipeline=dict(data_prefix=-0.9),
    data_prefix=dict(),
    k2=dict(loss=0.1, samples_per_gpu='SGD'),
    norm_cfg=['SGD'])
# ----
x = dict(
    data_prefix='data/imagenet/train',
    hyperparameters_for_something_long=
    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
    norm_cfg='ImageClassifier')
# ----
x = dict(
    a=False,
    type=['ResNet', 'naïve ü'],
    data_prefix=([{
        'type': 'ResNet',
        'norm_cfg': None,
        'pipeline': 1000
    }, {
        'type': '',
        'data_prefix': 'ImageClassifier',
        'depth': -1
    }, {
        'type': 'naïve ü',
        'keys': '',
        'data_prefix': 'accuracy'
    }, {
        'type': 'LoadImageFromFile',
        'policies': 'naïve ü',
        'a': 32
    }], {
        'type': 'LoadImageFromFile'
    }, 0.1))
# ----
x = [[32, 'ImageClassifier', True, 1e-05, None, 0.1, 'x', 0.02], 224]
# ----
x = dict(
    keys=dict(
        k2=dict(
            k2=dict(
                keys='accuracy',
                hyperparameters_for_something_long='data/imagenet/train',
                type=''))))
# ----
x = dict(a='SGD', hyperparameters_for_something_long='ImageClassifier')
# ----
x = [
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        loss=[],
        hyperparameters_for_something_long=dict()),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        keys='accuracy',
        hyperparameters_for_something_long=False)
]
# ----
x = dict({
    'hyperparameters_for_something_long':
    'LoadImageFromFile',
    'head-fc':
    'LoadImageFromFile',
    'type':
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
    )
})
# ----
x = [dict(type='', out_indices=False, samples_per_gpu=())]
# ----
x = dict(
    pipeline=1e+16,
    loss=dict(norm_cfg=[]),
    in_channels=[dict(loss=True, data_prefix=dict(lr=[]), lr=dict())],
    norm_cfg=dict(out_indices='x'),
    k2=(),
    samples_per_gpu=dict({
        'head-fc':
        False,
        'type': ([
            'x', [1281167, 'accuracy', 'SGD', -20, 32, 1, 1],
            [-20, 'naïve ü', None, 1e-05, False, None, True]
        ], 1281167)
    }),
    out_indices=dict(
        in_channels=
        ('https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
         {
             'depth': {
                 'k2': 'SGD',
                 'policies': 'naïve ü'
             }
         })))
# ----
x = [
    ([{
        'type': 'data/imagenet/train',
        'in_channels': ''
    }, (1.0, -1, 224, 'LoadImageFromFile', True)], ), 'data/imagenet/train',
    'LoadImageFromFile', {
        'pipeline':
        'data/imagenet/train',
        'out_indices':
        0,
        'keys': ([{
            'type': 'naïve ü',
            'samples_per_gpu': 32,
            'loss': 0.1
        }, {
            'type': '',
            'pipeline': 0.02,
            'policies': 'x'
        }, {
            'type': 'accuracy',
            'keys': 123.675,
            'norm_cfg': ''
        }, {
            'type': 'ImageClassifier',
            'samples_per_gpu': 1281167,
            'policies': 'naïve ü'
        }, {
            'type': 'accuracy',
            'depth': 1000,
            'policies': 0.02
        }], ),
        'policies': [{
            'data_prefix': 'naïve ü',
            'norm_cfg': 'SGD'
        }, ''],
        'data_prefix':
        'naïve ü'
    },
    ('https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
     {
         'policies': 1281167,
         'data_prefix': 1e+16
     })
]
# ----
x = [
    dict(
        type='ResNet',
        norm_cfg=[
            dict(
                type='naïve ü',
                pipeline='data/imagenet/train',
                lr=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
            ),
            dict(
                type='data/imagenet/train',
                policies=dict(
                    loss=dict(
                        samples_per_gpu='data/imagenet/train',
                        type=6.103515625e-05),
                    data_prefix=dict(
                        pipeline=dict(policies='ResNet', type=True))),
                keys=dict(depth=[(1e-05, ), {
                    'in_channels':
                    'ResNet',
                    'hyperparameters_for_something_long':
                    'ImageClassifier'
                }]))
        ],
        out_indices=[
            dict(
                type='SGD',
                hyperparameters_for_something_long=({
                    'norm_cfg': [{
                        'type': 'ResNet',
                        'norm_cfg': 'SGD',
                        'hyperparameters_for_something_long': 1000
                    }]
                }, ),
                norm_cfg=dict())
        ]),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        depth='ImageClassifier',
        norm_cfg='LoadImageFromFile')
]
# ----
x = dict(
    loss=[
        'data/imagenet/train', {
            'samples_per_gpu': 'ImageClassifier',
            'pipeline': 'ImageClassifier'
        }, 1e+16
    ],
    k2=dict({
        '.cls_token':
        dict(loss=-0.9, hyperparameters_for_something_long=True)
    }))
# ----
x = [
    dict(
        type='accuracy',
        samples_per_gpu=dict({
            'head-fc': 6.103515625e-05,
            'out_indices': dict(out_indices=True, keys=(1, ))
        }),
        a=True),
    dict(type='LoadImageFromFile', keys=dict(), data_prefix=([], )),
    dict(
        type='naïve ü',
        k2=[
            dict(
                type='x',
                keys=dict(
                    hyperparameters_for_something_long=None,
                    k2=[dict(type='ImageClassifier', norm_cfg='x', a='')]),
                in_channels=[
                    dict(
                        type='LoadImageFromFile',
                        norm_cfg=-0.9,
                        lr='data/imagenet/train'),
                    dict(
                        type='',
                        data_prefix=0.02,
                        norm_cfg=dict(
                            in_channels='naïve ü',
                            out_indices='LoadImageFromFile',
                            norm_cfg='LoadImageFromFile'))
                ]),
            dict(
                type='LoadImageFromFile',
                depth=[{
                    'data_prefix': -1,
                    'in_channels': -1,
                    'loss': 'LoadImageFromFile'
                }, ('SGD', )],
                hyperparameters_for_something_long=False)
        ],
        loss='accuracy')
]
# ----
x = ({
    'samples_per_gpu': {
        'samples_per_gpu': [{
            'type': 'x',
            'hyperparameters_for_something_long': {},
            'out_indices': {
                'norm_cfg': 'SGD'
            }
        }, {
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'policies': None,
            'samples_per_gpu': {
                'lr': '',
                'a': 'ResNet'
            }
        }, {
            'type':
            'LoadImageFromFile',
            'out_indices': [{
                'type':
                'SGD',
                'a':
                1281167,
                'policies':
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
            }, {
                'type': 'LoadImageFromFile',
                'depth': 'data/imagenet/train',
                'keys': 1281167
            }],
            'keys': {}
        }],
        'k2':
        123.675
    },
    'in_channels': 'ResNet',
    'lr': 0
}, 'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
     )
# ----
x = [[{
    'type': 'data/imagenet/train',
    'depth': 'ImageClassifier',
    'loss': 'ResNet'
}, {
    'type': '',
    'samples_per_gpu': 'x',
    'loss': 'x'
}, {
    'type': 'accuracy',
    'loss': 'naïve ü',
    'norm_cfg': 'accuracy'
}]]
# ----
x = ({
    'keys': ('accuracy', ),
    'lr': {}
}, {
    'data_prefix': {
        'pipeline': False,
        'a':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'policies': 1.0,
        'type': 'naïve ü',
        'loss': 123.675,
        'samples_per_gpu': 32,
        'k2': True,
        'in_channels': 32
    }
})
# ----
x = dict(
    depth=dict({
        'pos embed': 'LoadImageFromFile',
        'policies': 'x',
        'norm_cfg': 'accuracy',
        'depth': False,
        '1': 224,
        'data_prefix': 'accuracy'
    }),
    k2=True)
# ----
x = dict({
    '1': [['SGD', 'ResNet', 1000, None, -20, -1]],
    'hyperparameters_for_something_long': 0.1
})
# ----
x = [
    dict(
        type='accuracy',
        pipeline=dict(
            keys=1e-05,
            pipeline=dict(
                policies='', in_channels=dict(lr=[1, None],
                                              data_prefix=True))),
        lr='ResNet'),
    dict(
        type='ResNet',
        in_channels=dict(
            data_prefix=([], 6.103515625e-05),
            depth=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            hyperparameters_for_something_long=1),
        a=dict({
            'head-fc': (None, {
                'policies': [],
                'norm_cfg': {
                    'data_prefix': 'data/imagenet/train',
                    'pipeline': 'SGD'
                },
                'loss': [0.02]
            })
        })),
    dict(type='ResNet', lr=None, keys=dict()),
    dict(
        type='LoadImageFromFile',
        loss=[
            dict(
                type='naïve ü',
                a=[(False, {
                    '1':
                    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
                }, [{
                    'type': 'LoadImageFromFile',
                    'policies': 'x',
                    'out_indices': 'SGD'
                }, {
                    'type': 'SGD',
                    'depth': 'naïve ü',
                    'pipeline': 'accuracy'
                }, {
                    'type': 'ResNet',
                    'data_prefix': 1,
                    'k2': 1000
                }]), 'x'],
                data_prefix=dict(
                    samples_per_gpu=dict(pipeline=True),
                    depth=[
                        dict(
                            type=
                            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                            data_prefix='',
                            samples_per_gpu=dict(
                                in_channels='data/imagenet/train',
                                keys=1e-05,
                                data_prefix='accuracy'))
                    ])),
            dict(
                type=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                out_indices=[
                    dict(
                        type='',
                        data_prefix=dict(depth='naïve ü', loss=dict()),
                        pipeline=dict(a=dict(lr=0.1, keys=-0.9))),
                    dict(
                        type='SGD',
                        keys='naïve ü',
                        depth=dict({
                            'backbone.layers.0':
                            dict(
                                hyperparameters_for_something_long=None,
                                data_prefix=6.103515625e-05)
                        }))
                ],
                policies=False)
        ],
        keys=1.0),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        loss=dict(
            a=(),
            policies=dict({
                'pos embed':
                dict({
                    'head-fc': [True, 1e-05],
                    '1': dict(policies=0.1),
                    'in_channels': dict(lr=-1)
                }),
                'type': (None, 0),
                'keys':
                'naïve ü'
            })),
        data_prefix=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
    ),
    dict(
        type='x',
        in_channels=dict(),
        data_prefix=dict(
            depth=dict(
                data_prefix='data/imagenet/train',
                hyperparameters_for_something_long=dict(
                    loss=
                    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                    data_prefix=None)),
            a=[])),
    dict(type='accuracy', hyperparameters_for_something_long=1, pipeline=True),
    dict(
        type='accuracy',
        out_indices=[
            dict(
                type='LoadImageFromFile',
                in_channels=dict(
                    pipeline='accuracy',
                    lr=({
                        'hyperparameters_for_something_long': 'SGD'
                    }, {}, [{
                        'type': 'ImageClassifier',
                        'a': 6.103515625e-05,
                        'hyperparameters_for_something_long': None
                    }, {
                        'type': '',
                        'keys': 'accuracy',
                        'hyperparameters_for_something_long': 1e+16
                    }])),
                loss=False),
            dict(
                type='data/imagenet/train',
                hyperparameters_for_something_long='naïve ü',
                in_channels=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
            )
        ],
        samples_per_gpu='x')
]
# ----
x = dict({
    'pos embed':
    0,
    'loss': [],
    '1': ({
        'norm_cfg': {
            'norm_cfg': True,
            'policies': 1e-05
        }
    }, ),
    'backbone.layers.0':
    [{},
     'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
     {
         'type': [{
             'type': 'data/imagenet/train',
             'data_prefix': 'SGD',
             'lr': 0.02
         }, {
             'type': 'ResNet',
             'keys': 'ResNet',
             'loss': 32
         }, {
             'type': 'ImageClassifier',
             'in_channels': 'naïve ü',
             'out_indices': 224
         }, {
             'type': 'data/imagenet/train',
             'keys': 'SGD',
             'a': 1e+16
         }, {
             'type': 'data/imagenet/train',
             'a': -1,
             'keys': ''
         }, {
             'type': 'x',
             'in_channels': 'SGD',
             'keys': 1281167
         }],
         'a':
         False
     }, {
         'hyperparameters_for_something_long': False,
         'policies': {
             'policies': 0,
             'in_channels': 0.1
         },
         'norm_cfg': []
     }, {
         'k2': {
             'depth': False
         },
         'keys': ''
     }, 'SGD'],
    'samples_per_gpu':
    32,
    'a':
    dict({
        'pos embed': 1281167,
        'a': 'ImageClassifier',
        'k2': 'ResNet',
        'lr': -0.9,
        'in_channels': dict(),
        'out_indices': 'naïve ü'
    })
})
# ----
x = 'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
# ----
x = ({
    'lr': {
        'in_channels': 1000,
        'hyperparameters_for_something_long': False
    }
}, 'ResNet')
# ----
x = dict(
    a=False,
    policies=([{
        'type': 'x',
        'out_indices': [],
        'keys': {
            'type': 'naïve ü',
            'samples_per_gpu': -20,
            'keys': 6.103515625e-05
        }
    }, {
        'type': 'ImageClassifier',
        'a': 123.675,
        'k2': 'x'
    }, {
        'type':
        '',
        'policies': [{
            'type': 'ResNet',
            'k2': 'x',
            'a': 1.0
        }, {
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'lr': 1000,
            'data_prefix': 'SGD'
        }],
        'lr': (False, 'ResNet', 1)
    }, {
        'type': 'data/imagenet/train',
        'policies': [],
        'lr': True
    }, {
        'type':
        'naïve ü',
        'policies': {
            'out_indices': 'data/imagenet/train',
            'a': True
        },
        'keys':
        (-0.9,
         'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
         )
    }], ))
# ----
x = [
    dict(
        type='ImageClassifier',
        loss=dict(policies=1281167, depth=False),
        data_prefix=[]),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        out_indices=dict(keys='accuracy'),
        a='LoadImageFromFile'),
    dict(
        type='LoadImageFromFile',
        loss=dict(samples_per_gpu=False, a=1e-05, keys=1281167),
        data_prefix=dict(
            samples_per_gpu=None, hyperparameters_for_something_long='x'))
]
# ----
x = ({
    'samples_per_gpu': {
        'loss': {
            'samples_per_gpu': 1281167,
            'lr': 'x'
        }
    },
    'backbone.layers.0': (['data/imagenet/train', 1], [{
        'type': 'ImageClassifier',
        'loss': 'accuracy',
        'norm_cfg': None
    }, {
        'type': 'accuracy',
        'depth': -1,
        'k2': None
    }], -20),
    'type': [{
        'type': 'naïve ü',
        'hyperparameters_for_something_long': 'accuracy',
        'k2': True
    }, {
        'type':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'policies':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'lr': [
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            True
        ]
    }]
}, )
# ----
x = ({
    'norm_cfg':
    'x',
    'pipeline': [{
        'type': 'data/imagenet/train',
        'out_indices': {
            'keys': ('naïve ü', 'ImageClassifier'),
            'type': ('naïve ü', None, 'LoadImageFromFile')
        },
        'hyperparameters_for_something_long': 'SGD'
    }, {
        'type': 'accuracy',
        'k2':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'loss': 1281167
    }, {
        'type': 'ImageClassifier',
        'keys': {
            'a': {
                'out_indices': 'ResNet'
            },
            'out_indices': True
        },
        'depth': 1.0
    }, {
        'type': 'SGD',
        'hyperparameters_for_something_long': [],
        'pipeline': {
            'depth': 'accuracy',
            'in_channels': 1000
        }
    }],
    'keys': [True]
}, )
# ----
x = ({
    'loss': 'accuracy'
}, {
    'data_prefix': None,
    'lr': {},
    'hyperparameters_for_something_long':
    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
    'policies': {
        'out_indices': 32,
        'policies': 'accuracy',
        'norm_cfg': 'ImageClassifier'
    },
    'depth': 'accuracy',
    'keys': 'ImageClassifier',
    'k2': True
})
# ----
x = dict(
    keys=[
        False, ('', 'x'), {
            'data_prefix': 'data/imagenet/train',
            'backbone.layers.0': {
                'hyperparameters_for_something_long': -1,
                'data_prefix': None,
                'keys': 1000,
                'policies': -1,
                'k2': 'data/imagenet/train',
                'pipeline': 'naïve ü',
                'loss': 'ResNet',
                'a': 'ResNet'
            }
        }
    ],
    in_channels=dict(
        type=[
            dict(out_indices=0.1, policies='ImageClassifier', type=''),
            dict(loss=6.103515625e-05)
        ],
        samples_per_gpu='x'))
# ----
x = dict(
    in_channels=dict(samples_per_gpu=dict(pipeline='accuracy')),
    samples_per_gpu=[
        dict(
            type='SGD',
            data_prefix='naïve ü',
            keys=[
                dict(
                    type='LoadImageFromFile',
                    lr='ImageClassifier',
                    in_channels=1e+16),
                dict(
                    type='ImageClassifier',
                    pipeline=['x', ''],
                    k2=dict(
                        keys=dict(type=0.02),
                        depth=dict(norm_cfg='data/imagenet/train', keys='')))
            ]),
        dict(
            type=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            keys=dict(samples_per_gpu=1e-05, in_channels=6.103515625e-05),
            k2='ResNet'),
        dict(type='', hyperparameters_for_something_long=None, k2=1),
        dict(
            type='LoadImageFromFile',
            keys=({
                'a': {
                    'out_indices': 123.675,
                    'a': 1000
                },
                'samples_per_gpu': [{
                    'type': 'SGD',
                    'hyperparameters_for_something_long': '',
                    'depth': 'x'
                }, {
                    'type': 'accuracy',
                    'pipeline': 'ImageClassifier',
                    'data_prefix': 'accuracy'
                }]
            }, {
                'keys': 'accuracy',
                'a': {
                    'lr': 'LoadImageFromFile'
                }
            }),
            hyperparameters_for_something_long=dict(
                lr=dict(lr=True), policies=[])),
        dict(
            type='naïve ü',
            pipeline=({
                'a': (True, 0.02),
                'policies': {
                    'hyperparameters_for_something_long': 'x',
                    'samples_per_gpu': 'LoadImageFromFile'
                },
                'data_prefix': 'naïve ü'
            }, ({
                'samples_per_gpu':
                'LoadImageFromFile',
                '1':
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
            }, ), 1e-05),
            lr=({
                'samples_per_gpu': 1281167
            }, 'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
                )),
        dict(
            type=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            keys='',
            a=-20),
        dict(
            type='naïve ü',
            pipeline='',
            out_indices=dict(
                hyperparameters_for_something_long='ImageClassifier',
                norm_cfg=True,
                data_prefix=dict())),
        dict(
            type='SGD',
            out_indices=dict(samples_per_gpu=[{
                'hyperparameters_for_something_long':
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
            }, 1e-05]),
            a=dict(
                out_indices=(False, ['x']),
                samples_per_gpu=((True, ), {
                    'in_channels': '',
                    'loss': False
                })))
    ])
# ----
x = [
    dict(type='data/imagenet/train', keys='x', out_indices=[-1, ['x', False]]),
    dict(
        type='accuracy',
        out_indices=(['', False], ),
        keys=[
            dict(
                type='SGD',
                data_prefix=dict(lr=123.675),
                loss=dict(in_channels='x'))
        ])
]
# ----
x = dict(
    keys=
    [[
        '',
        [{
            'type': '',
            'keys': 123.675,
            'loss': 'ImageClassifier'
        }, {
            'type': 'naïve ü',
            'depth': 'ResNet',
            'k2': 'ImageClassifier'
        }, {
            'type': 'ResNet',
            'depth':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'norm_cfg': 'x'
        }]
    ], False,
     'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
     'SGD',
     'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
     {
         'data_prefix': -20,
         'hyperparameters_for_something_long': 'ImageClassifier'
     }],
    loss=1281167)
# ----
x = [[{
    'type': '',
    'pipeline': 224,
    'lr': []
}, {
    'type': 'naïve ü',
    'in_channels': ['ResNet', [1000, [-20]], {
        'out_indices': 32
    }],
    'pipeline': {
        'depth': 'ResNet',
        'k2': 'SGD'
    }
}, {
    'type': 'ResNet',
    'norm_cfg': [-1, [{
        'norm_cfg': 224,
        'loss': 1.0
    }]],
    'data_prefix': None
}, {
    'type': 'naïve ü',
    'in_channels': 'naïve ü',
    'samples_per_gpu': ()
}, {
    'type': 'LoadImageFromFile',
    'depth': True,
    'loss': [32]
}, {
    'type':
    '',
    'k2':
    '',
    'hyperparameters_for_something_long': [{
        'type':
        '',
        'norm_cfg': ([{
            'type': '',
            'pipeline': 'x',
            'hyperparameters_for_something_long': -0.9
        }], None),
        'loss': ([{
            'type': 'ImageClassifier',
            'a': 1281167,
            'depth': 1.0
        }], )
    }]
}, {
    'type': 'naïve ü',
    'pipeline': {
        'out_indices': 'data/imagenet/train',
        'in_channels': 'data/imagenet/train'
    },
    'norm_cfg': 1281167
}], 'ResNet', None, 'ImageClassifier', {
    'lr': ((['data/imagenet/train',
             'ImageClassifier'], ), 'data/imagenet/train')
}, 'accuracy', [{
    'type': '',
    'norm_cfg': None,
    'lr': False
}]]
# ----
x = (1.0, {
    'norm_cfg': None
}, 'ImageClassifier', ({
    'loss': 1,
    'in_channels': None
}, ''))
# ----
x = [
    dict(
        type='',
        out_indices=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        in_channels=dict(
            pipeline=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
        )),
    dict(
        type='x',
        norm_cfg=dict(policies=1.0, type='data/imagenet/train'),
        out_indices=dict(samples_per_gpu=1.0, depth=123.675))
]
# ----
x = dict(
    samples_per_gpu='x',
    type=1281167,
    pipeline=True,
    k2=224,
    loss=
    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
    a='ResNet')
# ----
x = [[{
    'type': 'SGD',
    'loss': [(1e-05, 'ResNet'), {}],
    'hyperparameters_for_something_long': {
        'loss': [False],
        'type': 1.0,
        'keys': -0.9
    }
}, {
    'type': 'ResNet',
    'in_channels': [{
        'pos embed': 1281167
    }],
    'policies': {}
}, {
    'type': 'ResNet',
    'loss': 'ImageClassifier',
    'in_channels': 32
}], {
    'a': 'data/imagenet/train',
    'lr': True
}]
# ----
x = [
    dict(
        type='data/imagenet/train',
        policies=dict(pipeline='', out_indices='LoadImageFromFile', lr='x'),
        a=dict({'pos embed': -0.9})),
    dict(
        type='ResNet',
        in_channels=False,
        a=dict({
            'out_indices': 'ResNet',
            'backbone.layers.0': 'ResNet'
        })),
    dict(
        type='ImageClassifier',
        a=False,
        hyperparameters_for_something_long='naïve ü'),
    dict(
        type='x',
        a=dict(
            hyperparameters_for_something_long='',
            policies='',
            data_prefix=224),
        loss=6.103515625e-05),
    dict(type='ResNet', pipeline='ImageClassifier', lr=('SGD', 1e+16)),
    dict(type='naïve ü', k2=(), out_indices=['x'])
]
# ----
x = ([{
    'type':
    'SGD',
    'keys': [{
        'type':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'a': 'LoadImageFromFile',
        'data_prefix': -20
    }, {
        'type': 'x',
        'lr': 1281167,
        'hyperparameters_for_something_long': None
    }],
    'policies':
    'LoadImageFromFile'
}, {
    'type': 'LoadImageFromFile',
    'samples_per_gpu': {
        'type': 6.103515625e-05
    },
    'k2': {
        '1': -20,
        'data_prefix': 0.1
    }
}], {
    'out_indices': 'naïve ü'
}, {
    'depth': {
        'norm_cfg': -20
    },
    'lr': 0
})
# ----
x = dict(hyperparameters_for_something_long=1e+16, k2='data/imagenet/train')
# ----
x = dict(
    k2=dict(
        lr=[],
        loss=1e+16,
        in_channels=dict(samples_per_gpu='naïve ü'),
        a=dict(data_prefix=1.0, out_indices=0.02),
        hyperparameters_for_something_long=1e-05,
        norm_cfg=-20),
    in_channels='x',
    keys='accuracy')
# ----
x = dict(lr=[
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        data_prefix=-1,
        policies=[dict(type='accuracy', keys=None, out_indices=1)]),
    dict(type='naïve ü', depth=['accuracy', False], a=-1),
    dict(type='accuracy', in_channels='', data_prefix='accuracy')
])
# ----
x = (1, 'ResNet', {}, 'LoadImageFromFile', [{
    'type': 'accuracy',
    'pipeline': True,
    'policies': 'ImageClassifier'
}, {
    'type': 'accuracy',
    'a': 1e+16,
    'pipeline': ()
}])
# ----
x = ('ImageClassifier', [{
    'type': 'data/imagenet/train',
    'lr': 'SGD',
    'depth': 'x'
}, {
    'type': 'x',
    'data_prefix': 0.02,
    'hyperparameters_for_something_long': 0.1
}])
# ----
x = ('ResNet', 'data/imagenet/train', 'ResNet', '', 1.0, [{
    'type':
    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
    'pipeline': 1281167,
    'loss': 224
}])
# ----
x = [
    dict(
        type='x',
        hyperparameters_for_something_long=dict(k2=32),
        pipeline=dict(out_indices=-1, pipeline='x', in_channels='ResNet')),
    dict(
        type='naïve ü', keys=dict({'.cls_token': False}), data_prefix=[False]),
    dict(
        type='accuracy',
        depth=[
            dict(type='accuracy', keys='ResNet', policies=1.0),
            dict(
                type='SGD',
                in_channels='data/imagenet/train',
                hyperparameters_for_something_long=6.103515625e-05)
        ],
        samples_per_gpu='')
]
# ----
x = dict(hyperparameters_for_something_long='ResNet', type=[])
# ----
x = [
    dict(data_prefix=[1281167, 'LoadImageFromFile'], type=None),
    dict(keys=dict(k2=32, pipeline='SGD'))
]
# ----
x = dict(keys=[dict(in_channels=None, out_indices=None)], data_prefix=None)
# ----
x = [[1, {
    'type': 0.1,
    'loss': 224
}, 'x'], {
    'in_channels': {
        'pipeline': 1,
        'type': 123.675
    }
}]
# ----
x = [
    dict(
        type='ResNet',
        pipeline='x',
        norm_cfg=dict(
            loss=1e+16,
            k2=dict(out_indices=[
                dict(type='ResNet', pipeline='ResNet', loss=6.103515625e-05),
                dict(type='ImageClassifier', a=1.0, lr=1)
            ])))
]
# ----
x = dict(
    out_indices='accuracy',
    depth=[
        224, 0.02,
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        -0.9, '', -20, 'accuracy'
    ])
# ----
x = [
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        norm_cfg=dict(
            depth=('data/imagenet/train', ),
            lr=
            ('https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
             ),
            samples_per_gpu=[None]),
        hyperparameters_for_something_long=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
    ),
    dict(
        type='SGD',
        data_prefix=[
            dict(
                type=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                in_channels=dict(in_channels=0.02),
                data_prefix=False)
        ],
        in_channels='ResNet')
]
# ----
x = [
    dict(
        type='accuracy',
        in_channels=dict(
            out_indices=dict(
                a=1281167, policies=dict(out_indices='ImageClassifier')),
            norm_cfg=[
                dict(
                    type='data/imagenet/train',
                    out_indices=dict({'head-fc': None}),
                    samples_per_gpu=1),
                dict(type='accuracy', pipeline=1e-05, loss=1000)
            ],
            samples_per_gpu=[
                dict(
                    type='SGD',
                    hyperparameters_for_something_long=dict(
                        lr=32, pipeline='ImageClassifier', norm_cfg=0.02),
                    a=[
                        dict(
                            type='ResNet',
                            in_channels=None,
                            norm_cfg='data/imagenet/train')
                    ])
            ]),
        samples_per_gpu=-1)
]
# ----
x = ({
    'k2': 'data/imagenet/train',
    'loss': -0.9
}, False, [{},
           ({
               'depth': 'accuracy',
               'policies': {
                   'data_prefix': 224,
                   'loss': 0.1,
                   '1': 1,
                   'a': 'x',
                   'samples_per_gpu': -0.9
               }
           }, )])
# ----
x = ['data/imagenet/train', 'LoadImageFromFile', {'norm_cfg': 1e+16}]
# ----
x = [
    dict(
        type='LoadImageFromFile',
        samples_per_gpu=dict(
            policies=dict(lr='naïve ü', depth='data/imagenet/train'),
            pipeline=None,
            type=''),
        loss=1e-05)
]
# ----
x = dict(
    a=1,
    keys=dict(
        pipeline=dict({
            'backbone.layers.0':
            'x',
            'in_channels':
            dict(),
            'norm_cfg': [{
                'depth': 'SGD',
                'norm_cfg': None,
                'data_prefix': ''
            }, [{
                'type': 'x',
                'k2': 0,
                'a': 'accuracy'
            }]]
        })))
# ----
x = [
    dict(
        type='ResNet',
        norm_cfg=[[]],
        hyperparameters_for_something_long=[[{
            'type': 'x',
            'out_indices': 'accuracy',
            'policies': False
        }]])
]
# ----
x = 'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
# ----
x = [
    dict(
        type='accuracy',
        loss=dict(loss='LoadImageFromFile', samples_per_gpu='naïve ü'),
        samples_per_gpu=dict(a=6.103515625e-05)),
    dict(
        type='data/imagenet/train',
        lr=dict({'backbone.layers.0': None}),
        out_indices=dict(pipeline='x', k2=32))
]
# ----
x = ({
    'keys': {
        'lr': '',
        'k2': 1281167,
        'out_indices': 'data/imagenet/train'
    },
    'depth': 0.1
}, {}, {
    'head-fc': (0.1, 0, 1e+16),
    'loss': ['ResNet']
})
# ----
x = [
    dict(
        type='naïve ü',
        data_prefix=({
            'a': 'ResNet',
            'data_prefix': 'accuracy'
        }, ),
        a=[
            dict(
                type='ImageClassifier',
                loss=dict(samples_per_gpu='data/imagenet/train', a=0),
                out_indices='x')
        ])
]
# ----
x = dict(depth=[
    dict(type='SGD', pipeline=(1281167, (-1, )), lr='LoadImageFromFile'),
    dict(type='SGD', keys=32, data_prefix=dict()),
    dict(
        type='accuracy',
        loss='ImageClassifier',
        samples_per_gpu=dict(lr=dict()))
])
# ----
x = [{
    'in_channels': [{
        'type': 'ResNet',
        'in_channels': {
            'a': {
                'a': None
            },
            'keys': []
        },
        'lr': 'SGD'
    }, {
        'type': 'SGD',
        'hyperparameters_for_something_long': {
            'keys': [{
                'type': 'x',
                'samples_per_gpu': True,
                'loss': 32
            }, {
                'type': 'SGD',
                'samples_per_gpu': False,
                'data_prefix': 'ImageClassifier'
            }],
            'samples_per_gpu': {}
        },
        'samples_per_gpu': False
    }, {
        'type':
        'accuracy',
        'depth': ([{
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'loss': 224,
            'a': True
        }], ),
        'out_indices': {
            'policies': 6.103515625e-05
        }
    }, {
        'type':
        'x',
        'data_prefix':
        1e+16,
        'policies': ([{
            'type': 'LoadImageFromFile',
            'loss': 'accuracy',
            'hyperparameters_for_something_long': 1e-05
        }, {
            'type': 'x',
            'in_channels': 'ResNet',
            'a': 6.103515625e-05
        }], {
            'keys': 'SGD',
            'in_channels': None
        })
    }, {
        'type': 'LoadImageFromFile',
        'hyperparameters_for_something_long': 'accuracy',
        'data_prefix': {
            'samples_per_gpu': False,
            'norm_cfg': {
                'data_prefix': 1000
            },
            'pipeline': (123.675, 0.1)
        }
    }, {
        'type': 'ResNet',
        'out_indices': {
            'lr': {
                'depth': '',
                'hyperparameters_for_something_long': 1e+16
            },
            'in_channels': 'data/imagenet/train',
            'data_prefix': 1e-05
        },
        'k2': 'ImageClassifier'
    }]
},
     ('LoadImageFromFile', [{
         'type': 'data/imagenet/train',
         'norm_cfg': 'LoadImageFromFile',
         'data_prefix': (('data/imagenet/train', ), )
     }, {
         'type': 'LoadImageFromFile',
         'depth': [{}],
         'k2': {
             'loss': {
                 'type': False
             }
         }
     }])]
# ----
x = [
    dict(
        type='accuracy',
        hyperparameters_for_something_long=1,
        loss=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
    ),
    dict(type='data/imagenet/train', data_prefix='naïve ü', out_indices=None)
]
# ----
x = dict(hyperparameters_for_something_long='LoadImageFromFile', type=-20)
# ----
x = [
    dict(
        type='naïve ü',
        hyperparameters_for_something_long=({
            'lr': {
                'in_channels': [{
                    'type': 'SGD',
                    'norm_cfg': 1,
                    'loss': None
                }, {
                    'type': 'naïve ü',
                    'policies': 1e-05,
                    'in_channels': 0
                }],
                'pipeline':
                'ResNet',
                'hyperparameters_for_something_long': {
                    'keys': '',
                    'data_prefix': True,
                    'a': 'data/imagenet/train'
                }
            }
        }, 'SGD'),
        policies=[
            dict(
                type='data/imagenet/train',
                k2=dict(samples_per_gpu=(), pipeline='naïve ü'),
                depth=dict({
                    'pos embed': 'x',
                    'in_channels': True
                })),
            dict(
                type='ImageClassifier',
                lr=dict(depth=dict(lr=('ImageClassifier', ''), pipeline=1.0)),
                out_indices='naïve ü')
        ]),
    dict(
        type='data/imagenet/train',
        a='x',
        depth=dict(
            depth=([['data/imagenet/train']], {
                'k2': {},
                'out_indices': 1
            }, {
                'policies': 'LoadImageFromFile',
                'hyperparameters_for_something_long': (1281167, False)
            }),
            out_indices=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            policies=dict(
                in_channels=(), depth=dict(keys=[32, True, None], type=0.02))))
]
# ----
x = dict(
    hyperparameters_for_something_long=[dict()],
    depth=224,
    type=dict({'backbone.layers.0': []}))
# ----
x = 'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
# ----
x = dict(hyperparameters_for_something_long=6.103515625e-05)
# ----
x = dict(
    hyperparameters_for_something_long=('LoadImageFromFile', {
        'policies':
        False,
        'in_channels':
        False,
        'loss':
        ['data/imagenet/train', False, True, 1281167, 'x', '', 123.675, None],
        'out_indices': {
            'pipeline': True,
            'a': 'naïve ü'
        },
        'pipeline':
        1000,
        'norm_cfg':
        6.103515625e-05,
        'hyperparameters_for_something_long': (),
        'data_prefix':
        ''
    }, 'LoadImageFromFile', -0.9, 'ResNet', ['data/imagenet/train', 32], {
        'k2': {
            'keys': True,
            'samples_per_gpu': 'data/imagenet/train'
        },
        'lr': ['SGD']
    }, {}),
    policies=['LoadImageFromFile'],
    data_prefix=({
        'depth': 1.0,
        'norm_cfg': {
            'pipeline': 'data/imagenet/train',
            'data_prefix': 6.103515625e-05
        },
        'loss': {
            '.cls_token': 'ResNet',
            'samples_per_gpu': 'data/imagenet/train',
            'keys': 'ResNet',
            'hyperparameters_for_something_long': '',
            'backbone.layers.0': -1,
            '1': '',
            'lr': 'data/imagenet/train',
            'type': 32
        },
        'policies': {
            'data_prefix': 'accuracy',
            'lr': 123.675
        },
        'pipeline': {
            'in_channels': 1.0,
            'pipeline': 1281167,
            'depth': ''
        },
        'a': ['LoadImageFromFile'],
        'samples_per_gpu': 'naïve ü',
        'k2': {
            'depth': 'ImageClassifier'
        }
    }, {
        'k2': [{
            'type': 'data/imagenet/train',
            'depth': None,
            'data_prefix': ''
        }, {
            'type': 'ImageClassifier',
            'policies': -0.9,
            'norm_cfg': False
        }],
        'pos embed':
        'ResNet',
        'loss':
        'ImageClassifier',
        'policies':
        1.0,
        'out_indices': (-0.9, False),
        'depth':
        6.103515625e-05,
        'head-fc': {
            'depth': 32,
            'loss': -1
        },
        'type': {
            'data_prefix': 'ImageClassifier',
            'type': 'x',
            'norm_cfg': 'ResNet',
            'hyperparameters_for_something_long': 'accuracy',
            'samples_per_gpu': 0,
            'lr': 'LoadImageFromFile',
            'in_channels': 'SGD',
            'loss': 'accuracy'
        }
    }, {
        'keys': {
            'depth': 1.0,
            'a': 224,
            'policies': False,
            'k2': 1e+16,
            'hyperparameters_for_something_long': None,
            'lr': 123.675,
            'data_prefix': 224,
            'norm_cfg': 123.675
        }
    }, False, {
        'depth': (None, False, 1000, False, False, 'x', -0.9, 123.675),
        'norm_cfg': 'SGD'
    }, [{
        '1': 1e-05,
        'type': 1281167,
        'in_channels': 'ResNet'
    }, {
        'k2': 'naïve ü',
        'hyperparameters_for_something_long': False,
        'a': 'ResNet'
    }
        ], [('ResNet', -1), ('x', )
            ], [('data/imagenet/train', 1),
                {
                    'a':
                    None
                }, {
                    'policies': 32
                }, [1e-05
                    ], False,
                {
                    'samples_per_gpu': -20
                },
                [{
                    'type':
                    'ImageClassifier',
                    'depth': '',
                    'k2': 'accuracy'
                },
                 {
                     'type':
                     'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                     'depth': 'LoadImageFromFile',
                     'k2': 'x'
                 }], 32]),
    a=
    ('https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
     [{}, {
         'norm_cfg': False,
         'k2': -1
     }, 'accuracy']),
    pipeline=False,
    out_indices=([[1.0, False, False], {
        'keys': 1,
        'policies': 'x',
        'a': True
    },
                  ('LoadImageFromFile', 1281167, 'LoadImageFromFile', 224, '',
                   'ResNet', None, 'x'), {}, 0, 'ImageClassifier', 0.1, {
                       'lr': None,
                       'loss': 'naïve ü',
                       'samples_per_gpu': 'accuracy'
                   }], 6.103515625e-05,
                 ([{
                     'type': 'accuracy',
                     'in_channels': 'SGD',
                     'pipeline': False
                 }, {
                     'type': 'x',
                     'policies': 0,
                     'keys': 1281167
                 }], False, 'LoadImageFromFile', -1,
                  (-0.9, 123.675, None, 'naïve ü', -0.9, 'LoadImageFromFile',
                   6.103515625e-05, ''), {
                       '1': False,
                       'depth': 'ImageClassifier'
                   }, 'data/imagenet/train', {
                       'backbone.layers.0': 'accuracy'
                   })),
    type=dict(
        samples_per_gpu=1.0,
        data_prefix=dict(pipeline=[
            dict(type='LoadImageFromFile', policies='', lr=True),
            dict(type='ImageClassifier', norm_cfg=1000, k2=-1)
        ])),
    depth=[
        dict(
            type='ResNet',
            samples_per_gpu='ResNet',
            norm_cfg=dict(
                k2='ImageClassifier',
                norm_cfg='LoadImageFromFile',
                in_channels=(1281167, ))),
        dict(
            type='SGD',
            policies=dict(
                a='x',
                data_prefix=[
                    dict(
                        type='naïve ü',
                        data_prefix='ImageClassifier',
                        hyperparameters_for_something_long=False),
                    dict(type='ResNet', loss='ImageClassifier', norm_cfg=1)
                ]),
            norm_cfg=dict(lr='ImageClassifier'))
    ])
# ----
x = [{
    'head-fc': {
        'data_prefix': []
    },
    '1': 0.02,
    'loss': {}
}, {
    'out_indices':
    'data/imagenet/train',
    'loss':
    (32,
     (False,
      'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
      ), [])
}, None]
# ----
x = dict(
    depth=224,
    hyperparameters_for_something_long='LoadImageFromFile',
    data_prefix=False,
    pipeline=-0.9)
# ----
x = [
    dict(
        type='naïve ü',
        out_indices='LoadImageFromFile',
        loss=dict(out_indices='naïve ü', lr='ResNet', k2=True)),
    dict(
        type='ImageClassifier',
        out_indices=dict(keys=[
            dict(type='LoadImageFromFile', loss=1281167, out_indices=1e-05),
            dict(type='ResNet', data_prefix='', pipeline='ResNet')
        ]),
        in_channels=[[], {
            'hyperparameters_for_something_long': 'accuracy',
            'pos embed': 'accuracy'
        }]),
    dict(
        type='ResNet',
        out_indices=((1000, -0.9, 'data/imagenet/train'), ),
        data_prefix=123.675)
]
# ----
x = [
    dict(
        type='data/imagenet/train',
        a=dict(policies='ImageClassifier', k2='data/imagenet/train'),
        k2=True)
]
# ----
x = [
    dict(
        type='data/imagenet/train',
        hyperparameters_for_something_long='SGD',
        k2=[
            dict(samples_per_gpu='naïve ü'),
            dict(),
            dict(
                k2=1e+16,
                pipeline=1000,
                in_channels=dict(keys='data/imagenet/train', lr=dict()))
        ])
]
# ----
x = [
    dict(
        type='SGD',
        norm_cfg=dict(
            norm_cfg=dict(
                samples_per_gpu='data/imagenet/train', lr=6.103515625e-05)),
        depth=dict(loss='ResNet', norm_cfg=True))
]
# ----
x = dict(
    type=None,
    samples_per_gpu=[],
    loss=False,
    lr=({
        'pipeline': ()
    }, ({
        'samples_per_gpu': 'accuracy',
        'norm_cfg': 0,
        'hyperparameters_for_something_long': 1e-05,
        'loss': 'x'
    }, ['data/imagenet/train', 'ResNet']), [[{
        'type':
        'SGD',
        'out_indices':
        'ImageClassifier',
        'hyperparameters_for_something_long':
        'LoadImageFromFile'
    }, {
        'type': '',
        'in_channels': 'ResNet',
        'loss': 'SGD'
    }]], 0))
# ----
x = ({}, {
    'loss': 'ResNet',
    'k2': False,
    'pipeline': {
        'loss': {
            'hyperparameters_for_something_long': {
                'k2': -0.9,
                'in_channels': 1281167,
                'policies': None
            }
        },
        'norm_cfg': {},
        'a': [{
            'type': 'naïve ü',
            'depth': (1e-05, ),
            'norm_cfg': False
        }, {
            'type': 'data/imagenet/train',
            'policies': ('data/imagenet/train', ),
            'samples_per_gpu': ('accuracy', 0.1)
        }]
    }
})
# ----
x = dict(
    in_channels=dict(
        data_prefix=dict({
            'backbone.layers.0':
            dict(norm_cfg=123.675, out_indices='x', depth=''),
            'out_indices':
            dict(
                pipeline=6.103515625e-05, samples_per_gpu='LoadImageFromFile'),
            'data_prefix':
            ('https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
             0)
        }),
        hyperparameters_for_something_long='LoadImageFromFile'),
    loss=({}, 'data/imagenet/train'))
# ----
x = dict(
    lr=True,
    out_indices=[[],
                 [{
                     'type': 'SGD',
                     'in_channels': {
                         'norm_cfg': 1000,
                         'depth': 'LoadImageFromFile'
                     },
                     'norm_cfg': ['ImageClassifier', True]
                 }, {
                     'type': 'x',
                     'norm_cfg': 0.02,
                     'k2': {}
                 }, {
                     'type': 'SGD',
                     'norm_cfg': (),
                     'hyperparameters_for_something_long': ''
                 }]],
    in_channels=dict(),
    loss=dict(
        depth='x',
        type=({
            'out_indices': None,
            'pipeline': '',
            'type': 'ResNet'
        }, ),
        out_indices=[
            dict(
                type='SGD',
                a=[
                    'data/imagenet/train',
                    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
                ],
                data_prefix=-0.9)
        ]),
    policies=None,
    type='SGD',
    samples_per_gpu=dict(samples_per_gpu=-0.9),
    a=[{
        'depth': {
            'loss': 1e+16
        }
    }, 'ResNet'])
# ----
x = dict(
    keys=[-20, {
        'policies': 'naïve ü',
        'depth': 'naïve ü'
    }],
    in_channels=[dict(type='ResNet', data_prefix=-0.9, a='ResNet')])
# ----
x = dict(loss=[
    dict(
        type='',
        k2=dict(
            data_prefix=[
                dict(type='accuracy', policies='SGD', keys=''),
                dict(
                    type='accuracy',
                    loss=1e+16,
                    a='https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
                )
            ],
            policies=[
                'accuracy', 1.0,
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
            ]),
        in_channels=None),
    dict(
        type='',
        pipeline=dict(
            hyperparameters_for_something_long=123.675,
            keys=[
                dict(type='ResNet', out_indices=-20, k2=123.675),
                dict(type='', in_channels='', policies='x'),
                dict(
                    type=
                    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                    in_channels=False,
                    data_prefix=-20)
            ]),
        keys=True)
])
# ----
x = [
    dict(type='LoadImageFromFile', norm_cfg=1000, lr=1000),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        lr='accuracy',
        hyperparameters_for_something_long='accuracy')
]
# ----
x = dict(
    {'pos embed': dict(keys=dict(depth=0.02), a=(['ResNet'], ), type=('x', ))})
# ----
x = dict(
    out_indices=True,
    keys='ImageClassifier',
    k2='data/imagenet/train',
    lr=-1,
    depth='LoadImageFromFile',
    type='LoadImageFromFile',
    in_channels=1e+16,
    loss='ImageClassifier')
# ----
x = [
    dict(
        type='naïve ü',
        loss=[
            dict(
                type='data/imagenet/train',
                k2=dict(
                    policies=('ImageClassifier', None),
                    keys='data/imagenet/train'),
                depth='x'),
            dict(
                type='accuracy',
                norm_cfg=dict(),
                a=dict(
                    hyperparameters_for_something_long=dict({
                        'norm_cfg': 0.1,
                        'head-fc': 1
                    }),
                    depth='LoadImageFromFile'))
        ],
        data_prefix=1281167),
    dict(
        type='accuracy',
        in_channels=0.02,
        loss=[dict(data_prefix=dict(out_indices='ResNet', lr='ResNet'))])
]
# ----
x = [
    dict(
        type='ImageClassifier',
        in_channels=[
            dict(
                type='ResNet', pipeline=['x', {
                    'depth': 1281167
                }], policies=32),
            dict(
                type='naïve ü',
                hyperparameters_for_something_long='',
                data_prefix=
                ('https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                 ({
                     'hyperparameters_for_something_long': 0
                 }, )))
        ],
        hyperparameters_for_something_long=(1, )),
    dict(
        type='LoadImageFromFile',
        keys=dict(),
        pipeline=[dict(type='accuracy', keys=dict(), loss=0.1)])
]
# ----
x = dict(
    data_prefix=dict(in_channels=[False, 0, 1281167]),
    hyperparameters_for_something_long=dict({
        '1': 123.675,
        'type': ()
    }),
    policies=[
        dict(
            type='data/imagenet/train',
            hyperparameters_for_something_long=[
                dict(type='naïve ü', data_prefix=32, depth='')
            ],
            out_indices='ImageClassifier'),
        dict(
            type='SGD',
            pipeline=dict(
                in_channels='ImageClassifier', type='ImageClassifier'),
            samples_per_gpu='SGD'),
        dict(
            type='SGD',
            lr=[],
            pipeline=dict(a='data/imagenet/train', out_indices=False))
    ])
# ----
x = (([], 'ImageClassifier'), [{
    'a': {},
    'policies': {
        'samples_per_gpu': {
            'type':
            'x',
            'pipeline':
            0,
            'data_prefix':
            'ImageClassifier',
            'samples_per_gpu':
            'data/imagenet/train',
            'head-fc':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
        },
        'policies': [{
            'type': 'data/imagenet/train',
            'k2': '',
            'depth': 32
        }, {
            'type': 'ImageClassifier',
            'samples_per_gpu': 6.103515625e-05,
            'loss': 'data/imagenet/train'
        }, {
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'k2': 1e+16,
            'keys': None
        }, {
            'type': 'SGD',
            'out_indices': 224,
            'keys': 'naïve ü'
        }, {
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'in_channels': '',
            'out_indices': 1
        }]
    }
}])
# ----
x = dict(
    hyperparameters_for_something_long=dict(
        pipeline=['LoadImageFromFile', 'data/imagenet/train']),
    out_indices=0)
# ----
x = dict(
    depth=dict(
        pipeline=[
            dict(
                type='x',
                loss='ResNet',
                policies=dict(samples_per_gpu=dict(norm_cfg=1281167),
                              k2=True)),
            dict(
                type='LoadImageFromFile',
                pipeline=dict(
                    norm_cfg=dict(a='SGD', lr='naïve ü', k2='SGD'),
                    samples_per_gpu='ImageClassifier'),
                hyperparameters_for_something_long=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
            )
        ],
        out_indices=[
            dict(type='', loss=0.1, keys=False),
            dict(
                type='ResNet',
                pipeline=1,
                loss=dict(samples_per_gpu=dict(depth=True, in_channels=0.1)))
        ]),
    pipeline='data/imagenet/train')
# ----
x = dict(
    lr=[
        dict(),
        dict(
            hyperparameters_for_something_long=-1,
            norm_cfg='x',
            type='LoadImageFromFile',
            k2='SGD',
            keys=None,
            a=-1,
            samples_per_gpu=True)
    ],
    samples_per_gpu=[
        dict(
            type='LoadImageFromFile',
            k2=dict(
                keys=False, hyperparameters_for_something_long=-1, type=1e-05),
            policies=['SGD', 'SGD']),
        dict(
            type='naïve ü',
            hyperparameters_for_something_long=dict(pipeline='ResNet', a='x'),
            k2=None),
        dict(
            type='data/imagenet/train',
            hyperparameters_for_something_long=(123.675, ),
            samples_per_gpu='data/imagenet/train'),
        dict(
            type='naïve ü',
            policies=dict(
                keys='LoadImageFromFile',
                hyperparameters_for_something_long='SGD',
                pipeline='naïve ü'),
            samples_per_gpu=dict(loss=False)),
        dict(type='SGD', keys='accuracy', lr=1e+16),
        dict(
            type='data/imagenet/train',
            a=dict(policies='x', lr='', depth=-1),
            policies=dict({
                'policies': 'ImageClassifier',
                'pos embed': 'ResNet'
            })),
        dict(
            type='x',
            hyperparameters_for_something_long=(),
            data_prefix=dict(keys=-0.9, pipeline=False, depth='naïve ü'))
    ])
# ----
x = dict(
    depth=dict({
        'samples_per_gpu':
        dict(
            samples_per_gpu=dict(),
            loss=dict(
                a=('data/imagenet/train', None),
                depth=dict(
                    hyperparameters_for_something_long='naïve ü', a=False),
                out_indices=True),
            k2=dict(
                depth=(),
                samples_per_gpu=[
                    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                    'data/imagenet/train', 'accuracy'
                ])),
        'head-fc':
        None
    }),
    policies=dict(
        keys=(),
        policies=dict(pipeline=1000),
        hyperparameters_for_something_long=[
            dict(
                type='naïve ü',
                pipeline=[dict(), dict(k2=True, norm_cfg='naïve ü')],
                depth=dict())
        ]),
    hyperparameters_for_something_long=1000)
# ----
x = [
    dict(samples_per_gpu=0.1),
    dict({
        '.cls_token': ({
            'loss': -1,
            'policies': 'x'
        }, 'ResNet', None),
        'k2':
        dict(
            hyperparameters_for_something_long=dict(
                lr='accuracy', out_indices=False)),
        'policies':
        dict(
            depth=[
                dict(type='x', samples_per_gpu='', keys='data/imagenet/train'),
                dict(type='ResNet', norm_cfg=False, a=0.02),
                dict(
                    type='accuracy',
                    norm_cfg='',
                    hyperparameters_for_something_long='x')
            ],
            data_prefix=[False]),
        'pipeline': [
            dict(
                type='',
                depth=['ResNet'],
                in_channels=dict(type=-20, loss=224)),
            dict(
                type='data/imagenet/train',
                data_prefix='data/imagenet/train',
                k2=dict(samples_per_gpu='naïve ü', depth=1e+16))
        ],
        'lr':
        'naïve ü',
        'backbone.layers.0':
        -20,
        '1':
        dict(lr=[False, 'accuracy'])
    })
]
# ----
x = [
    dict(type='naïve ü', loss=dict(norm_cfg=0.1), in_channels=1e-05),
    dict(type='LoadImageFromFile', pipeline='', keys='ResNet'),
    dict(type='ResNet', samples_per_gpu=1000, in_channels=None),
    dict(
        type='x',
        k2=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        policies=-1)
]
# ----
x = dict(
    a=dict(
        data_prefix=dict(depth=False, keys='naïve ü', loss=6.103515625e-05)),
    keys='naïve ü',
    in_channels=dict(loss=[
        dict(type='', keys='data/imagenet/train', policies=-20),
        dict(
            type='',
            lr=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            pipeline=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
        )
    ]),
    k2=dict(type=6.103515625e-05, depth='data/imagenet/train'),
    samples_per_gpu=[
        dict(
            type='data/imagenet/train',
            lr=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            pipeline=(1000, 123.675)),
        dict(
            type='accuracy',
            norm_cfg=[
                dict(
                    type='accuracy',
                    pipeline=-1,
                    norm_cfg='data/imagenet/train')
            ],
            lr=[None]),
        dict(
            type='ResNet',
            a=[
                dict(type='LoadImageFromFile', depth=-20, out_indices=-20),
                dict(
                    type='LoadImageFromFile',
                    policies=123.675,
                    depth='naïve ü'),
                dict(type='x', out_indices=1.0, data_prefix=224)
            ],
            keys=dict(
                k2=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                loss=True))
    ])
# ----
x = dict(
    hyperparameters_for_something_long=0.02,
    loss=(['ImageClassifier'], [{
        'type':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'data_prefix': ('naïve ü', 32, 1281167),
        'depth': 'ResNet'
    }]))
# ----
x = [
    dict(type='', a='ResNet', in_channels=-0.9),
    dict(
        type='ImageClassifier',
        policies=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        norm_cfg='SGD'),
    dict(
        type='accuracy',
        samples_per_gpu=6.103515625e-05,
        out_indices='accuracy')
]
# ----
x = 'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
# ----
x = [
    dict(
        type='ResNet',
        keys=[dict(type='naïve ü', loss=(), a=False)],
        data_prefix=32),
    dict(type='accuracy', k2=False, keys='')
]
# ----
x = [
    dict(
        type='SGD',
        data_prefix=1,
        out_indices=dict(
            samples_per_gpu=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            lr=()))
]
# ----
x = [
    dict(
        type='naïve ü',
        norm_cfg=dict(
            depth=[
                dict(
                    type='LoadImageFromFile',
                    k2=None,
                    hyperparameters_for_something_long=((False, -1), (0.1, )))
            ],
            samples_per_gpu=dict(
                policies=({
                    'lr': 6.103515625e-05,
                    'keys': 0.1
                }, ),
                in_channels=1e+16)),
        in_channels=[
            dict(type='SGD', k2=dict(k2=[], a=False), a=[]),
            dict(
                type='ImageClassifier',
                depth=-20,
                lr=({
                    'type': (1281167, ),
                    'depth': ''
                }, 'ResNet'))
        ]),
    dict(
        type='',
        norm_cfg=dict(
            data_prefix=
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            k2=[
                dict(
                    type='naïve ü',
                    out_indices='x',
                    samples_per_gpu=dict(
                        out_indices=(1e-05, 'LoadImageFromFile',
                                     6.103515625e-05),
                        hyperparameters_for_something_long=(),
                        data_prefix=dict(norm_cfg=-20, lr=False))),
                dict(
                    type='LoadImageFromFile',
                    policies='naïve ü',
                    lr=dict({
                        'head-fc': 0,
                        'type': 'x'
                    })),
                dict(
                    type='ImageClassifier',
                    a=
                    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                    depth=[
                        dict(
                            type='data/imagenet/train',
                            data_prefix=1281167,
                            out_indices=1e+16)
                    ])
            ]),
        depth=[]),
    dict(
        type=
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        depth=([[{
            'type': 'LoadImageFromFile',
            'policies': [1281167, 'SGD', 1000],
            'in_channels': [1.0, 'SGD']
        }, {
            'type': 'data/imagenet/train',
            'out_indices': 1000,
            'hyperparameters_for_something_long': {
                'loss': True,
                'lr': 'naïve ü'
            }
        }], 'LoadImageFromFile', {}], {
            'depth': {
                'norm_cfg': 224,
                'out_indices': 'ImageClassifier'
            },
            'in_channels': True
        }),
        hyperparameters_for_something_long=[
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            [
                123.675, 'data/imagenet/train',
                ({
                    'type': 'data/imagenet/train',
                    'k2': 1281167
                }, [{
                    'type': 'naïve ü',
                    'lr': 'accuracy',
                    'keys': 'ImageClassifier'
                }, {
                    'type': '',
                    'policies': 'naïve ü',
                    'out_indices': 'LoadImageFromFile'
                }])
            ], []
        ])
]
# ----
x = [
    dict(
        depth=0.02,
        pipeline=(('SGD', ('LoadImageFromFile', 'data/imagenet/train')), {
            'keys': {
                'samples_per_gpu': 'data/imagenet/train',
                'out_indices': 32,
                'in_channels': 'SGD',
                'pipeline': -0.9
            },
            'policies': {},
            'k2': 32,
            'in_channels': ('accuracy', )
        }, {}),
        loss='ResNet',
        k2=None)
]
# ----
x = 'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
# ----
x = [{
    'pipeline': {
        'depth': ''
    },
    'depth': [{
        'type': 'data/imagenet/train',
        'data_prefix': {
            'in_channels':
            123.675,
            'samples_per_gpu':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth'
        },
        'keys': {}
    }, {
        'type': 'SGD',
        'hyperparameters_for_something_long': -20,
        'keys': 1e+16
    }]
}, 'ImageClassifier', 1.0]
# ----
x = [
    dict(
        type='naïve ü',
        loss='data/imagenet/train',
        data_prefix=dict(
            k2=-1,
            samples_per_gpu=dict(
                lr=
                'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
                in_channels=[],
                k2=dict(
                    data_prefix=1e+16,
                    out_indices=dict(),
                    loss=dict(hyperparameters_for_something_long=True))))),
    dict(type='accuracy', k2='data/imagenet/train', a=0.02),
    dict(
        type='data/imagenet/train',
        data_prefix=[[{
            'type': 'LoadImageFromFile',
            'norm_cfg': 'ResNet',
            'loss': 'LoadImageFromFile'
        }], {
            'samples_per_gpu': {
                'k2': ('LoadImageFromFile', ),
                'keys': {
                    'backbone.layers.0': 'naïve ü',
                    'hyperparameters_for_something_long': 224,
                    'k2': 'ResNet'
                }
            },
            'lr': {
                'a': [{
                    'type': 'LoadImageFromFile',
                    'in_channels': 'ResNet',
                    'samples_per_gpu': 'naïve ü'
                }, {
                    'type': 'LoadImageFromFile',
                    'norm_cfg': 'data/imagenet/train',
                    'a': 'ImageClassifier'
                }]
            }
        }, 0.1],
        loss=True)
]
# ----
x = dict(
    hyperparameters_for_something_long=[
        dict(
            type='data/imagenet/train',
            keys='',
            hyperparameters_for_something_long='data/imagenet/train')
    ],
    norm_cfg=dict())
# ----
x = ([{
    'type':
    'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
    'k2': 'accuracy',
    'a': {}
}, {
    'type':
    'LoadImageFromFile',
    'keys': {
        'a': {
            'pipeline': 1e-05,
            'k2': {
                'norm_cfg': 'LoadImageFromFile',
                'lr': -20
            }
        },
        'depth': {
            'data_prefix': 0.1,
            'norm_cfg': {}
        },
        'norm_cfg': {
            'pipeline': [True]
        }
    },
    'loss': [{
        'type':
        'LoadImageFromFile',
        'out_indices': {
            'depth': 6.103515625e-05
        },
        'loss': [
            True, 224,
            [{
                'type': 'naïve ü',
                'out_indices': False,
                'policies': 1e-05
            }, {
                'type': 'data/imagenet/train',
                'policies': True,
                'in_channels': 'naïve ü'
            }]
        ]
    }, {
        'type':
        'ResNet',
        'out_indices':
        1281167,
        'data_prefix': [[{
            'type': 'ResNet',
            'policies': 'ImageClassifier',
            'norm_cfg': 1e-05
        }, {
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'lr': 'naïve ü',
            'pipeline': 'naïve ü'
        }], 0]
    }]
}], {
    'policies': ['x'],
    '1': [{
        'type':
        'SGD',
        'in_channels': [{
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'keys': {
                'out_indices': 1e-05,
                'keys': None
            },
            'policies': [{
                'type': 'data/imagenet/train',
                'loss': 0.02,
                'in_channels': 1000
            }, {
                'type': 'ImageClassifier',
                'loss': 'LoadImageFromFile',
                'norm_cfg': ''
            }]
        }, {
            'type': '',
            'loss': {
                'keys': False,
                'loss': 1e-05,
                'pipeline': 'accuracy'
            },
            'hyperparameters_for_something_long': 'SGD'
        }],
        'data_prefix': [{
            'type': 'SGD',
            'policies': ['accuracy'],
            'hyperparameters_for_something_long': {
                'loss': 224
            }
        }, {
            'type': 'SGD',
            'a': {},
            'pipeline': {
                'keys': 0.1
            }
        }]
    }, {
        'type': 'data/imagenet/train',
        'depth': -1,
        'hyperparameters_for_something_long': 0.02
    }, {
        'type':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'policies': (6.103515625e-05, 0.1, [{
            'type': 'SGD',
            'norm_cfg': 1281167,
            'pipeline': 'data/imagenet/train'
        }, {
            'type': 'SGD',
            'samples_per_gpu': 'data/imagenet/train',
            'k2': -20
        }]),
        'a': {
            'loss': [None]
        }
    }, {
        'type': 'data/imagenet/train',
        'depth': 'LoadImageFromFile',
        'lr': 1.0
    }, {
        'type': 'accuracy',
        'k2': 0.02,
        'pipeline': {}
    }, {
        'type':
        'accuracy',
        'policies': [('x', 'naïve ü'),
                     [{
                         'type': 'data/imagenet/train',
                         'norm_cfg': True,
                         'samples_per_gpu': None
                     }], 'SGD'],
        'norm_cfg': {
            'norm_cfg': {},
            'keys': 'x'
        }
    }, {
        'type':
        'SGD',
        'a': [{
            'type': 'ResNet',
            'in_channels': ['ImageClassifier'],
            'lr': 6.103515625e-05
        }, {
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'samples_per_gpu': {
                'policies': 'LoadImageFromFile',
                '1': None
            },
            'keys': ['']
        }],
        'data_prefix':
        'LoadImageFromFile'
    }, {
        'type': 'data/imagenet/train',
        'in_channels': {
            'out_indices': {
                'norm_cfg': 'accuracy',
                'in_channels': 123.675,
                'type': 0.02
            },
            'norm_cfg': 1
        },
        'keys': 1e+16
    }]
}, {})
# ----
x = (1, [{'type': 'SGD', 'keys': None, 'in_channels': -20}])
# ----
x = (6.103515625e-05, [{
    'type': 'x',
    'lr': {
        'in_channels': 'ResNet',
        'lr': {
            'type': 'SGD'
        }
    },
    'samples_per_gpu': 0.02
}, {
    'type':
    'x',
    'k2': {
        'lr': []
    },
    'data_prefix': [[{
        'type': '',
        'lr': [123.675],
        'out_indices': {
            'norm_cfg': -20,
            'pipeline': 'data/imagenet/train'
        }
    }], None]
}, {
    'type':
    '',
    'a': [None],
    'depth': [{
        'type':
        'accuracy',
        'samples_per_gpu': {
            'keys': {
                'depth': 224,
                'pipeline': -1
            },
            'policies': 'accuracy'
        },
        'data_prefix': [{
            'type': '',
            'norm_cfg': 'x',
            'loss': ['x', 224]
        }]
    }, {
        'type':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'out_indices': {
            'pipeline': {}
        },
        'policies': [{}]
    }]
}, {
    'type':
    'SGD',
    'depth':
    [('ImageClassifier', 'LoadImageFromFile'),
     'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
     {
         'k2': [{
             'type': 'accuracy',
             'out_indices': '',
             'depth': 'accuracy'
         }, {
             'type':
             'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
             'data_prefix': '',
             'a': -20
         }]
     }],
    'samples_per_gpu':
    1e+16
}, {
    'type':
    'accuracy',
    'policies': {
        'loss': 1e-05,
        'depth': {}
    },
    'out_indices': [{
        'type':
        'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
        'hyperparameters_for_something_long': 0,
        'out_indices': 'x'
    }]
}, {
    'type':
    'x',
    'norm_cfg': [
        False,
        [{
            'type':
            'https://download.example.org/models/some-very-long-name/resnet50_8xb32_in1k_20210831-ea4938fa.pth',
            'policies': -1,
            'k2': None
        }]
    ],
    'depth':
    'ImageClassifier'
}])
# ----
