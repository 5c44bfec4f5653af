package dev.taxon.checkpoint.names;

import dev.taxon.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * State dicts of torchvision's and timm's models, by name and shape, written down from their sources: torchvision 0.20
 * {@code torchvision/models}, timm 1.0 {@code timm/models}.
 */
final class ForeignModels {
    private final Map<String, Shape> entries = new LinkedHashMap<>();

    private ForeignModels() {}

    private void conv(String name, int out, int in, int kernel) {
        entries.put(name + ".weight", Shape.of(out, in, kernel, kernel));
    }

    private void biased(String name, int out, int in, int kernel) {
        conv(name, out, in, kernel);
        entries.put(name + ".bias", Shape.of(out));
    }

    private void bn(String name, int channels) {
        norm(name, channels);
        entries.put(name + ".running_mean", Shape.of(channels));
        entries.put(name + ".running_var", Shape.of(channels));
        entries.put(name + ".num_batches_tracked", Shape.SCALAR);
    }

    private void norm(String name, int channels) {
        entries.put(name + ".weight", Shape.of(channels));
        entries.put(name + ".bias", Shape.of(channels));
    }

    private void convBn(String conv, String bn, int out, int in, int kernel) {
        conv(conv, out, in, kernel);
        bn(bn, out);
    }

    private void linear(String name, int out, int in) {
        entries.put(name + ".weight", Shape.of(out, in));
        entries.put(name + ".bias", Shape.of(out));
    }

    /** How a ResNet of timm differs from torchvision's. */
    enum Variant {
        PLAIN,
        DEEP_STEM_AND_POOL,
        SQUEEZE,
        SPLIT_ATTENTION
    }

    static Map<String, Shape> resnet50(Variant variant, int groups, int width) {
        ForeignModels m = new ForeignModels();
        boolean deep = variant == Variant.DEEP_STEM_AND_POOL || variant == Variant.SPLIT_ATTENTION;
        if (deep) {
            m.convBn("conv1.0", "conv1.1", 32, 3, 3);
            m.convBn("conv1.3", "conv1.4", 32, 32, 3);
            m.conv("conv1.6", 64, 32, 3);
        } else {
            m.conv("conv1", 64, 3, 7);
        }
        m.bn("bn1", 64);
        int in = 64;
        int[] blocks = {3, 4, 6, 3};
        for (int stage = 0; stage < 4; stage++) {
            int planes = 64 << stage;
            int mid = planes * width / 64 * groups;
            for (int i = 0; i < blocks[stage]; i++) {
                String b = "layer" + (stage + 1) + "." + i + ".";
                m.convBn(b + "conv1", b + "bn1", mid, in, 1);
                if (variant == Variant.SPLIT_ATTENTION) {
                    m.convBn(b + "conv2.conv", b + "conv2.bn0", 2 * mid, mid / 2, 3);
                    m.biased(b + "conv2.fc1", Math.max(32, mid / 2), mid, 1);
                    m.bn(b + "conv2.bn1", Math.max(32, mid / 2));
                    m.biased(b + "conv2.fc2", 2 * mid, Math.max(32, mid / 2), 1);
                } else {
                    m.convBn(b + "conv2", b + "bn2", mid, mid / groups, 3);
                }
                m.convBn(b + "conv3", b + "bn3", 4 * planes, mid, 1);
                if (variant == Variant.SQUEEZE) {
                    m.biased(b + "se.fc1", planes / 4, 4 * planes, 1);
                    m.biased(b + "se.fc2", 4 * planes, planes / 4, 1);
                }
                if (i == 0) {
                    int first = deep ? 1 : 0; // 0 is the pool
                    m.convBn(b + "downsample." + first, b + "downsample." + (first + 1), 4 * planes, in, 1);
                }
                in = 4 * planes;
            }
        }
        m.linear("fc", 1000, 2048);
        return m.entries;
    }

    static Map<String, Shape> vgg(boolean norm, boolean timm, int... convolutions) {
        ForeignModels m = new ForeignModels();
        int number = 0;
        int in = 3;
        for (int stage = 0; stage < 5; stage++) {
            for (int i = 0; i < convolutions[stage]; i++) {
                int out = Math.min(64 << stage, 512);
                m.biased("features." + number++, out, in, 3);
                if (norm) {
                    m.bn("features." + number++, out);
                }
                number++; // ReLU
                in = out;
            }
            number++; // pool
        }
        if (timm) {
            m.biased("pre_logits.fc1", 4096, 512, 7);
            m.biased("pre_logits.fc2", 4096, 4096, 1);
            m.linear("head.fc", 1000, 4096);
        } else {
            m.linear("classifier.0", 4096, 512 * 7 * 7);
            m.linear("classifier.3", 4096, 4096);
            m.linear("classifier.6", 1000, 4096);
        }
        return m.entries;
    }

