_base_ = 'regnetx_400mf.py'
model = dict(backbone=dict(arch='regnetx_800mf'), head=dict(in_channels=672))
