package dev.taxon.device.cpu;

import static dev.taxon.UserError.require;

import dev.taxon.device.ComputeThread;
import dev.taxon.device.InputSpec;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Reading;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two lists of prepared ops, forward and backward, over one planned arena. */
final class CpuProgram implements Program {
    private final Lowering lowering;
    private final ComputeThread compute;
    private final ActivationArena prepared;
    private final List<Timeline.Entry> preparation;
    private final List<Timeline.Entry> forward;
    private final List<Timeline.Entry> backward;
    private final List<Kernel> kernels;
    private final Block input;
    private final Block output;
    private final @Nullable Block target;
    private final @Nullable Block loss;
    private final @Nullable Block outputGradient;
    private final @Nullable Block inputGradient;
    private final Map<Node, Block> capturedValues = new HashMap<>();
    private final Map<Node, Block> capturedGradients = new HashMap<>();
    private final @Nullable Block staging;
    private final Op.Step step = new Op.Step();
    private long preparedVersion = -1;
    private @Nullable List<Span> spans;

    /** Lowers the graph; call it on the compute thread, which the primitives belong to. */
    static CpuProgram compile(
            Graph graph, CpuWeights weights, Options options, boolean winograd, ComputeThread compute) {
        ActivationArena prepared = new ActivationArena();
        Lowering lowering = new Lowering(graph, weights, options, winograd, prepared);
        try {
            return new CpuProgram(lowering, compute, prepared);
        } catch (RuntimeException e) {
            lowering.primitives.forEach(Primitive::close);
            lowering.constants.close();
            prepared.close();
            throw e;
        }
    }

    private CpuProgram(Lowering lowering, ComputeThread compute, ActivationArena prepared) {
        this.lowering = lowering;
        this.compute = compute;
        this.prepared = prepared;
        Graph graph = lowering.graph;
        ForwardLowering forwards = new ForwardLowering(lowering);
        lowering.groups.forEach(forwards::lower);
        Timeline timeline = lowering.timeline;
        preparation = lowering.preparation.takeOps();
        forward = timeline.takeOps();
        input = lowering.value(graph.input());
        output = lowering.value(graph.output()).pin();
        lowering.options
                .captured()
                .forEach(n -> capturedValues.put(n, lowering.value(n).pin()));
        boolean training = lowering.training();
        Node lossNode = training ? graph.loss() : null;
        target = lossNode == null || graph.target() == null ? null : lowering.value(graph.target());
        loss = lossNode == null ? null : lowering.value(lossNode);
        outputGradient = training && lossNode == null
                ? timeline.floats(lowering.count(graph.output())).pin()
                : null;
        if (training) {
            BackwardLowering backwards = new BackwardLowering(lowering);
            backwards.lower(outputGradient);
            capturedGradients.putAll(backwards.capturedGradients());
            Block gradient = backwards.inputGradient();
            inputGradient = gradient == null ? null : gradient.pin();
        } else {
            inputGradient = null;
        }
        backward = timeline.takeOps();
        staging = staging(timeline);
        lowering.preparation.plan();
        timeline.plan();
        kernels = java.util.stream.Stream.concat(lowering.preparation.kernels().stream(), timeline.kernels().stream())
                .toList();
    }

    // Images are transposed here on their way between NHWC and the caller's NCHW.
    private @Nullable Block staging(Timeline timeline) {
        long floats = 0;
        if (!Lowering.isFlat(lowering.graph.output().shape())) {
            floats = lowering.count(lowering.graph.output());
        }
        if (inputGradient != null && !Lowering.isFlat(lowering.graph.input().shape())) {
            floats = Math.max(floats, lowering.count(lowering.graph.input()));
        }
        for (Node node : capturedValues.keySet()) {
            if (!Lowering.isFlat(node.shape())) {
                floats = Math.max(floats, lowering.count(node));
            }
        }
        return floats == 0 ? null : timeline.floats(floats).pin();
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
        copy(data, input.segment(), "input");
    }

    @Override
    public void writeTargets(int[] labels) {
        Block block = target(false);
        int classes = targetLayer().classes();
        checkLength(labels.length, options().batch(), "labels");
        for (int i = 0; i < labels.length; i++) {
            require(
                    labels[i] >= 0 && labels[i] < classes,
                    "label %d of sample %d in the batch is outside [0, %d): does num_classes fit the data set?",
                    labels[i],
                    i,
                    classes);
        }
        MemorySegment.copy(labels, 0, block.segment(), ValueLayout.JAVA_INT, 0, labels.length);
    }

    @Override
    public void writeTargets(float[] targets) {
        Block block = target(true);
        checkLength(targets.length, (long) options().batch() * targetLayer().classes(), "soft targets");
        MemorySegment.copy(targets, 0, block.segment(), ValueLayout.JAVA_FLOAT, 0, targets.length);
    }

