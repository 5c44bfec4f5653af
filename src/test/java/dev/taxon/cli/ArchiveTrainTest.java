package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.data.archive.TestArchives;
import dev.taxon.random.Rng;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training from archives is training from the folder, to the bit; and a made-up VOC trains and is evaluated. */
class ArchiveTrainTest {
    @TempDir
    private Path dir;

    private Path config;

    @BeforeEach
    void makeData() throws IOException {
        for (String split : List.of("train", "val")) {
            for (int label = 0; label < 3; label++) {
                Path folder = Files.createDirectories(dir.resolve("pets/" + split + "/class " + label));
                for (int i = 0; i < (split.equals("train") ? 8 : 2); i++) {
                    picture(10 * label + i, folder.resolve(i + ".jpg"));
                }
            }
        }
        config = Files.writeString(dir.resolve("c.py"), """
                norm = dict(type='Normalize', mean=[127.5] * 3, std=[64.0] * 3, to_rgb=True)
                train_pipeline = [
                    dict(type='LoadImageFromFile'),
                    dict(type='RandomResizedCrop', size=32, scale=(0.5, 1.0)),
                    dict(type='RandomFlip', flip_prob=0.5, direction='horizontal'), norm,
                    dict(type='ImageToTensor', keys=['img']), dict(type='ToTensor', keys=['gt_label']),
                    dict(type='Collect', keys=['img', 'gt_label'])
                ]
                test_pipeline = [
                    dict(type='LoadImageFromFile'), dict(type='Resize', size=(32, 32)), norm,
                    dict(type='ImageToTensor', keys=['img']), dict(type='Collect', keys=['img'])
                ]
                data = dict(
                    samples_per_gpu=6, workers_per_gpu=2,
                    train=dict(type='CustomDataset', data_prefix='ROOT/pets/train', pipeline=train_pipeline),
                    val=dict(type='CustomDataset', data_prefix='ROOT/pets/val', pipeline=test_pipeline),
                    test=dict(type='CustomDataset', data_prefix='ROOT/pets/val', pipeline=test_pipeline))
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
                runner = dict(type='EpochBasedRunner', max_epochs=2)
                evaluation = dict(interval=1, metric='accuracy', metric_options=dict(topk=(1, )))
                checkpoint_config = dict(interval=1)
                log_config = dict(interval=1, hooks=[dict(type='TextLoggerHook')])
                """.replace("ROOT", dir.toString()));
    }

