package dev.taxon.device.reference;

import dev.taxon.device.HostWeights;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Region;

/** The float32 running mean and variance of one batch norm, and its step counter. */
final class RunningStatistics {
    private final HostWeights weights;
    private final Buffer counter;
    private final long meanAt;
    private final long varianceAt;

    RunningStatistics(HostWeights weights, Node node) {
        this.weights = weights;
        meanAt = weights.table().slice(find(node, Buffer.Role.RUNNING_MEAN)).offset();
        varianceAt = weights.table().slice(find(node, Buffer.Role.RUNNING_VAR)).offset();
        counter = find(node, Buffer.Role.NUM_BATCHES_TRACKED);
    }

    double mean(int channel) {
        return weights.buffers().get(meanAt + channel);
    }

    double variance(int channel) {
        return weights.buffers().get(varianceAt + channel);
    }

    /** running ← (1 − momentum) · running + momentum · batch. */
    void update(int channel, double momentum, double batchMean, double batchVariance) {
        Region buffers = weights.buffers();
        buffers.set(meanAt + channel, (float) ((1 - momentum) * mean(channel) + momentum * batchMean));
        buffers.set(varianceAt + channel, (float) ((1 - momentum) * variance(channel) + momentum * batchVariance));
    }

    void countStep() {
        weights.setCounter(counter, weights.counter(counter) + 1);
    }

    private static Buffer find(Node node, Buffer.Role role) {
        return node.buffers().stream()
                .filter(b -> b.role() == role)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(node.name() + " has no buffer " + role));
    }
}