    private Layer.Target targetLayer() {
        Node node = lowering.graph.target();
        if (node == null || target == null) {
            throw new IllegalStateException("this program has no targets");
        }
        return (Layer.Target) node.layer();
    }

    private Block target(boolean soft) {
        if (targetLayer().soft() != soft) {
            throw new IllegalStateException("this graph takes " + (soft ? "class indices" : "soft targets"));
        }
        return need(target, "targets");
    }

    @Override
    public void forward(Draw draw) {
        compute.run(() -> {
            CpuWeights weights = lowering.weights;
            step.draw = draw;
            if (preparedVersion != weights.version()) {
                run(preparation);
                preparedVersion = weights.version();
            }
            run(forward);
            if (!lowering.counters.isEmpty()) {
                lowering.counters.forEach(b -> weights.setCounter(b, weights.counter(b) + 1));
                weights.touch();
            }
        });
    }

    @Override
    public double loss() {
        return need(loss, "loss").segment().get(ValueLayout.JAVA_DOUBLE, 0);
    }

    @Override
    public Reading read(boolean withOutput) {
        return Reading.now(this, withOutput ? lowering.count(lowering.graph.output()) * Float.BYTES : 0);
    }

    @Override
    public void readOutput(MemorySegment to) {
        readImage(output, lowering.graph.output(), to);
    }

    @Override
    public void writeOutputGradient(MemorySegment dy) {
        Block gradient = need(outputGradient, "output gradient: it takes it from its loss");
        Shape shape = lowering.graph.output().shape();
        if (Lowering.isFlat(shape)) {
            copy(dy, gradient.segment(), "output gradient");
            return;
        }
        Block image = need(staging, "staging block");
        MemorySegment nchw = image.segment().asSlice(0, gradient.segment().byteSize());
        copy(dy, nchw, "output gradient");
        transpose(gradient.address(), image.address(), shape.dim(0), Lowering.pixels(shape));
    }

    @Override
    public void backward(boolean accumulate, GradientListener listener) {
        if (!lowering.training()) {
            throw new IllegalStateException("an EVAL program has no backward pass");
        }
        compute.run(() -> {
            step.accumulate = accumulate;
            step.listener = listener;
            run(backward);
        });
    }

    @Override
    public void readInputGradient(MemorySegment to) {
        readImage(need(inputGradient, "input gradient"), lowering.graph.input(), to);
    }

    @Override
    public void readValue(Node captured, MemorySegment to) {
        readImage(need(capturedValues.get(captured), "captured value of " + captured), captured, to);
    }

    @Override
    public void readGradient(Node captured, MemorySegment to) {
        readImage(need(capturedGradients.get(captured), "captured gradient of " + captured), captured, to);
    }

    @Override
    public List<Kernel> kernels() {
        return kernels;
    }

    @Override
    public void close() {
        lowering.primitives.forEach(Primitive::close);
        lowering.constants.close();
        prepared.close();
    }

    @Override
    public List<Span> trace(Runnable work) {
        List<Span> taken = new ArrayList<>();
        spans = taken;
        try {
            work.run();
        } finally {
            spans = null;
        }
        return taken;
    }

    private void run(List<Timeline.Entry> ops) {
        List<Span> trace = spans;
        try {
            for (int i = 0; i < ops.size(); i++) {
                Timeline.Entry entry = ops.get(i);
                Kernel kernel = entry.kernel();
                if (trace == null || kernel == null) {
                    Native.check(entry.op().run(step));
                } else {
                    long start = System.nanoTime();
                    Native.check(entry.op().run(step));
                    trace.add(new Span(kernel, start, System.nanoTime() - start));
                }
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private void readImage(Block block, Node node, MemorySegment to) {
        Shape shape = node.shape();
        if (Lowering.isFlat(shape)) {
            copy(block.segment(), to, node.name());
            return;
        }
        Block image = need(staging, "staging block");
        transpose(image.address(), block.address(), Lowering.pixels(shape), shape.dim(0));
        copy(image.segment().asSlice(0, block.segment().byteSize()), to, node.name());
    }

    private void transpose(long dst, long src, long rows, long columns) {
        long n = options().batch();
        compute.run(() -> Native.call(() -> (int) Native.TRANSPOSE.invokeExact(dst, src, n, rows, columns)));
    }

    private static void copy(MemorySegment from, MemorySegment to, String what) {
        checkLength(from.byteSize(), to.byteSize(), "bytes of " + what);
        to.copyFrom(from);
    }

    private static void checkLength(long got, long expected, String what) {
        if (got != expected) {
            throw new IllegalArgumentException("expected " + expected + " " + what + ", got " + got);
        }
    }

    private static Block need(@Nullable Block block, String what) {
        if (block == null) {
            throw new IllegalStateException("this program has no " + what);
        }
        return block;
    }
}
