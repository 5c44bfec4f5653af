package dev.taxon.train.hook;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.device.Weights;
import dev.taxon.dist.Communicator;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.RunnerSpec;
import dev.taxon.train.Stage;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Measures running means and variances again behind an epoch: the plain means of those of some batches, with weights
 * that do not change meanwhile. Source: mmcls's PreciseBNHook; Wu and Johnson 2021, section 3.
 *
 * @param numSamples images to measure; less than a batch is left over
 * @param interval epochs between two measurements
 */
public record PreciseBnHook(int numSamples, int interval, Priority priority) implements Hook {
    static PreciseBnHook read(Fields f, RunnerSpec runner) {
        runner.requireEpochs(f, "PreciseBNHook");
        int samples = f.integer("num_samples", 8192);
        int interval = f.integer("interval", 1);
        require(
                samples > 0 && interval > 0,
                "%s: num_samples and interval must be positive",
                f.dict().at());
        return new PreciseBnHook(samples, interval, Priority.read(f, Priority.NORMAL));
    }

    @Override
    public String name() {
        return "PreciseBNHook";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.AFTER_TRAIN_EPOCH);
    }

    /** A float32 statistic of a batch norm: its mean over the batches so far. */
    private static final class Statistic {
        private final Buffer buffer;
        private final double bnMomentum;
        private final float[] zeros;
        private final float[] value;
        private final float[] mean;

        Statistic(Buffer buffer, double bnMomentum) {
            this.buffer = buffer;
            this.bnMomentum = bnMomentum;
            int n = Math.toIntExact(buffer.shape().numel());
            zeros = new float[n];
            value = new float[n];
            mean = new float[n];
        }

        /** From zero, one batch makes the running value bnMomentum times its own: mmcls sets the momentum to 1 instead. */
        void reset(Weights weights) {
            weights.write(buffer, MemorySegment.ofArray(zeros));
        }

        void add(Weights weights, int batches) {
            weights.read(buffer, MemorySegment.ofArray(value));
            for (int i = 0; i < mean.length; i++) {
                mean[i] += (float) (value[i] / bnMomentum) / batches;
            }
        }

        /** Ranks have measured different images. */
        void overRanks(Communicator ranks) {
            double[] sums = new double[mean.length];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = mean[i];
            }
            ranks.sum(sums);
            for (int i = 0; i < sums.length; i++) {
                mean[i] = (float) (sums[i] / ranks.size());
            }
        }

        void store(Weights weights) {
            weights.write(buffer, MemorySegment.ofArray(mean));
        }
    }

    @Override
    public void afterTrainEpoch(Runner runner) {
        if ((runner.epoch() + 1) % interval != 0) {
            return;
        }
        runner.log().info("Running Precise BN for " + numSamples + " items...");
        Weights weights = runner.session().weights();
        List<Statistic> statistics = statistics(runner.session().graph());
        int batches = Math.min(
                numSamples / (runner.samplesPerBatch() * runner.communicator().size()), runner.itersPerEpoch());
        if (statistics.isEmpty()) {
            runner.log().warning("No BN found in model");
        } else if (batches == 0) {
            runner.log()
                    .warning("PreciseBNHook.num_samples=%d is less than a batch of %d: statistics stay as they are"
                            .formatted(numSamples, runner.samplesPerBatch()));
        } else {
            runner.log().info("%d BN found, run %d iters...".formatted(statistics.size() / 2, batches));
            runner.checkpoints().hold();
            statistics.forEach(s -> s.reset(weights));
            runner.measure(batches, () -> {
                statistics.forEach(s -> s.add(weights, batches));
                statistics.forEach(s -> s.reset(weights));
            });
            statistics.forEach(s -> s.overRanks(runner.communicator()));
            statistics.forEach(s -> s.store(weights));
        }
        runner.log().info("Finish Precise BN, BN stats updated.");
    }

    private static List<Statistic> statistics(Graph graph) {
        return graph.nodes().stream()
                .filter(n -> n.layer() instanceof Layer.BatchNorm2d bn && !bn.useRunningStats())
                .flatMap(PreciseBnHook::statistics)
                .toList();
    }

    private static Stream<Statistic> statistics(Node node) {
        double momentum = ((Layer.BatchNorm2d) node.layer()).bnMomentum();
        require(momentum > 0, "PreciseBNHook cannot measure %s, whose momentum is 0", node.name());
        return node.buffers().stream()
                .filter(b -> b.role() != Buffer.Role.NUM_BATCHES_TRACKED)
                .map(b -> new Statistic(b, momentum));
    }
}
