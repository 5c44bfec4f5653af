"""The benchmarks' models in plain PyTorch. Their state dicts have mmcls's order, since the weights' formula goes by it."""
import torch
from torch import nn


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
            nn.Conv2d(16, 120, 5), nn.Tanh())
        self.classifier = nn.Sequential(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class Block(nn.Module):
    """BasicBlock (widths of two 3x3) or Bottleneck (1x1, 3x3 in groups, 1x1; the stride stands in the 3x3)."""

    def __init__(self, channels, width, out, stride, bottleneck, groups=1):
        super().__init__()
        kernels = [(channels, width, 1, 1), (width, width, 3, stride), (width, out, 1, 1)] if bottleneck else [
            (channels, out, 3, stride), (out, out, 3, 1)]
        self.depth = len(kernels)
        for i, (a, b, k, s) in enumerate(kernels, 1):
            self.add_module(f'conv{i}', nn.Conv2d(a, b, k, s, k // 2, groups=groups if k == 3 else 1, bias=False))
            self.add_module(f'bn{i}', nn.BatchNorm2d(b))
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or channels != out:
            self.downsample = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = x
        for i in range(1, self.depth + 1):
            y = getattr(self, f'bn{i}')(getattr(self, f'conv{i}')(y))
            if i < self.depth:
                y = self.relu(y)
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """With groups, ResNeXt of 4 channels a group."""

    def __init__(self, blocks, bottleneck, cifar, groups=1):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False) if cifar else nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.Identity() if cifar else nn.MaxPool2d(3, 2, 1)
        channels = 64
        for stage, count in enumerate(blocks):
            out = (64 << stage) * (4 if bottleneck else 1)
            width = (64 << stage) if groups == 1 else (4 * groups) << stage
            layer = []
            for i in range(count):
                layer.append(Block(channels, width, out, 2 if stage and i == 0 else 1, bottleneck, groups))
                channels = out
            self.add_module(f'layer{stage + 1}', nn.Sequential(*layer))

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3))


class CifarBlock(nn.Module):
    """Two 3x3, and a shortcut without parameters: every second pixel, and zeros in the new channels."""

    def __init__(self, channels, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.stride, self.new = stride, out - channels

    def forward(self, x):
        y = nn.functional.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        if self.stride != 1:
            x = nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.new // 2, self.new - self.new // 2))
        return nn.functional.relu(y + x, inplace=True)


class ResNetCifarA(nn.Module):
    """ResNet-20 of He et al. 2015 when each of the three stages has three blocks."""

    def __init__(self, blocks):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        channels = 16
        for stage in range(3):
            layer = []
            for i in range(blocks):
                layer.append(CifarBlock(channels, 16 << stage, 2 if stage and i == 0 else 1))
                channels = 16 << stage
            self.add_module(f'layer{stage + 1}', nn.Sequential(*layer))

    def forward(self, x):
        x = nn.functional.relu(self.bn1(self.conv1(x)), inplace=True)
        return self.layer3(self.layer2(self.layer1(x))).mean((2, 3))


class Classifier(nn.Module):
    def __init__(self, backbone, features=None, classes=None):
        super().__init__()
        self.backbone = backbone
        self.head = nn.Module()
        if features:
            self.head.fc = nn.Linear(features, classes)

    def forward(self, x):
        x = self.backbone(x)
        return self.head.fc(x) if hasattr(self.head, 'fc') else x


class ConvBn(nn.Sequential):
    """Convolution without bias, batch norm and, unless none is asked for, an activation."""

    def __init__(self, channels, out, kernel, stride=1, groups=1, act=nn.ReLU):
        layers = [nn.Conv2d(channels, out, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(out)]
        super().__init__(*layers, *([act(inplace=True)] if act else []))


class InvertedResidual(nn.Module):
    def __init__(self, channels, out, stride, expand):
        super().__init__()
        hidden = channels * expand
        first = [ConvBn(channels, hidden, 1, act=nn.ReLU6)] if expand != 1 else []
        self.conv = nn.Sequential(*first, ConvBn(hidden, hidden, 3, stride, hidden, nn.ReLU6),
                                  ConvBn(hidden, out, 1, act=None))
        self.residual = stride == 1 and channels == out

    def forward(self, x):
        return x + self.conv(x) if self.residual else self.conv(x)


class MobileNetV2(nn.Module):
    SETTINGS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))

    def __init__(self):
        super().__init__()
        layers = [ConvBn(3, 32, 3, 2, act=nn.ReLU6)]
        channels = 32
        for expand, out, count, stride in self.SETTINGS:
            for i in range(count):
                layers.append(InvertedResidual(channels, out, stride if i == 0 else 1, expand))
                channels = out
        self.layers = nn.Sequential(*layers, ConvBn(320, 1280, 1, act=nn.ReLU6))

    def forward(self, x):
        return self.layers(x).mean((2, 3))


