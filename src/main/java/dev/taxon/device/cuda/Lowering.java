package dev.taxon.device.cuda;

import dev.taxon.device.ComputeThread;
import dev.taxon.device.InputSpec;
import dev.taxon.device.Options;
import dev.taxon.device.Precision;
import dev.taxon.device.Program.Pass;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import jcuda.driver.JCudaDriver;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnOpTensorDescriptor;
import jcuda.jcudnn.cudnnOpTensorOp;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.jspecify.annotations.Nullable;

/** What forward and backward lowering share: where each value lies, cuDNN's descriptors, and sizes. */
final class Lowering implements AutoCloseable {
    final Graph graph;
    final CudaWeights weights;
    final Options options;
    final Gpu gpu;
    final Set<Node> needed;
    final Timeline timeline;

    /** Ops that fold weights when they have changed, in an arena of their own that lasts. */
    final Timeline preparation;

    final Descriptors descriptors;
    final Constants constants;
    final ConvolutionAlgorithms algorithms;
    final List<Buffer> counters = new ArrayList<>();

    private final ComputeThread compute;
    private final ActivationArena prepared;
    private final Map<Node, InputBlock> inputs = new HashMap<>();
    private final Map<Node, Block> values = new HashMap<>();
    private final Map<Node, Block[]> saved = new HashMap<>();
    private @Nullable cudnnOpTensorDescriptor sum;

    /** Casts to half precision, in training programs of a device that multiplies in it; null elsewhere. */
    final @Nullable Halves halves;

    Lowering(Graph graph, CudaWeights weights, Options options, ComputeThread compute) {
        this.graph = graph;
        this.weights = weights;
        this.options = options;
        this.compute = compute;
        gpu = weights.gpu();
        needed = graph.needed(training());
        timeline = new Timeline(weights.activations());
        prepared = new ActivationArena(gpu);
        preparation = new Timeline(prepared);
        descriptors = new Descriptors(gpu);
        constants = new Constants(gpu);
        halves = gpu.precision().isHalf() && training() && graph.loss() != null ? new Halves(this) : null;
        algorithms = new ConvolutionAlgorithms(gpu, options.deterministic(), gpu.foundAlgorithms());
    }

    boolean training() {
        return options.mode() == Options.Mode.TRAIN;
    }

    int batch() {
        return options.batch();
    }

    /** How cuDNN multiplies: float32 by fused multiply-adds, or as it likes, which from Ampere on is TF32. */
    int mathType() {
        return gpu.precision() == Precision.TF32 ? cudnnMathType.CUDNN_DEFAULT_MATH : cudnnMathType.CUDNN_FMA_MATH;
    }

    /** The nodes whose values the program's caller reads. */
    Set<Node> readByCaller() {
        Set<Node> read = new HashSet<>(options.captured());
        read.add(graph.output());
        return read;
    }

    /** Elements of a node's value over the whole batch. */
    long count(Node node) {
        return batch() * node.shape().numel();
    }

    /** A block for a node's value, which ops of later nodes find by {@link #value}. */
    Block newValue(Node node) {
        Block block = timeline.floats(count(node));
        values.put(node, block);
        return block;
    }

    /** A block that the caller fills before each pass. */
    void newInput(Node node) {
        String purpose = "two inputs of a batch of " + batch();
        InputBlock block = new InputBlock(gpu, compute, count(node) * Float.BYTES, purpose); // labels are int32
        inputs.put(node, block);
        values.put(node, block);
    }

    InputBlock input(Node node) {
        return Objects.requireNonNull(inputs.get(node));
    }

    /** Says that a node's value lies in a block that another holds too. */
    void setValue(Node node, Block block) {
        values.put(node, block);
    }

    Block value(Node node) {
        Block block = values.get(node);
        if (block == null) {
            throw new IllegalStateException(node + " has no value yet");
        }
        return block;
    }

    /** Keeps blocks for the backward pass of a node: statistics, indices, masks, the gradient of a loss. */
    void save(Node node, Block... blocks) {
        saved.put(node, blocks);
    }