    private static void picture(int seed, Path file) throws IOException {
        Rng rng = new Rng(seed, 0);
        var image = new BufferedImage(40 + rng.nextInt(30), 40 + rng.nextInt(30), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, rng.nextInt() & 0x3F3F3F | (x * 3 + seed) % 256 << 8 | y * 2 % 256);
            }
        }
        ImageIO.write(image, "jpg", file.toFile());
    }

    /** What a run's log says of losses and metrics, and the bits of the last weights. */
    private List<String> numbers(String work, String... options) throws IOException {
        Path folder = dir.resolve(work);
        Object[] args = Stream.concat(Stream.of("train", config, "--work-dir", folder, "--seed", 3), Stream.of(options))
                .toArray();
        CommandLineRun run = CommandLineRun.of(args);
        assertEquals(0, run.exitCode(), run.err() + run.out());
        try (Stream<Path> files = Files.list(folder)) {
            Path log = files.filter(f -> f.toString().endsWith(".log.json"))
                    .findFirst()
                    .orElseThrow();
            List<String> lines = new ArrayList<>(Files.readAllLines(log).stream()
                    .skip(1)
                    .map(l -> l.replaceAll("\"(time|data_time|memory)\": [-0-9.e]+,? ?", ""))
                    .toList());
            try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("latest.pth"))) {
                checkpoint
                        .stateDict()
                        .tensors()
                        .forEach((name, tensor) -> lines.add(
                                name + " " + Arrays.hashCode(tensor.data().toArray(ValueLayout.JAVA_BYTE))));
            }
            return lines;
        }
    }

    private Map<String, byte[]> members(String... folders) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (String folder : folders) {
            try (Stream<Path> files = Files.walk(dir.resolve(folder))) {
                for (Path file :
                        files.filter(Files::isRegularFile).sorted().toList().reversed()) {
                    members.put(dir.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        return members;
    }

    @Test
    void anArchiveTrainsAsItsFolder() throws IOException {
        List<String> expected = numbers("folder");
        assertTrue(expected.size() > 8 && expected.getFirst().contains("\"loss\""), expected.toString());
        Path tar = Files.write(dir.resolve("all.tar"), TestArchives.tar(members("pets")));
        Path zip = Files.write(dir.resolve("all.zip"), TestArchives.zip(members("pets"), true));
        Files.createSymbolicLink(dir.resolve("data"), dir);
        for (String archive : List.of(tar.toString(), zip.toString(), dir + "/data/all.tar")) {
            String[] options = {
                "--cfg-options",
                "data.train.data_prefix=" + archive + "/pets/train",
                "data.val.data_prefix=" + archive + "/pets/val"
            };
            assertEquals(expected, numbers("work" + archive.hashCode(), options), archive);
        }
        for (String split : List.of("train", "val")) {
            CommandLineRun packed =
                    CommandLineRun.of("data", "prepare", dir.resolve("pets/" + split), dir.resolve(split + ".pack"));
            assertEquals(0, packed.exitCode(), packed.err());
        }
        assertEquals(
                expected,
                numbers(
                        "packed",
                        "--cfg-options",
                        "data.train.data_prefix=" + dir + "/train.pack",
                        "data.val.data_prefix=" + dir + "/val.pack"));
        byte[] broken = TestArchives.tar(
                Map.of("c/1.jpg", new byte[50], "class 0/1.jpg", new byte[50], "x/1.jpg", new byte[50]));
        Path bad = Files.write(dir.resolve("bad.tar"), broken);
        CommandLineRun refused = CommandLineRun.of(
                "train", config, "--work-dir", dir.resolve("bad"), "--cfg-options", "data.train.data_prefix=" + bad);
        assertEquals(2, refused.exitCode(), refused.out());
        assertTrue(
                refused.err().matches("(?s).*error: image " + bad + "/[^\n]+/1.jpg cannot be decoded: .*"),
                refused.err());
    }

    @Test
    void severalLabelsTrainAndAreEvaluated() throws IOException {
        StringBuilder ids = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            Path picture = dir.resolve("VOC2007/JPEGImages/" + i + ".jpg");
            Files.createDirectories(picture.getParent());
            picture(i, picture);
            Path xml = dir.resolve("VOC2007/Annotations/" + i + ".xml");
            Files.createDirectories(xml.getParent());
            Files.writeString(
                    xml,
                    "<annotation><object><name>cat</name><difficult>0</difficult></object><object><name>"
                            + (i % 2 == 0 ? "dog" : "cow") + "</name><difficult>" + i / 6
                            + "</difficult></object></annotation>");
            ids.append(i).append('\n');
        }
        Files.writeString(dir.resolve("VOC2007/list.txt"), ids);
        String voc = "dict(type='VOC',data_prefix='" + dir + "/VOC2007',ann_file='" + dir
                + "/VOC2007/list.txt',classes=['cat','dog','cow'],pipeline=";
        String train = "[dict(type='LoadImageFromFile'),dict(type='Resize',size=(32,32)),"
                + "dict(type='Normalize',mean=[127.5,127.5,127.5],std=[64.0,64.0,64.0],to_rgb=True)])";
        String[] options = {
            "--cfg-options",
            "data.train=" + voc + train,
            "data.val=" + voc + train,
            "model.head=dict(_delete_=True,type='MultiLabelLinearClsHead',num_classes=3,in_channels=64,"
                    + "loss=dict(type='CrossEntropyLoss',use_sigmoid=True,loss_weight=1.0))",
            "evaluation.metric=mAP,CP,OF1",
            "evaluation.metric_options=None"
        };
        List<String> log = numbers("voc", options);
        assertTrue(log.stream().anyMatch(l -> l.contains("\"mAP\"")), log.toString());
        CommandLineRun wrong =
                CommandLineRun.of("train", config, "--work-dir", dir.resolve("w"), options[0], options[1], options[2]);
        assertEquals(2, wrong.exitCode(), wrong.out());
        assertTrue(
                wrong.err().contains("VOC has any number of labels a sample, but the model's head takes one class"),
                wrong.err());
    }
}
