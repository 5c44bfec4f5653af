# ResNet-18 on your own images: data/images/train/CLASS/*.jpg and data/images/val/CLASS/*.jpg, here with two classes.
# Other places and numbers: --cfg-options data.train.data_prefix=… model.head.num_classes=…
_base_ = './resnet18_8xb32_in1k.py'
model = dict(head=dict(num_classes=2, topk=(1, )))
held_out = dict(type='CustomDataset', data_prefix='data/images/val', ann_file=None)
data = dict(
    train=dict(type='CustomDataset', data_prefix='data/images/train'),
    val=held_out,
    test=held_out)
del held_out
evaluation = dict(metric_options=dict(topk=(1, )))
optimizer = dict(lr=0.0125)