    /** The block that {@link #save} got at {@code index}. */
    Block saved(Node node, int index) {
        Block[] blocks = saved.get(node);
        if (blocks == null) {
            throw new IllegalStateException(node + " saved nothing");
        }
        return blocks[index];
    }

    static @Nullable Parameter parameter(Node node, Parameter.Role role) {
        return node.parameters().stream()
                .filter(p -> p.role() == role)
                .findFirst()
                .orElse(null);
    }

    static Parameter weight(Node node) {
        Parameter weight = parameter(node, Parameter.Role.WEIGHT);
        if (weight == null) {
            throw new IllegalArgumentException(node + " has no weight");
        }
        return weight;
    }

    /** A node's weight in the region of values. */
    Operand weightOf(Node node) {
        return weights.operand(Slot.VALUE, weight(node));
    }

    /** A node's bias in the region of values, if it has one. */
    @Nullable
    Operand biasOf(Node node) {
        Parameter bias = parameter(node, Parameter.Role.BIAS);
        return bias == null ? null : weights.operand(Slot.VALUE, bias);
    }

    /** Where a parameter's gradient goes. */
    Operand gradientOf(Parameter parameter) {
        return weights.operand(Slot.GRADIENT, parameter);
    }

    /** A node's float32 buffer. */
    Operand buffer(Node node, Buffer.Role role) {
        Buffer buffer = node.buffers().stream()
                .filter(b -> b.role() == role)
                .findFirst()
                .orElseThrow();
        return weights.operand(buffer);
    }

    /** A node's value as cuDNN sees it: images (N, C, H, W); all others (N, elements, 1, 1). */
    cudnnTensorDescriptor tensor(Node node) {
        Shape shape = node.shape();
        return shape.rank() == 3
                ? descriptors.tensor(batch(), shape.dim(0), shape.dim(1), shape.dim(2))
                : descriptors.tensor(batch(), shape.numel(), 1, 1);
    }

    /** A value of one number a channel: (1, C, 1, 1). */
    cudnnTensorDescriptor channelTensor(long channels) {
        return descriptors.tensor(1, channels, 1, 1);
    }

    /** dst = a + b, all of a node's shape. */
    void add(Node node, Pass pass, Block dst, Block a, Block b) {
        cudnnOpTensorDescriptor add = sum != null ? sum : descriptors.opTensor(cudnnOpTensorOp.CUDNN_OP_TENSOR_ADD);
        sum = add;
        cudnnTensorDescriptor tensor = tensor(node);
        timeline.add(
                node.name(),
                pass,
                "cudnn:op_tensor_add",
                s -> gpu.cudnn(JCudnn.cudnnOpTensor(
                        gpu.cudnn(),
                        add,
                        gpu.one(),
                        tensor,
                        a.pointer(),
                        gpu.one(),
                        tensor,
                        b.pointer(),
                        gpu.zero(),
                        tensor,
                        dst.pointer())),
                dst,
                a,
                b);
    }

    /** Sets a block to zero. */
    void zero(Node node, Pass pass, Block dst) {
        timeline.add(
                node.name(),
                pass,
                "cuda:memset",
                s -> gpu.driver(JCudaDriver.cuMemsetD8Async(dst.pointer(), (byte) 0, dst.bytes(), gpu.stream())),
                dst);
    }

    /** Copies a block. */
    void copy(Node node, Pass pass, Block dst, Block src) {
        timeline.add(
                node.name(),
                pass,
                "cuda:memcpy",
                s -> gpu.driver(JCudaDriver.cuMemcpyDtoDAsync(dst.pointer(), src.pointer(), dst.bytes(), gpu.stream())),
                dst,
                src);
    }

    /** Elements of a channel, in one sample. */
    static long pixels(Shape shape) {
        return shape.rank() < 3 ? 1 : shape.dim(1) * shape.dim(2);
    }

    /** Channels of an image, or features. */
    static long channels(Shape shape) {
        return shape.dim(0);
    }

    @Override
    public void close() {
        inputs.values().forEach(InputBlock::close);
        prepared.close();
        descriptors.close();
        constants.close();
    }

    InputSpec inputSpec() {
        return new InputSpec(batch(), graph.input().shape(), InputSpec.Layout.NCHW);
    }
}
