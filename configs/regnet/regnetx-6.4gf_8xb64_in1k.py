_base_ = 'regnetx-400mf_8xb128_in1k.py'
model = dict(backbone=dict(arch='regnetx_6.4gf'), head=dict(in_channels=1624))
optimizer = dict(lr=0.4)
data = dict(samples_per_gpu=64)
