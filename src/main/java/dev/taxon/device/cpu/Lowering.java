package dev.taxon.device.cpu;

import dev.taxon.device.InputSpec;
import dev.taxon.device.Options;
import dev.taxon.device.Program.Pass;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.StateEntry;
import dev.taxon.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What forward and backward lowering share: where each value lies, the primitives made so far, and sizes. */
final class Lowering {
    final Graph graph;
    final CpuWeights weights;
    final Options options;
    final Fusion fusion;
    final List<Group> groups;
    final Timeline timeline;

    /** Ops that pack and fold weights, in an arena of their own that lasts. */
    final Timeline preparation;

    final List<Primitive> primitives = new ArrayList<>();
    final List<Buffer> counters = new ArrayList<>();

    /** Sizes that native calls read at each step. */
    final Arena constants = Arena.ofShared();

    /** Flags of each convolution: {@link Native#DIRECT} where Winograd's algorithm is turned off. */
    final int convolutionFlags;

    private final Map<Node, Block> values = new HashMap<>();
    private final Map<Group, Saved> saved = new HashMap<>();

    /** What forward keeps for backward: mean and 1/std of a batch norm, indices of a max pooling, gradient of a loss. */
    record Saved(Block first, @Nullable Block second) {}

    Lowering(Graph graph, CpuWeights weights, Options options, boolean winograd, ActivationArena prepared) {
        this.graph = graph;
        this.weights = weights;
        this.options = options;
        fusion = new Fusion(graph, options);
        groups = fusion.groups();
        convolutionFlags = winograd ? 0 : Native.DIRECT;
        timeline = new Timeline(weights.activations());
        preparation = new Timeline(prepared);
    }

    boolean training() {
        return options.mode() == Options.Mode.TRAIN;
    }

    int batch() {
        return options.batch();
    }

    /** Elements of a node's value over the whole batch. */
    long count(Node node) {
        return batch() * node.shape().numel();
    }

    Block newValue(Node node) {
        Block block = timeline.floats(count(node));
        values.put(node, block);
        return block;
    }

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

    void save(Group group, Block first, @Nullable Block second) {
        saved.put(group, new Saved(first, second));
    }

    Saved saved(Group group) {
        Saved entry = saved.get(group);
        if (entry == null) {
            throw new IllegalStateException(group.name() + " saved nothing");
        }
        return entry;
    }

    Primitive own(Primitive primitive) {
        primitives.add(primitive);
        return primitive;
    }

    /** Scratch of a primitive; live during one op. */
    Block scratch(Timeline on, Primitive primitive) {
        return on.bytes(Math.max(primitive.scratchBytes(), 1));
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

    /** Address of a parameter in a region; 0 for none. */
    long address(Slot slot, @Nullable Parameter parameter) {
        return parameter == null ? 0 : at(weights.region(slot).segment(), parameter);
    }

    /** Address of a batch norm's running statistic. */
    long address(Node batchNorm, Buffer.Role role) {
        Buffer buffer = batchNorm.buffers().stream()
                .filter(b -> b.role() == role)
                .findFirst()
                .orElseThrow();
        return at(weights.buffers().segment(), buffer);
    }

    private long at(MemorySegment region, StateEntry entry) {
        return region.address() + weights.table().slice(entry).offset() * Float.BYTES;
    }

    /** The {@code int64_t sizes[TAXON_SIZES]} of a window operation. */
    long sizes(Node node, Kernel2d k, int groups) {
        Shape in = node.input().shape();
        Shape out = node.shape();
        MemorySegment sizes = constants.allocateFrom(
                ValueLayout.JAVA_LONG,
                batch(),
                in.dim(0),
                in.dim(1),
                in.dim(2),
                out.dim(0),
                out.dim(1),
                out.dim(2),
                k.kH(),
                k.kW(),
                k.strideH(),
                k.strideW(),
                k.padH(),
                k.padW(),
                k.dilationH(),
                k.dilationW(),
                groups);
        return sizes.address();
    }

    /** Sizes of a shortcut: a 1×1 window with its stride. */
    long sizes(Node node, Layer.ShortcutA l) {
        return sizes(node, Kernel2d.square(1, l.stride(), 0), 1);
    }

    /** Whether a value of this shape has the same order of elements in NCHW and NHWC. */
    static boolean isFlat(Shape shape) {
        return shape.rank() < 3 || shape.dim(0) == 1 || shape.dim(1) * shape.dim(2) == 1;
    }

    /** Whether such a node's value may lie where its input's does. */
    static boolean mayAlias(Layer layer) {
        return layer instanceof Layer.Flatten
                || layer instanceof Layer.Dropout
                || layer instanceof Layer.DropPath
                || layer instanceof Layer.ImageToTokens
                || layer instanceof Layer.TokensToImage
                || layer instanceof Layer.Concat; // a shuffle behind it may read its inputs
    }

    static long pixels(Shape shape) {
        return shape.rank() < 3 ? 1 : shape.dim(1) * shape.dim(2);
    }

    /** Extent of a value's innermost dimension in NHWC. */
    static long channels(Shape shape) {
        return shape.numel() / pixels(shape);
    }

    /** Copies (N, rows, columns) to (N, columns, rows). */
    void transpose(Node node, Pass pass, Block dst, Block src, long rows, long columns) {
        long n = batch();
        timeline.add(
                node.name(),
                pass,
                "taxon:transpose",
                s -> (int) Native.TRANSPOSE.invokeExact(dst.address(), src.address(), n, rows, columns),
                dst,
                src);
    }

    InputSpec inputSpec() {
        return new InputSpec(batch(), graph.input().shape(), InputSpec.Layout.NHWC);
    }
}