    static Map<String, Shape> alexNet() {
        ForeignModels m = new ForeignModels();
        m.biased("features.0", 64, 3, 11);
        m.biased("features.3", 192, 64, 5);
        m.biased("features.6", 384, 192, 3);
        m.biased("features.8", 256, 384, 3);
        m.biased("features.10", 256, 256, 3);
        m.linear("classifier.1", 4096, 256 * 6 * 6);
        m.linear("classifier.4", 4096, 4096);
        m.linear("classifier.6", 1000, 4096);
        return m.entries;
    }

    static Map<String, Shape> mobileNetV2(boolean timm) {
        ForeignModels m = new ForeignModels();
        m.convBn(timm ? "conv_stem" : "features.0.0", timm ? "bn1" : "features.0.1", 32, 3, 3);
        int[][] stages = {{1, 16, 1}, {6, 24, 2}, {6, 32, 3}, {6, 64, 4}, {6, 96, 3}, {6, 160, 3}, {6, 320, 1}};
        int in = 32;
        int number = 1;
        for (int stage = 0; stage < stages.length; stage++) {
            int out = stages[stage][1];
            int mid = in;
            for (int i = 0; i < stages[stage][2]; i++) {
                mid = in * stages[stage][0];
                boolean expands = stages[stage][0] > 1;
                if (timm) {
                    String b = "blocks." + stage + "." + i + ".";
                    if (expands) {
                        m.convBn(b + "conv_pw", b + "bn1", mid, in, 1);
                        m.convBn(b + "conv_dw", b + "bn2", mid, 1, 3);
                        m.convBn(b + "conv_pwl", b + "bn3", out, mid, 1);
                    } else {
                        m.convBn(b + "conv_dw", b + "bn1", mid, 1, 3);
                        m.convBn(b + "conv_pw", b + "bn2", out, mid, 1);
                    }
                } else {
                    String b = "features." + number++ + ".conv.";
                    int next = 0;
                    if (expands) {
                        m.convBn(b + "0.0", b + "0.1", mid, in, 1);
                        next++;
                    }
                    m.convBn(b + next + ".0", b + next + ".1", mid, 1, 3);
                    m.convBn(b + (next + 1), b + (next + 2), out, mid, 1);
                }
                in = out;
            }
        }
        m.convBn(timm ? "conv_head" : "features.18.0", timm ? "bn2" : "features.18.1", 1280, 320, 1);
        m.linear(timm ? "classifier" : "classifier.1", 1000, 1280);
        return m.entries;
    }

    static Map<String, Shape> mobileNetV3Small() {
        ForeignModels m = new ForeignModels();
        // kernel, expanded, out, squeezed (0 for none)
        int[][] blocks = {
            {3, 16, 16, 8},
            {3, 72, 24, 0},
            {3, 88, 24, 0},
            {5, 96, 40, 24},
            {5, 240, 40, 64},
            {5, 240, 40, 64},
            {5, 120, 48, 32},
            {5, 144, 48, 40},
            {5, 288, 96, 72},
            {5, 576, 96, 144},
            {5, 576, 96, 144}
        };
        m.convBn("features.0.0", "features.0.1", 16, 3, 3);
        int in = 16;
        for (int i = 0; i < blocks.length; i++) {
            String b = "features." + (i + 1) + ".block.";
            int mid = blocks[i][1];
            int next = 0;
            if (mid != in) {
                m.convBn(b + next + ".0", b + next + ".1", mid, in, 1);
                next++;
            }
            m.convBn(b + next + ".0", b + next + ".1", mid, 1, blocks[i][0]);
            next++;
            if (blocks[i][3] > 0) {
                m.biased(b + next + ".fc1", blocks[i][3], mid, 1);
                m.biased(b + next + ".fc2", mid, blocks[i][3], 1);
                next++;
            }
            m.convBn(b + next + ".0", b + next + ".1", blocks[i][2], mid, 1);
            in = blocks[i][2];
        }
        m.convBn("features.12.0", "features.12.1", 576, 96, 1);
        m.linear("classifier.0", 1024, 576);
        m.linear("classifier.3", 1000, 1024);
        return m.entries;
    }

    static Map<String, Shape> shuffleNetV2() {
        ForeignModels m = new ForeignModels();
        m.convBn("conv1.0", "conv1.1", 24, 3, 3);
        int in = 24;
        int[] repeats = {4, 8, 4};
        for (int stage = 0; stage < 3; stage++) {
            int half = 58 << stage;
            for (int i = 0; i < repeats[stage]; i++) {
                String b = "stage" + (stage + 2) + "." + i + ".";
                if (i == 0) {
                    m.convBn(b + "branch1.0", b + "branch1.1", in, 1, 3);
                    m.convBn(b + "branch1.2", b + "branch1.3", half, in, 1);
                }
                m.convBn(b + "branch2.0", b + "branch2.1", half, i == 0 ? in : half, 1);
                m.convBn(b + "branch2.3", b + "branch2.4", half, 1, 3);
                m.convBn(b + "branch2.5", b + "branch2.6", half, half, 1);
            }
            in = 2 * half;
        }
        m.convBn("conv5.0", "conv5.1", 1024, in, 1);
        m.linear("fc", 1000, 1024);
        return m.entries;
    }

