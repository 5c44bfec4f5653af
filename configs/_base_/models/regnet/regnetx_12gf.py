_base_ = 'regnetx_400mf.py'
model = dict(backbone=dict(arch='regnetx_12gf'), head=dict(in_channels=2240))
