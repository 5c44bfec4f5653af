_base_ = 'regnetx_400mf.py'
model = dict(backbone=dict(arch='regnetx_8.0gf'), head=dict(in_channels=1920))
