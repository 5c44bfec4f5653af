package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taxon.SyntheticMnist;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trainings of a small network with batch norm on a small data set in MNIST's format: ten iterations an epoch. */
record SmallRun(Path dir, Path data) {
    static SmallRun in(Path dir) {
        return new SmallRun(dir, SyntheticMnist.write(dir.resolve("mnist"), 600, 200));
    }

    /** Writes a config: the network, the data, and {@code more}. */
    Path config(String name, String more) throws IOException {
        return Files.writeString(dir.resolve(name), """
                _base_ = '%s'
                model = dict(
                    _delete_=True,
                    type='ImageClassifier',
                    backbone=dict(
                        type='ResNet_CIFAR', depth=18, in_channels=1, stem_channels=4, base_channels=4, num_stages=2,
                        strides=(2, 2), dilations=(1, 1), out_indices=(1, )),
                    neck=dict(type='GlobalAveragePooling'),
                    head=dict(type='LinearClsHead', num_classes=10, in_channels=8, loss=dict(type='CrossEntropyLoss')))
                data = dict(train=dict(data_prefix='%s'), val=dict(data_prefix='%s'), samples_per_gpu=64)
                log_config = dict(interval=4)
                %s
                """.formatted(
                        Path.of("configs/lenet/lenet5_mnist.py").toAbsolutePath(), data, data, more));
    }

    /** Trains, expecting success; what was printed. */
    String train(Path config, String workDir, Object... more) {
        List<Object> args = new ArrayList<>(List.of("train", config, "--work-dir", dir.resolve(workDir), "--seed", 3));
        args.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(args.toArray());
        assertEquals(0, run.exitCode(), run.err() + run.out());
        return run.out();
    }

    Path file(String name) {
        return dir.resolve(name);
    }

    /** Every tensor of a checkpoint, as bytes by name. */
    static Map<String, byte[]> tensors(Path file) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            collect("", checkpoint.tree(), bytes);
        }
        return bytes;
    }

    private static void collect(String name, Object value, Map<String, byte[]> into) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, item) -> collect(name + "." + key, item, into));
            case Tensor tensor -> into.put(name, tensor.data().toArray(ValueLayout.JAVA_BYTE));
            case null, default -> {}
        }
    }

    /** Weights, averages, optimizer and pending gradients are the same bits. */
    void assertSame(String expected, String got) {
        Map<String, byte[]> one = tensors(file(expected));
        Map<String, byte[]> other = tensors(file(got));
        assertEquals(one.keySet(), other.keySet());
        one.forEach((name, bytes) -> assertArrayEquals(bytes, other.get(name), name));
    }

    /** The mean losses, rates and metrics of a run's JSON logs, without times; a line that several logs have counts once. */
    List<String> logged(String workDir) throws IOException {
        List<String> lines = new ArrayList<>();
        try (var files = Files.list(file(workDir))) {
            for (Path log : files.filter(f -> f.toString().endsWith(".log.json"))
                    .sorted()
                    .toList()) {
                Files.readAllLines(log).stream()
                        .filter(l -> l.startsWith("{\"mode\""))
                        .map(l -> l.replaceAll("\"(data_)?time\": [^,}]+", "TIME"))
                        .filter(l -> !lines.contains(l))
                        .forEach(lines::add);
            }
        }
        return lines;
    }
}
