package dev.taxon.device.cuda;

import dev.taxon.UserError;
import dev.taxon.device.ComputeThread;
import dev.taxon.device.InputSpec;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Reading;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** Two lists of prepared ops, forward and backward, over one planned arena. Each starts work on the GPU and returns. */
final class CudaProgram implements Program {
    private final Lowering lowering;
    private final Gpu gpu;
    private final ComputeThread compute;
    private final List<Timeline.Entry> preparation;
    private final List<Timeline.Entry> forward;
    private final List<Timeline.Entry> backward;
    private final List<Kernel> kernels;
    private final InputBlock input;
    private final Block output;
    private final @Nullable InputBlock target;
    private final @Nullable Readings readings;
    private final @Nullable Block outputGradient;
    private final @Nullable Block inputGradient;
    private final Map<Node, Block> capturedValues = new HashMap<>();
    private final Map<Node, Block> capturedGradients = new HashMap<>();
    private final Op.Step step = new Op.Step();
    private final Runnable forwardPass = this::forwardPass; // made once: a step allocates nothing
    private final Runnable backwardPass = this::backwardPass;
    private long preparedVersion = -1;
    private @Nullable EventTrace trace;

    /** Lowers the graph; call it on the compute thread. */
    static CudaProgram compile(Graph graph, CudaWeights weights, Options options, ComputeThread compute) {
        if (options.mode() == Options.Mode.TRAIN) {
            graph.checkTrainingBatch(options.batch());
        }
        Lowering lowering = new Lowering(graph, weights, options, compute);
        try {
            CudaProgram program = new CudaProgram(lowering, compute);
            weights.gpu().foundAlgorithms().save();
            return program;
        } catch (RuntimeException e) {
            lowering.close();
            throw e;
        }
    }

    private CudaProgram(Lowering lowering, ComputeThread compute) {
        this.lowering = lowering;
        this.compute = compute;
        gpu = lowering.gpu;
        Graph graph = lowering.graph;
        List<Node> nodes =
                graph.nodes().stream().filter(lowering.needed::contains).toList();
        ForwardLowering forwards = new ForwardLowering(lowering);
        nodes.forEach(forwards::lower);
        Timeline timeline = lowering.timeline;
        preparation = lowering.preparation.takeOps();
        forward = timeline.takeOps();
        input = lowering.input(graph.input());
        output = lowering.value(graph.output()).pin();
        lowering.options
                .captured()
                .forEach(n -> capturedValues.put(n, lowering.value(n).pin()));
        boolean training = lowering.training();
        Node lossNode = training ? graph.loss() : null;
        target = lossNode == null || graph.target() == null ? null : lowering.input(graph.target());
        outputGradient = training && lossNode == null
                ? timeline.floats(lowering.count(graph.output())).pin()
                : null;
        if (training) {
            BackwardLowering backwards = new BackwardLowering(lowering, nodes);
            backwards.lower(outputGradient);
            capturedGradients.putAll(backwards.capturedGradients());
            Block gradient = backwards.inputGradient();
            inputGradient = gradient == null ? null : gradient.pin();
        } else {
            inputGradient = null;
        }
        backward = timeline.takeOps();
        lowering.preparation.plan("folded weights", options().batch());
        timeline.plan(
                "activations of a batch of " + options().batch(), options().batch());
        kernels = Stream.concat(lowering.preparation.kernels().stream(), timeline.kernels().stream())
                .toList();
        readings = lossNode == null ? null : new Readings(gpu, compute, lowering.value(lossNode), output);
    }

    @Override
    public Options options() {
        return lowering.options;
    }

    @Override
    public InputSpec input() {
        return lowering.inputSpec();
    }

    @Override
    public void writeInput(MemorySegment data) {
        checkLength(data.byteSize(), input.bytes(), "input");
        input.write(data);
    }

