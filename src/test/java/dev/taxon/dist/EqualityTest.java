package dev.taxon.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.SyntheticCifar;
import dev.taxon.SyntheticMnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two ranks of batch B train as one process of batch 2·B does: their losses over 50 steps are no further apart than three times
 * what another number of threads makes of one process's.
 */
class EqualityTest {
    private static final double FLOAT = 1e-6; // relative; where threads make no difference at all, rounding of sums may
    private static final double AMPLIFIED = 1e-5; // what 50 steps of twenty layers make of rounding
    private static final int EARLY = 6; // steps that turn rounding into nothing that shows yet

    @TempDir
    private Path dir;

    @BeforeEach
    void makeData() {
        Job.assumeMpi();
        SyntheticMnist.write(dir.resolve("mnist"), 600, 200);
    }

    private Path lenet() throws IOException {
        Path data = dir.resolve("mnist");
        return Files.writeString(dir.resolve("lenet.py"), """
                _base_ = '%s'
                data = dict(train=dict(data_prefix='%s'), val=dict(data_prefix='%s'))
                runner = dict(max_epochs=5)
                """.formatted(
                        Path.of("configs/lenet/lenet5_mnist.py").toAbsolutePath(), data, data));
    }

    /** A residual network with batch norms, and batches that are not all equally long. */
    private Path resnet() throws IOException {
        return Files.writeString(dir.resolve("resnet.py"), """
                _base_ = '%s'
                model = dict(
                    _delete_=True,
                    type='ImageClassifier',
                    backbone=dict(
                        type='ResNet_CIFAR', depth=18, in_channels=1, stem_channels=8, base_channels=8, num_stages=2,
                        strides=(2, 2), dilations=(1, 1), out_indices=(1, ), norm_cfg=dict(type='SyncBN')),
                    neck=dict(type='GlobalAveragePooling'),
                    head=dict(type='LinearClsHead', num_classes=10, in_channels=16, loss=dict(type='CrossEntropyLoss')))
                taxon = dict(dist=dict(bucket_mb=0.02))
                """.formatted(lenet()));
    }

    /** ResNet-20 for CIFAR as its config has it, with its augmentation, for 50 steps, and with a rate that keeps rounding small. */
    private Path resnet20() throws IOException {
        Path data = SyntheticCifar.write(dir.resolve("cifar"));
        return Files.writeString(dir.resolve("resnet20.py"), """
                _base_ = '%s'
                model = dict(backbone=dict(norm_cfg=dict(type='SyncBN')))
                data = dict(train=dict(data_prefix='%s'), val=dict(data_prefix='%s'))
                runner = dict(_delete_=True, type='IterBasedRunner', max_iters=50)
                optimizer = dict(lr=0.002)
                checkpoint_config = dict(interval=1000, by_epoch=False)
                evaluation = dict(interval=1000)
                taxon = dict(dist=dict(bucket_mb=0.1))
                """.formatted(
                        Path.of("configs/resnet/resnet20_cifar10.py").toAbsolutePath(), data, data));
    }

    private List<Double> train(String name, int ranks, Path config, int batch, int threads, String... more) {
        List<Object> args = new ArrayList<>(
                List.of(config, dir.resolve(name), "data.samples_per_gpu=" + batch, "taxon.threads=" + threads));
        args.addAll(List.of(more));
        return Job.start(dir.resolve(name + ".out"), ranks, "dev.taxon.dist.LossPrinter", args.toArray())
                .losses();
    }

    private static double distance(List<Double> a, List<Double> b) {
        assertEquals(a.size(), b.size());
        double most = 0;
        for (int i = 0; i < a.size(); i++) {
            most = Math.max(most, Math.abs(a.get(i) - b.get(i)) / Math.abs(a.get(i)));
        }
        return most;
    }

    /** The losses of two ranks, which are those of one process. */
    private List<Double> assertSame(Path config, int batch, double rounding) {
        List<Double> one = train("one", 0, config, 2 * batch, 1);
        assertEquals(50, one.size());
        double threads = distance(one, train("threads", 0, config, 2 * batch, 2));
        List<Double> two = train("ranks", 2, config, batch, 1);
        double early = distance(one.subList(0, EARLY), two.subList(0, EARLY));
        assertTrue(early <= 3 * FLOAT, "ranks in the first steps: " + early);
        double ranks = distance(one, two);
        assertTrue(ranks <= 3 * Math.max(threads, rounding), "threads: " + threads + ", ranks: " + ranks);
        return two;
    }

    @Test
    void lenet5() throws IOException {
        assertSame(lenet(), 32, FLOAT);
    }

    @Test
    void residualNetworkWithSynchronizedBatchNorm() throws IOException {
        List<Double> once = assertSame(resnet(), 32, FLOAT);
        assertEquals(once, train("again", 2, resnet(), 32, 1), "runs repeat bit for bit");
        double apart = distance(once, train("apart", 2, resnet(), 32, 1, "model.backbone.norm_cfg.type=BN"));
        assertTrue(apart > 1e-4, "without SyncBN each rank has statistics of its own: " + apart);
    }

    @Test
    void resnet20OnCifar() throws IOException {
        assertSame(resnet20(), 8, AMPLIFIED);
    }

    /** Gradients of two iterations make a step; only the second's pass communicates. */
    @Test
    void accumulatedGradients() throws IOException {
        String[] two = {
            "optimizer_config.type=GradientCumulativeOptimizerHook",
            "optimizer_config.cumulative_iters=2",
            "runner.max_epochs=2"
        };
        double ranks = distance(train("one", 0, lenet(), 64, 1, two), train("ranks", 2, lenet(), 32, 1, two));
        assertTrue(ranks <= 3 * FLOAT, "ranks: " + ranks);
    }

    /** A half format keeps 11 or 8 bits of each gradient, so losses stay near, and are not the same. */
    @Test
    void compressedGradients() throws IOException {
        List<Double> whole = train("whole", 2, lenet(), 32, 1, "runner.max_epochs=2");
        for (String format : List.of("fp16", "bf16")) {
            List<Double> half =
                    train(format, 2, lenet(), 32, 1, "runner.max_epochs=2", "taxon.dist.compression=" + format);
            double apart = distance(whole, half);
            assertTrue(apart > 0 && apart < 0.02, format + ": " + apart);
        }
    }
}
