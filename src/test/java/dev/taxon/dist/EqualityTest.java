package dev.taxon.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.SyntheticMnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private List<Double> train(String name, int ranks, Path config, int batch, int threads) {
        return Job.start(
                        dir.resolve(name + ".out"),
                        ranks,
                        "dev.taxon.dist.LossPrinter",
                        config,
                        dir.resolve(name),
                        "data.samples_per_gpu=" + batch,
                        "taxon.threads=" + threads)
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

    private void assertSame(Path config) {
        List<Double> one = train("one", 0, config, 64, 1);
        assertEquals(50, one.size());
        double threads = distance(one, train("threads", 0, config, 64, 2));
        double ranks = distance(one, train("ranks", 2, config, 32, 1));
        assertTrue(ranks <= 3 * Math.max(threads, FLOAT), "threads: " + threads + ", ranks: " + ranks);
    }

    @Test
    void lenet5() throws IOException {
        assertSame(lenet());
    }
}
