"""Makes src/test/resources/golden/checkpoint/tensors.safetensors with the safetensors library, from the tensors of zip.pth.

usage: python scripts/golden/safetensors_file.py      (PyTorch 2.13, safetensors 0.8)
"""
from pathlib import Path

import torch
from safetensors.torch import save_file

OUT = Path('src/test/resources/golden/checkpoint')

state = torch.load(OUT / 'zip.pth')['state_dict']
save_file({name: t.detach().clone().contiguous() for name, t in state.items()}, OUT / 'tensors.safetensors',
          metadata={'format': 'pt', 'note': 'grün'})
