package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.random.Rng;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of PNG files, one sub-folder a class, through the command line: train, test, infer. */
class FolderOfImagesTest {
    private static final List<String> CLASSES = List.of("blue", "green", "red");

    @TempDir
    private Path dir;

    private Path config;

    @BeforeEach
    void makeData() throws IOException {
        for (String split : List.of("train", "val")) {
            for (int label = 0; label < CLASSES.size(); label++) {
                Path folder = Files.createDirectories(dir.resolve(split).resolve(CLASSES.get(label)));
                for (int i = 0; i < (split.equals("train") ? 24 : 6); i++) {
                    picture(label, 100 * label + i, folder.resolve(i + ".png"));
                }
            }
        }
        config = Files.writeString(dir.resolve("folder.py"), """
                norm = dict(type='Normalize', mean=[127.5] * 3, std=[64.0] * 3, to_rgb=True)
                train_pipeline = [
                    dict(type='LoadImageFromFile'),
                    dict(type='RandomResizedCrop', size=32, scale=(0.5, 1.0)),
                    dict(type='RandomFlip', flip_prob=0.5, direction='horizontal'),
                    dict(type='ColorJitter', brightness=0.1, contrast=0.1, saturation=0.1),
                    dict(type='RandomErasing', erase_prob=0.2, max_area_ratio=0.1),
                    norm,
                    dict(type='ImageToTensor', keys=['img']),
                    dict(type='ToTensor', keys=['gt_label']),
                    dict(type='Collect', keys=['img', 'gt_label'])
                ]
                test_pipeline = [
                    dict(type='LoadImageFromFile'), dict(type='Resize', size=(36, -1)),
                    dict(type='CenterCrop', crop_size=32), norm,
                    dict(type='ImageToTensor', keys=['img']), dict(type='Collect', keys=['img'])
                ]
                val = dict(type='CustomDataset', data_prefix='ROOT/val', pipeline=test_pipeline)
                data = dict(
                    samples_per_gpu=12,
                    workers_per_gpu=2,
                    train=dict(type='CustomDataset', data_prefix='ROOT/train', pipeline=train_pipeline),
                    val=val,
                    test=val)
                model = dict(
                    type='ImageClassifier',
                    backbone=dict(
                        type='ResNet_CIFAR', depth=18, num_stages=4, stem_channels=8, base_channels=8,
                        out_indices=(3, ), style='pytorch'),
                    neck=dict(type='GlobalAveragePooling'),
                    head=dict(
                        type='LinearClsHead', num_classes=3, in_channels=64,
                        loss=dict(type='CrossEntropyLoss', loss_weight=1.0), topk=(1, )))
                optimizer = dict(type='SGD', lr=0.05, momentum=0.9)
                optimizer_config = dict(grad_clip=None)
                lr_config = dict(policy='step', step=[10])
                runner = dict(type='EpochBasedRunner', max_epochs=1)
                evaluation = dict(interval=1, metric='accuracy', metric_options=dict(topk=(1, )))
                checkpoint_config = dict(interval=1)
                log_config = dict(interval=2, hooks=[dict(type='TextLoggerHook')])
                """.replace("ROOT", dir.toString()));
    }

    /** Noise with a tint, of any size. */
    private static void picture(int label, int seed, Path file) throws IOException {
        Rng rng = new Rng(seed, 0);
        var image = new BufferedImage(40 + rng.nextInt(30), 40 + rng.nextInt(30), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int noise = rng.nextInt() & 0x7F7F7F;
                image.setRGB(x, y, noise | 0x80 << 8 * label);
            }
        }
        ImageIO.write(image, "png", file.toFile());
    }

    @Test
    void trainsTestsAndInfers() {
        Path work = dir.resolve("work");
        CommandLineRun trained = CommandLineRun.of("train", config, "--work-dir", work, "--seed", 1);
        assertEquals(0, trained.exitCode(), trained.err() + trained.out());
        assertTrue(trained.out().contains("Epoch [1][6/6]"), trained.out());
        String val = trained.out()
                .lines()
                .filter(l -> l.contains("Epoch(val) [1][2]\t"))
                .findFirst()
                .orElseThrow();
        double accuracy = Double.parseDouble(val.replaceFirst(".*accuracy_top-1: ([0-9.]+).*", "$1"));
        CommandLineRun tested = CommandLineRun.of("test", config, work.resolve("latest.pth"), "--metrics", "accuracy");
        assertEquals(0, tested.exitCode(), tested.err());
        String printed = tested.out().replaceFirst("(?s).*accuracy_top-1 : ([0-9.]+).*", "$1");
        assertEquals(accuracy, Double.parseDouble(printed), 0.005, tested.out());
        Path red = dir.resolve("val/red/0.png");
        CommandLineRun inferred = CommandLineRun.of("infer", red, config, work.resolve("latest.pth"));
        assertEquals(0, inferred.exitCode(), inferred.err());
        assertTrue(CLASSES.stream().anyMatch(inferred.out()::contains), inferred.out());
    }

    @Test
    void aFileThatIsNoImageEndsTheRunInOneSentence() throws IOException {
        Path bad = Files.writeString(dir.resolve("train/green/page.jpg"), "<html></html>");
        CommandLineRun trained = CommandLineRun.of("train", config, "--work-dir", dir.resolve("work"), "--seed", 1);
        assertEquals(2, trained.exitCode(), trained.out());
        assertTrue(trained.err().contains(bad + " cannot be decoded: it is not a JPEG, PNG"), trained.err());
    }
}
