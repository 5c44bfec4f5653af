package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.SyntheticMnist;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs with other optimizers, policies and hooks than the zoo's first: they learn, and they resume bit for bit. */
class OptimizersTest {
    @TempDir
    private Path dir;

    private Path data;

    @BeforeEach
    void makeData() {
        data = SyntheticMnist.write(dir.resolve("mnist"), 600, 200);
    }

    private static Map<String, byte[]> tensors(Path file) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            collect("", checkpoint.tree().get("state_dict"), bytes);
            collect("optimizer", checkpoint.optimizer().get("state"), bytes);
        }
        return bytes;
    }

    private static void collect(String name, Object value, Map<String, byte[]> into) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> collect(name + "." + key, item, into));
        } else if (value instanceof Tensor tensor) {
            into.put(name, tensor.data().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private String train(Path config, String workDir, Object... more) {
        List<Object> args = new java.util.ArrayList<>(
                List.of("train", config, "--work-dir", dir.resolve(workDir), "--seed", 3, "--no-validate"));
        args.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(args.toArray());
        assertEquals(0, run.exitCode(), run.err() + run.out());
        return run.out();
    }

    /** With batch norm, a group a parameter, clipping, four iterations a step (ten an epoch), cycles and precise statistics. */
    @ParameterizedTest
    @ValueSource(strings = {"type='AdamW', lr=1e-3", "type='Lamb', lr=1e-2", "type='NAdam', lr=1e-3"})
    void resumesBetweenTwoStepsBitForBit(String optimizer) throws IOException {
        Path config = dir.resolve("small.py");
        Files.writeString(
                config, """
                _base_ = '%s'
                model = dict(
                    _delete_=True,
                    type='ImageClassifier',
                    backbone=dict(
                        type='ResNet_CIFAR', depth=18, in_channels=1, stem_channels=4, base_channels=4, num_stages=2,
                        strides=(2, 2), dilations=(1, 1), out_indices=(1, )),
                    neck=dict(type='GlobalAveragePooling'),
                    head=dict(type='LinearClsHead', num_classes=10, in_channels=8,
                        loss=dict(type='CrossEntropyLoss')))
                data = dict(train=dict(data_prefix='%s'), samples_per_gpu=64)
                optimizer = dict(_delete_=True, %s, weight_decay=0.05,
                    paramwise_cfg=dict(norm_decay_mult=0, custom_keys={'head': dict(lr_mult=2)}))
                optimizer_config = dict(
                    _delete_=True, type='GradientCumulativeOptimizerHook', cumulative_iters=4, grad_clip=dict(max_norm=1.0))
                lr_config = dict(_delete_=True, policy='cyclic', target_ratio=(10, 0.1))
                momentum_config = dict(policy='cyclic')
                custom_hooks = [dict(type='PreciseBNHook', num_samples=200, priority='ABOVE_NORMAL')]
                runner = dict(max_epochs=3)
                log_config = dict(interval=5)
                """.formatted(Path.of("configs/lenet/lenet5_mnist.py").toAbsolutePath(), data, optimizer));
        String whole = train(config, "whole");
        assertTrue(whole.contains("11 BN found, run 3 iters..."), whole);
        try (Checkpoint first = Checkpoint.open(dir.resolve("whole/epoch_1.pth"))) {
            assertTrue(first.taxon().containsKey("gradients"));
            List<?> groups = (List<?>) first.optimizer().get("param_groups");
            assertNotNull(groups);
            assertEquals(35, groups.size());
        }
        String resumed = train(config, "resumed", "--resume-from", dir.resolve("whole/epoch_1.pth"));
        assertTrue(!resumed.contains("are lost") && !resumed.contains("in the checkpoint"), resumed);
        Map<String, byte[]> expected = tensors(dir.resolve("whole/epoch_3.pth"));
        Map<String, byte[]> got = tensors(dir.resolve("resumed/epoch_3.pth"));
        assertEquals(expected.keySet(), got.keySet());
        expected.forEach((name, bytes) -> assertArrayEquals(bytes, got.get(name), name));
    }
}
