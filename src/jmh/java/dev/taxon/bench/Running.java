package dev.taxon.bench;

import dev.taxon.device.Device;
import dev.taxon.device.InputSpec;
import dev.taxon.device.Program;
import dev.taxon.device.Reading;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import dev.taxon.tensor.Region;
import java.util.List;

/**
 * A workload on a device, ready to step. A step takes its batch from host memory, where a loader would have put it, and
 * leaves its result there: the loss when training, else the logits.
 */
final class Running implements AutoCloseable {
    private final Workload workload;
    private final Weights weights;
    private final Program program;
    private final Region input;
    private final Region logits;
    private final int[] labels;
    private long steps;

    Running(Workload workload, Device device) {
        this.workload = workload;
        Graph graph = workload.graph();
        weights = device.allocate(graph);
        FormulaWeights.fill(weights);
        program = device.compile(graph, weights, workload.options());
        input = images(program.input());
        int batch = workload.options().batch();
        int classes = graph.output().shape().size(0);
        logits = Region.ofFloats((long) batch * classes);
        labels = new int[batch];
        for (int n = 0; n < batch; n++) {
            labels[n] = (2 * n + 1) % classes;
        }
    }

    /** x[i] = cos(0.013·i) in NCHW order, written in the order that the program takes. */
    private static Region images(InputSpec spec) {
        Region images = Region.ofFloats(spec.byteSize() / Float.BYTES);
        int channels = spec.shape().size(0);
        long plane = spec.shape().numel() / channels;
        boolean channelsLast = spec.layout() == InputSpec.Layout.NHWC;
        long i = 0;
        for (int n = 0; n < spec.batch(); n++) {
            for (int c = 0; c < channels; c++) {
                for (long p = 0; p < plane; p++, i++) {
                    long at = channelsLast ? (n * plane + p) * channels + c : i;
                    images.set(at, (float) Math.cos(0.013 * i));
                }
            }
        }
        return images;
    }

    /** Does the work once and returns the loss, or the first logit. */
    double step() {
        program.writeInput(input.segment());
        if (!workload.training()) {
            program.forward(Program.Draw.NONE);
            program.readOutput(logits.segment());
            return logits.get(0);
        }
        train();
        return program.loss();
    }

    /** Starts a training step, and its loss's way to the host, without waiting for them. */
    void start() {
        program.writeInput(input.segment());
        train();
        Reading _ = program.read(false);
    }

    private void train() {
        program.writeTargets(labels);
        program.forward(Program.Draw.NONE);
        program.backward(false, Program.GradientListener.NONE);
        UpdateRule sgd = new UpdateRule.Sgd(0.01f, 0.9f, 0, 1e-4f, false, steps++ == 0);
        weights.update(List.of(new Update(0, weights.table().parameterFloats(), sgd)));
    }

    /** Kernels that a step runs, the optimizer's apart. */
    int kernels() {
        return program.kernels().size();
    }

    /** What another framework must agree with: the loss of the first step, or the first logits. Call it first. */
    double[] check() {
        if (workload.training()) {
            return new double[] {step()};
        }
        step();
        double[] values = new double[8];
        for (int i = 0; i < values.length; i++) {
            values[i] = logits.get(i);
        }
        return values;
    }

    @Override
    public void close() {
        program.close();
        weights.close();
        input.close();
        logits.close();
    }
}
