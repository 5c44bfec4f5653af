package dev.taxon.device.reference;

import dev.taxon.UserError;
import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Roofline;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;

/**
 * The plain Java device: slow, and exact to double rounding between its float32 weights, inputs and outputs. It runs in
 * the caller's thread.
 */
public final class ReferenceDevice implements Device {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String describe() {
        return "reference: plain Java, double precision, 1 thread";
    }

    @Override
    public Weights allocate(Graph graph) {
        return new ReferenceWeights(graph);
    }

    @Override
    public Program compile(Graph graph, Weights weights, Options options) {
        if (!(weights instanceof ReferenceWeights own)) {
            throw new IllegalArgumentException("weights of another device: " + weights.getClass());
        }
        boolean sync = options.peers().size() > 1
                && graph.nodes().stream().anyMatch(n -> n.layer() instanceof Layer.BatchNorm2d bn && bn.sync());
        UserError.require(
                !sync, "SyncBN among several processes is not on the reference device; use --device cpu, or BN");
        return new ReferenceProgram(graph, own, options);
    }

    @Override
    public Roofline roofline() {
        return ReferenceLimits.measure();
    }

    @Override
    public void close() {
        // nothing is held
    }
}