class ShuffleUnit(nn.Module):
    def __init__(self, channels, out, stride):
        super().__init__()
        half = out // 2
        self.stride = stride
        if stride > 1:
            self.branch1 = nn.Sequential(ConvBn(channels, channels, 3, stride, channels, None), ConvBn(channels, half, 1))
        before = channels if stride > 1 else half
        self.branch2 = nn.Sequential(ConvBn(before, half, 1), ConvBn(half, half, 3, stride, half, None),
                                     ConvBn(half, half, 1))

    def forward(self, x):
        if self.stride > 1:
            x = torch.cat((self.branch1(x), self.branch2(x)), 1)
        else:
            kept, changed = x.chunk(2, 1)
            x = torch.cat((kept, self.branch2(changed)), 1)
        n, c, h, w = x.shape
        return x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


class ShuffleNetV2(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [ConvBn(3, 24, 3, 2), nn.MaxPool2d(3, 2, 1)]
        channels = 24
        for out, count in ((116, 4), (232, 8), (464, 4)):
            for i in range(count):
                layers.append(ShuffleUnit(channels, out, 2 if i == 0 else 1))
                channels = out
        self.layers = nn.Sequential(*layers, ConvBn(464, 1024, 1))

    def forward(self, x):
        return self.layers(x).mean((2, 3))


class GroupedShuffleUnit(nn.Module):
    """As in mmcls, the shuffle comes behind the depthwise convolution."""

    def __init__(self, channels, out, groups, first_groups, down):
        super().__init__()
        self.groups, self.down = groups, down
        middle = out // 4
        self.compress = ConvBn(channels, middle, 1, groups=first_groups)
        self.depthwise = ConvBn(middle, middle, 3, 2 if down else 1, middle, None)
        self.expand = ConvBn(middle, out - channels if down else out, 1, groups=groups, act=None)
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.AvgPool2d(3, 2, 1)

    def forward(self, x):
        y = self.depthwise(self.compress(x))
        n, c, h, w = y.shape
        y = self.expand(y.view(n, self.groups, c // self.groups, h, w).transpose(1, 2).reshape(n, c, h, w))
        return torch.cat((self.pool(x), self.relu(y)), 1) if self.down else self.relu(x + y)


class ShuffleNetV1(nn.Module):
    """3 groups."""

    def __init__(self):
        super().__init__()
        layers = [ConvBn(3, 24, 3, 2), nn.MaxPool2d(3, 2, 1)]
        channels = 24
        for out, count in ((240, 4), (480, 8), (960, 4)):
            for i in range(count):
                layers.append(GroupedShuffleUnit(channels, out, 3, 1 if channels == 24 else 3, i == 0))
                channels = out
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x).mean((2, 3))


class Vgg16(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        channels = 3
        for out, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
            for _ in range(count):
                layers += [nn.Conv2d(channels, out, 3, padding=1), nn.ReLU(inplace=True)]
                channels = out
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Linear(25088, 4096), nn.ReLU(inplace=True), nn.Dropout(),
            nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout(), nn.Linear(4096, 1000))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class EncoderLayer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.ln1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = nn.Module()
        self.attn.qkv = nn.Linear(width, 3 * width)
        self.attn.proj = nn.Linear(width, width)
        self.ln2 = nn.LayerNorm(width, eps=1e-6)
        self.ffn = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))
        self.heads = heads

    def forward(self, x):
        n, tokens, width = x.shape
        q, k, v = self.attn.qkv(self.ln1(x)).view(n, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        y = nn.functional.scaled_dot_product_attention(q, k, v)
        x = x + self.attn.proj(y.transpose(1, 2).reshape(n, tokens, width))
        return x + self.ffn(self.ln2(x))


class VisionTransformer(nn.Module):
    """ViT-B/16 for 224 x 224; gives the class token."""

    def __init__(self, width=768, depth=12, heads=12, hidden=3072):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 197, width))
        self.projection = nn.Conv2d(3, width, 16, 16)
        self.layers = nn.Sequential(*[EncoderLayer(width, heads, hidden) for _ in range(depth)])
        self.ln1 = nn.LayerNorm(width, eps=1e-6)

    def forward(self, x):
        x = self.projection(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls_token.expand(len(x), -1, -1), x), 1) + self.pos_embed
        return self.ln1(self.layers(x))[:, 0]


MODELS = {
    'lenet5': lambda: Classifier(LeNet5()),
    'resnet20': lambda: Classifier(ResNetCifarA(3), 64, 10),
    'resnet18_cifar': lambda: Classifier(ResNet((2, 2, 2, 2), False, True), 512, 10),
    'resnet18': lambda: Classifier(ResNet((2, 2, 2, 2), False, False), 512, 1000),
    'resnet50': lambda: Classifier(ResNet((3, 4, 6, 3), True, False), 2048, 1000),
    'resnext50': lambda: Classifier(ResNet((3, 4, 6, 3), True, False, 32), 2048, 1000),
    'mobilenet_v2': lambda: Classifier(MobileNetV2(), 1280, 1000),
    'shufflenet_v1': lambda: Classifier(ShuffleNetV1(), 960, 1000),
    'shufflenet_v2': lambda: Classifier(ShuffleNetV2(), 1024, 1000),
    'vgg16': lambda: Classifier(Vgg16()),
    'vit_b16': lambda: Classifier(VisionTransformer(), 768, 1000),
}
