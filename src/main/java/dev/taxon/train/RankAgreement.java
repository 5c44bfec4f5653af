package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.dist.Communicator;
import dev.taxon.dist.GradientExchange;
import dev.taxon.dist.Replicas;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the processes of a run do together: start alike, average losses and gradients, and agree on its end. One is enough. */
final class RankAgreement {
    private final Communicator ranks;
    private final BooleanSupplier cancel;
    private final @Nullable GradientExchange exchange; // null with one process
    private boolean cancelled;

    /** @param cancel whether this process is asked to end the run */
    RankAgreement(Runner.Setup setup, BooleanSupplier cancel) {
        this.ranks = setup.session().communicator();
        this.cancel = cancel;
        exchange = ranks.size() == 1
                ? null
                : new GradientExchange(ranks, setup.session().hostWeights(), setup.exchange());
    }

    /** All ranks start from the same weights and see as many batches. */
    void start(Runner.Setup setup, int batches) {
        if (ranks.size() == 1) {
            return;
        }
        List<Weights.Slot> slots = Stream.of(Weights.Slot.OPTIM_0, Weights.Slot.OPTIM_1, Weights.Slot.OPTIM_2)
                .limit(setup.optimization().method().slots().size())
                .toList();
        Replicas.start(ranks, setup.session().hostWeights(), slots);
        double[] own = {batches, setup.loader().count(batches - 1)};
        double[] sums = own.clone();
        ranks.sum(sums);
        UserError.require(
                sums[0] == own[0] * ranks.size() && sums[1] == own[1] * ranks.size(),
                "the ranks have different numbers of batches, or of samples in the last one: set round_up=True in the sampler, or"
                        + " drop_last=True in data.train_dataloader");
        int samples = setup.loader().count(0);
        setup.log()
                .info(
                        ("%d ranks × samples_per_gpu %d = %d samples a step; the learning rate is the config's, lr=%s: it is"
                                        + " not scaled with the ranks")
                                .formatted(
                                        ranks.size(),
                                        samples,
                                        ranks.size() * samples,
                                        setup.optimization().lr()));
    }

    /** Asks whether the run is cancelled; once it is, it stays so. Several ranks agree on it in {@link #means}. */
    boolean cancelRequested() {
        if (ranks.size() == 1) {
            cancelled = cancelled || cancel.getAsBoolean();
        }
        return cancelled;
    }

    /** Whether the run is cancelled, as far as the ranks have agreed on it. */
    boolean cancelled() {
        return cancelled;
    }

    /** Means over the ranks, as mmcls logs losses; at the same time the ranks agree on whether one of them is cancelled. */
    double[] means(double[] values) {
        if (ranks.size() == 1) {
            return values;
        }
        double[] sums = Arrays.copyOf(values, values.length + 1);
        sums[values.length] = cancel.getAsBoolean() ? 1 : 0;
        ranks.active();
        ranks.sum(sums);
        cancelled = cancelled || sums[values.length] > 0;
        return Arrays.stream(sums, 0, values.length).map(s -> s / ranks.size()).toArray();
    }

    /**
     * The backward pass of a step.
     *
     * @param complete no later iteration adds to the gradients: they are averaged over all ranks, while the pass goes on
     */
    void backward(TrainStep step, boolean accumulate, boolean complete) {
        if (exchange == null || !complete) {
            step.backward(accumulate, Program.GradientListener.NONE);
            return;
        }
        step.backward(accumulate, exchange);
        exchange.await();
    }

    /** Communication of gradients so far that no computation hid, in ns. */
    long exposed() {
        return exchange == null ? 0 : exchange.waited();
    }
}
