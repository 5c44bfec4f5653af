_base_ = 'vgg16_8xb16_voc.py'
