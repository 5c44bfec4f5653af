package dev.taxon.graph;

import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cursor over PyTorch module names: {@code scope.child("layer1").child(0).child("conv1")} stands for
 * {@code layer1.0.conv1}, and the method named after a layer adds it there. The first mention of a child registers
 * it, which fixes its place in the state dict: a module's own entries come first, then its children in order of
 * registration. A model whose registration order differs from execution order mentions its children up front.
 */
public final class Scope {
    private final GraphBuilder builder;
    private final String path;
    private final List<StateEntry> own = new ArrayList<>();
    private final Map<String, Scope> children = new LinkedHashMap<>();
    private boolean frozen;

    Scope(GraphBuilder builder, String path) {
        this.builder = builder;
        this.path = path;
    }

    /** Dotted path from the root, empty at the root. */
    public String path() {
        return path;
    }

    public Scope child(String name) {
        return children.computeIfAbsent(name, n -> {
            Scope child = new Scope(builder, path.isEmpty() ? n : path + "." + n);
            child.frozen = frozen;
            return child;
        });
    }

    public Scope child(int index) {
        return child(Integer.toString(index));
    }

    /** Parameters that are added from here on, at and below this scope, are not trainable (frozen_stages). */
    public Scope freeze() {
        frozen = true;
        children.values().forEach(Scope::freeze);
        return this;
    }

    /** Convolution with PyTorch's default initialization. */
    public Node conv2d(Node x, Layer.Conv2d layer) {
        Kernel2d k = layer.kernel();
        int fanIn = layer.inC() / layer.groups();
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(weight(Shape.of(layer.outC(), fanIn, k.kH(), k.kW()), Init.TORCH_WEIGHT));
        if (layer.bias()) {
            parameters.add(bias(Shape.of(layer.outC()), Init.torchBias((long) fanIn * k.kH() * k.kW())));
        }
        return add(layer, List.of(x), parameters, List.of());
    }

    public Node batchNorm2d(Node x, Layer.BatchNorm2d layer) {
        Shape c = Shape.of(layer.channels());
        List<Parameter> parameters = List.of(weight(c, Init.ONES), bias(c, Init.ZEROS));
        List<Buffer> buffers = List.of(
                buffer("running_mean", c, Buffer.Role.RUNNING_MEAN),
                buffer("running_var", c, Buffer.Role.RUNNING_VAR),
                buffer("num_batches_tracked", Shape.SCALAR, Buffer.Role.NUM_BATCHES_TRACKED));
        return add(layer, List.of(x), parameters, buffers);
    }

    /** Linear layer with PyTorch's default initialization. */
    public Node linear(Node x, Layer.Linear layer) {
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(weight(Shape.of(layer.out(), layer.in()), Init.TORCH_WEIGHT));
        if (layer.bias()) {
            parameters.add(bias(Shape.of(layer.out()), Init.torchBias(layer.in())));
        }
        return add(layer, List.of(x), parameters, List.of());
    }

    /** Layer normalization that starts as 1 and 0. */
    public Node layerNorm(Node x, Layer.LayerNorm layer) {
        Shape c = Shape.of(layer.channels());
        return add(layer, List.of(x), List.of(weight(c, Init.ONES), bias(c, Init.ZEROS)), List.of());
    }

    /** Generalized mean pooling whose exponent, under mmcls's name {@code p}, starts at {@code p}. */
    public Node generalizedMeanPool(Node x, Layer.GeneralizedMeanPool layer, double p) {
        return add("p", layer, x, Shape.of(1), new Init.Constant(p));
    }

    /** Residual attention, whose 1×1 convolution has PyTorch's default initialization. */
    public Node residualAttention(Node x, Layer.ResidualAttention layer) {
        Parameter weight = weight(Shape.of(layer.classes(), layer.inC(), 1, 1), Init.TORCH_WEIGHT);
        return add(layer, List.of(x), List.of(weight), List.of());
    }

    /** A class token under PyTorch's name {@code cls_token}, which starts at 0. */
    public Node classToken(Node x, Layer.ClassToken layer) {
        return add("cls_token", layer, x, Shape.of(1, 1, layer.channels()), Init.ZEROS);
    }

    /** A position embedding under PyTorch's name {@code pos_embed}. */
    public Node positionEmbedding(Node x, Layer.PositionEmbedding layer, Init init) {
        int length = layer.extra() + layer.resize().from();
        return add("pos_embed", layer, x, Shape.of(1, length, layer.channels()), init);
    }

    // A layer whose only parameter stands in this module itself.
    private Node add(String name, Layer layer, Node x, Shape shape, Init init) {
        Parameter parameter =
                new Parameter(path.isEmpty() ? name : path + "." + name, shape, Parameter.Role.WEIGHT, init, !frozen);
        own.add(parameter);
        return builder.add(parameter.name(), layer, List.of(x), List.of(parameter), List.of());
    }

    /** A seesaw loss, whose sample counts are state. */
    public Node seesawLoss(Node logits, Node target, LossLayer.SeesawLoss layer) {
        Buffer samples = buffer("cum_samples", Shape.of(layer.classes()), Buffer.Role.CUM_SAMPLES);
        return add(layer, List.of(logits, target), List.of(), List.of(samples));
    }

    /** A layer without parameters. */
    public Node apply(Layer layer, Node... inputs) {
        return add(layer, List.of(inputs), List.of(), List.of());
    }

    void collect(List<StateEntry> into) {
        into.addAll(own);
        children.values().forEach(c -> c.collect(into));
    }

    private Node add(Layer layer, List<Node> inputs, List<Parameter> parameters, List<Buffer> buffers) {
        own.addAll(parameters);
        own.addAll(buffers);
        return builder.add(path, layer, inputs, parameters, buffers);
    }

    private Parameter weight(Shape shape, Init init) {
        return new Parameter(path + ".weight", shape, Parameter.Role.WEIGHT, init, !frozen);
    }

    private Parameter bias(Shape shape, Init init) {
        return new Parameter(path + ".bias", shape, Parameter.Role.BIAS, init, !frozen);
    }

    private Buffer buffer(String name, Shape shape, Buffer.Role role) {
        return new Buffer(path + "." + name, shape, role);
    }
}
