# mmcls 0.12: ViT-B/16, fine-tuned on images of 224 x 224.
_base_ = [
    '../_base_/models/vit_base_patch16_224_finetune.py', '../_base_/datasets/imagenet_bs32_pil_resize.py',
    '../_base_/schedules/imagenet_bs256_epochstep.py', '../_base_/default_runtime.py'
]
