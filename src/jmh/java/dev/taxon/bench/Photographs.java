package dev.taxon.bench;

import dev.taxon.config.Config;
import dev.taxon.data.Batches;
import dev.taxon.data.DataLoader;
import dev.taxon.data.Loading;
import dev.taxon.data.RandomSampler;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Datasets;
import dev.taxon.data.dataset.Provider;
import dev.taxon.device.InputSpec;
import dev.taxon.device.InputSpec.Layout;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A folder of JPEG files for benchmarks, and the loader of ImageNet training over it. */
final class Photographs {
    static final int BATCH = 32;
    static final int SIDE = 224;

    private Photographs() {}

    /** All files, in order. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(
                            p -> p.toString().toLowerCase(java.util.Locale.ROOT).matches(".*\\.jpe?g"))
                    .sorted()
                    .toList();
        }
    }

    /** Synthetic pictures at the usual size of ImageNet's, 500 × 375: slopes, edges and noise. */
    static Path synthetic(int count) throws IOException {
        Path folder = Files.createTempDirectory("taxon-photographs");
        Path one = Files.createDirectories(folder.resolve("one"));
        for (int n = 0; n < count; n++) {
            BufferedImage image = new BufferedImage(500, 375, BufferedImage.TYPE_INT_RGB);
            Rng rng = new Rng(1, n);
            for (int i = 0; i < 500 * 375; i++) {
                int x = i % 500;
                int y = i / 500;
                int grain = rng.nextInt(24);
                int tone = (int) (90 + 60 * Math.sin(x * 0.02 + n) + 50 * Math.cos(y * 0.03)) + grain;
                int edge = (x / 40 + y / 30) % 2 * 40;
                image.setRGB(x, y, Math.min(255, tone + edge) << 16 | (tone & 0xFF) << 8 | (x / 2 & 0xFF));
            }
            ImageIO.write(image, "jpg", one.resolve(n + ".jpg").toFile());
        }
        return folder;
    }

    /** Reads, crops to 224, flips, normalizes, in batches of 32 (NCHW). */
    static DataLoader loader(Path folder, int workers) {
        String config = """
                train = dict(type='CustomDataset', data_prefix='%s', pipeline=[
                    dict(type='LoadImageFromFile'), dict(type='RandomResizedCrop', size=224),
                    dict(type='RandomFlip', flip_prob=0.5, direction='horizontal'),
                    dict(type='Normalize', mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True),
                    dict(type='ImageToTensor', keys=['img']), dict(type='ToTensor', keys=['gt_label']),
                    dict(type='Collect', keys=['img', 'gt_label'])])
                """.formatted(folder);
        Dataset dataset =
                Datasets.build(Config.parse(config, "bench").fields().dict("train"), Path.of(""), Provider.NONE, false);
        InputSpec spec = new InputSpec(Math.min(BATCH, dataset.size()), Shape.of(3, SIDE, SIDE), Layout.NCHW);
        return new DataLoader(dataset, new RandomSampler(1), spec, Loading.training(workers, 1));
    }

    /** One epoch. @return samples */
    static int epoch(DataLoader loader, int epoch) {
        int samples = 0;
        try (Batches batches = loader.iterator(epoch)) {
            while (batches.hasNext()) {
                samples += batches.next().count();
            }
        }
        return samples;
    }
}