    @Override
    public void writeTargets(int[] labels) {
        InputBlock block = target(false);
        int classes = targetLayer().classes();
        checkLength(labels.length, options().batch(), "labels");
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw UserError.of(
                        "label %d of sample %d in the batch is outside [0, %d): does num_classes fit the data set?",
                        labels[i], i, classes);
            }
        }
        block.write(labels);
    }

    @Override
    public void writeTargets(float[] targets) {
        InputBlock block = target(true);
        checkLength(targets.length, (long) options().batch() * targetLayer().classes(), "soft targets");
        block.write(targets);
    }

    private Layer.Target targetLayer() {
        Node node = lowering.graph.target();
        if (node == null || target == null) {
            throw new IllegalStateException("this program has no targets");
        }
        return (Layer.Target) node.layer();
    }

    private InputBlock target(boolean soft) {
        if (targetLayer().soft() != soft) {
            throw new IllegalStateException("this graph takes " + (soft ? "class indices" : "soft targets"));
        }
        return need(target, "targets");
    }

    @Override
    public void forward(Draw draw) {
        step.draw = draw;
        compute.run(forwardPass);
    }

    private void forwardPass() {
        CudaWeights weights = lowering.weights;
        if (preparedVersion != weights.version()) {
            run(preparation);
            preparedVersion = weights.version();
        }
        run(forward);
        markUsed();
        List<Buffer> counters = lowering.counters;
        for (int i = 0; i < counters.size(); i++) {
            weights.count(counters.get(i));
        }
        if (!counters.isEmpty()) {
            weights.touch();
        }
    }

    @Override
    public double loss() {
        return read(false).loss();
    }

    @Override
    public Reading read(boolean withOutput) {
        if (readings == null) {
            throw new IllegalStateException("this program has no loss");
        }
        return readings.start(withOutput);
    }

    @Override
    public void readOutput(MemorySegment to) {
        read(output, to, "output");
    }

    @Override
    public void writeOutputGradient(MemorySegment dy) {
        Block gradient = need(outputGradient, "output gradient: it takes it from its loss");
        checkLength(dy.byteSize(), gradient.bytes(), "output gradient");
        lowering.weights.transfers().upload(dy, gradient.pointer());
    }

    @Override
    public void backward(boolean accumulate, GradientListener listener) {
        if (!lowering.training()) {
            throw new IllegalStateException("an EVAL program has no backward pass");
        }
        step.accumulate = accumulate;
        step.listener = listener;
        compute.run(backwardPass);
    }

    private void backwardPass() {
        run(backward);
        markUsed();
    }

    @Override
    public void readInputGradient(MemorySegment to) {
        read(need(inputGradient, "input gradient"), to, "input gradient");
    }

    @Override
    public void readValue(Node captured, MemorySegment to) {
        read(need(capturedValues.get(captured), "captured value of " + captured), to, captured.name());
    }

    @Override
    public void readGradient(Node captured, MemorySegment to) {
        read(need(capturedGradients.get(captured), "captured gradient of " + captured), to, captured.name());
    }

    private void read(Block block, MemorySegment to, String what) {
        checkLength(to.byteSize(), block.bytes(), what);
        lowering.weights.transfers().download(block.pointer(), to);
    }

    @Override
    public List<Kernel> kernels() {
        return kernels;
    }

    @Override
    public void close() {
        compute.run(() -> {
            gpu.release(JCudaDriver.cuStreamSynchronize(gpu.stream()));
            if (readings != null) {
                readings.close();
            }
            lowering.close();
        });
    }

    @Override
    public List<Span> trace(Runnable work) {
        EventTrace events = new EventTrace(gpu);
        trace = events;
        try {
            work.run();
            return compute.call(events::finish);
        } finally {
            trace = null;
            compute.run(events::close);
        }
    }

    private void run(List<Timeline.Entry> ops) {
        EventTrace events = trace;
        for (int i = 0; i < ops.size(); i++) {
            Timeline.Entry entry = ops.get(i);
            Kernel kernel = entry.kernel();
            if (events == null || kernel == null) {
                entry.op().run(step);
            } else {
                events.run(kernel, () -> entry.op().run(step));
            }
        }
    }

    private static void checkLength(long got, long expected, String what) {
        if (got != expected) {
            throw new IllegalArgumentException(what + ": expected " + expected + " elements or bytes, got " + got);
        }
    }

    private void markUsed() {
        input.markUsed();
        if (target != null) {
            target.markUsed();
        }
    }

    private static <T extends Block> T need(@Nullable T block, String what) {
        if (block == null) {
            throw new IllegalStateException("this program has no " + what);
        }
        return block;
    }
}