    /** @param dot between the words and numbers of a layer: none today, "." until torchvision 0.2.1 */
    static Map<String, Shape> denseNet121(String dot) {
        ForeignModels m = new ForeignModels();
        m.convBn("features.conv0", "features.norm0", 64, 3, 7);
        int channels = 64;
        int[] layers = {6, 12, 24, 16};
        for (int block = 1; block <= 4; block++) {
            for (int i = 1; i <= layers[block - 1]; i++) {
                String b = "features.denseblock" + block + ".denselayer" + i + ".";
                m.bn(b + "norm" + dot + "1", channels);
                m.convBn(b + "conv" + dot + "1", b + "norm" + dot + "2", 128, channels, 1);
                m.conv(b + "conv" + dot + "2", 32, 128, 3);
                channels += 32;
            }
            if (block < 4) {
                m.bn("features.transition" + block + ".norm", channels);
                m.conv("features.transition" + block + ".conv", channels / 2, channels, 1);
                channels /= 2;
            }
        }
        m.bn("features.norm5", channels);
        m.linear("classifier", 1000, channels);
        return m.entries;
    }

    static Map<String, Shape> regNetX400(boolean timm) {
        ForeignModels m = new ForeignModels();
        m.convBn(timm ? "stem.conv" : "stem.0", timm ? "stem.bn" : "stem.1", 32, 3, 3);
        int in = 32;
        int[] widths = {32, 64, 160, timm ? 384 : 400}; // 392, rounded to 16 by each in its own way
        int[] blocks = {1, 2, 7, 12};
        for (int stage = 0; stage < 4; stage++) {
            int out = widths[stage];
            for (int i = 0; i < blocks[stage]; i++) {
                String b = timm
                        ? "s" + (stage + 1) + ".b" + (i + 1) + "."
                        : "trunk_output.block" + (stage + 1) + ".block" + (stage + 1) + "-" + i + ".";
                if (i == 0) {
                    m.convBn(
                            b + (timm ? "downsample.conv" : "proj.0"),
                            b + (timm ? "downsample.bn" : "proj.1"),
                            out,
                            in,
                            1);
                }
                m.convBn(b + (timm ? "conv1.conv" : "f.a.0"), b + (timm ? "conv1.bn" : "f.a.1"), out, in, 1);
                m.convBn(b + (timm ? "conv2.conv" : "f.b.0"), b + (timm ? "conv2.bn" : "f.b.1"), out, 16, 3);
                m.convBn(b + (timm ? "conv3.conv" : "f.c.0"), b + (timm ? "conv3.bn" : "f.c.1"), out, out, 1);
                in = out;
            }
        }
        m.linear(timm ? "head.fc" : "fc", 1000, widths[3]);
        return m.entries;
    }

    static Map<String, Shape> vitBase16(boolean timm) {
        ForeignModels m = new ForeignModels();
        m.entries.put(timm ? "cls_token" : "class_token", Shape.of(1, 1, 768));
        m.entries.put(timm ? "pos_embed" : "encoder.pos_embedding", Shape.of(1, 197, 768));
        m.biased(timm ? "patch_embed.proj" : "conv_proj", 768, 3, 16);
        for (int i = 0; i < 12; i++) {
            String b = timm ? "blocks." + i + "." : "encoder.layers.encoder_layer_" + i + ".";
            m.norm(b + (timm ? "norm1" : "ln_1"), 768);
            if (timm) {
                m.linear(b + "attn.qkv", 2304, 768);
                m.linear(b + "attn.proj", 768, 768);
            } else {
                m.entries.put(b + "self_attention.in_proj_weight", Shape.of(2304, 768));
                m.entries.put(b + "self_attention.in_proj_bias", Shape.of(2304));
                m.linear(b + "self_attention.out_proj", 768, 768);
            }
            m.norm(b + (timm ? "norm2" : "ln_2"), 768);
            m.linear(b + (timm ? "mlp.fc1" : i % 2 == 0 ? "mlp.0" : "mlp.linear_1"), 3072, 768);
            m.linear(b + (timm ? "mlp.fc2" : i % 2 == 0 ? "mlp.3" : "mlp.linear_2"), 768, 3072);
        }
        m.norm(timm ? "norm" : "encoder.ln", 768);
        m.linear(timm ? "head" : "heads.head", 1000, 768);
        return m.entries;
    }
}
