# He et al. 2015, section 4.2: 64 000 iterations of batch 128 are 164 epochs of CIFAR-10;
# the rate drops at 32 000 and 48 000 iterations, epochs 82 and 123.
optimizer = dict(type='SGD', lr=0.1, momentum=0.9, weight_decay=0.0001)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='step', step=[82, 123])
runner = dict(type='EpochBasedRunner', max_epochs=164)
