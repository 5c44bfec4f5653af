package dev.taxon.profile;

import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Program.Kernel;
import dev.taxon.device.Program.Pass;
import dev.taxon.device.Program.Span;
import dev.taxon.device.Roofline;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import dev.taxon.random.Rng;
import dev.taxon.report.Progress;
import dev.taxon.tensor.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a step again and again and measures its kernels. In TRAIN mode a step is forward, loss, backward and SGD with
 * momentum and weight decay; in EVAL mode it is forward. Images are random, labels too.
 */
public final class Profiler {
    private static final int WARM_STEPS = 3;
    private static final double PHASE_SECONDS = 2; // of warming, and of measuring, at least
    private static final double NANO = 1e9;
    private static final int MOST = 200; // repetitions, when nobody says how many
    private static final int LEAST = 3;

    private final Device device;
    private final Weights weights;
    private final Program program;
    private final Progress progress;
    private final KernelCost.Counter costs;
    private final Kernel update;

    private Profiler(Device device, Weights weights, Program program, Progress progress) {
        this.device = device;
        this.weights = weights;
        this.program = program;
        this.progress = progress;
        costs = new KernelCost.Counter(weights.graph(), program.options().batch());
        update = new Kernel("all parameters", Pass.UPDATE, "SGD");
    }

    /**
     * Measures the machine, then the graph with these weights.
     *
     * @param weights of the device, initialized; training changes them
     * @param repetitions of the measured step; 0 for some seconds' worth
     */
    public static Profile run(Device device, Weights weights, Options options, int repetitions, Progress progress) {
        progress.draw(() -> "measuring this machine");
        Roofline limits = device.roofline();
        progress.draw(() -> "preparing the kernels");
        Graph graph = weights.graph();
        try (Program program = device.compile(graph, weights, options);
                Region images = Region.ofBytes(program.input().byteSize())) {
            Rng rng = new Rng(0, 0);
            for (long i = 0; i < images.segment().byteSize() / Float.BYTES; i++) {
                images.set(i, (float) rng.uniform(-1, 1));
            }
            program.writeInput(images.segment());
            if (options.mode() == Options.Mode.TRAIN) {
                writeTargets(program, graph, rng);
            }
            Profile profile = new Profiler(device, weights, program, progress).measure(limits, repetitions);
            progress.clear();
            return profile;
        }
    }

    private static void writeTargets(Program program, Graph graph, Rng rng) {
        Node target = graph.target();
        if (target == null) {
            return;
        }
        Layer.Target layer = (Layer.Target) target.layer();
        int batch = program.options().batch();
        if (layer.soft()) {
            float[] soft = new float[batch * layer.classes()];
            for (int n = 0; n < batch; n++) {
                soft[n * layer.classes() + rng.nextInt(layer.classes())] = 1;
            }
            program.writeTargets(soft);
        } else {
            int[] labels = new int[batch];
            Arrays.setAll(labels, n -> rng.nextInt(layer.classes()));
            program.writeTargets(labels);
        }
    }

    private Profile measure(Roofline limits, int repetitions) {
        repeat("warming up", WARM_STEPS, repetitions > 0 ? WARM_STEPS : MOST, this::step);
        int least = repetitions > 0 ? repetitions : LEAST;
        List<Double> whole = new ArrayList<>();
        List<List<Span>> traces = new ArrayList<>();
        // Plain and measured steps take turns, so that what else the machine does falls on both alike.
        repeat("measuring", least, repetitions > 0 ? repetitions : MOST, () -> {
            long start = System.nanoTime();
            step();
            whole.add((System.nanoTime() - start) / NANO);
            traces.add(tracedStep());
        });
        int count = traces.getLast().size();
        if (traces.stream().anyMatch(t -> t.size() != count)) {
            throw new IllegalStateException("the steps of a program ran different kernels");
        }
        List<KernelTime> kernels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int place = i;
            double nanos = median(
                    traces.stream().map(t -> (double) t.get(place).nanos()).toList());
            kernels.add(
                    kernel(i + 1, traces.getLast().get(i).kernel(), Math.max(nanos, 1) / NANO, limits.valueBytes()));
        }
        return new Profile(
                device.describe(), program.options(), limits, median(whole), traces.size(), kernels, traces.getLast());
    }

    private KernelTime kernel(int place, Kernel kernel, double seconds, int valueBytes) {
        KernelCost cost =
                kernel.equals(update) ? KernelCost.ofSgd(weights.graph().parameterCount()) : costs.of(kernel);
        String kind = KernelCost.kind(costs.nodes(kernel), kernel.pass());
        return new KernelTime(place, kernel, kind, seconds, cost.operations(), cost.values() * valueBytes);
    }

    private List<Span> tracedStep() {
        List<Span> spans = new ArrayList<>(program.trace(this::passes));
        if (program.options().mode() == Options.Mode.TRAIN) {
            long start = System.nanoTime();
            update();
            spans.add(new Span(update, start, System.nanoTime() - start));
        }
        return spans;
    }

    private void step() {
        passes();
        if (program.options().mode() == Options.Mode.TRAIN) {
            update();
        }
    }

    private void passes() {
        program.forward(new Program.Draw(0, 0));
        if (program.options().mode() == Options.Mode.TRAIN) {
            program.backward(false, Program.GradientListener.NONE);
        }
    }

    // A learning rate that leaves the weights where they are: random labels would soon make them infinite.
    private void update() {
        UpdateRule sgd = new UpdateRule.Sgd(1e-12f, 0.9f, 0, 1e-4f, false, false);
        weights.update(List.of(new Update(0, weights.table().parameterFloats(), sgd)));
    }

    /** Calls between {@code least} and {@code most} times, as often as fits in a phase. */
    private void repeat(String what, int least, int most, Runnable work) {
        long begin = System.nanoTime();
        for (int i = 0; i < least || (i < most && (System.nanoTime() - begin) / NANO < PHASE_SECONDS); i++) {
            work.run();
            String text = what + ": " + (i + 1) + " steps";
            progress.draw(() -> text);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
