package dev.taxon.checkpoint;

import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** backbone.conv1, backbone.bn1 and head.fc, and state dicts for it. */
final class SmallNet {
    private SmallNet() {}

    static Graph graph(int classes) {
        GraphBuilder builder = new GraphBuilder();
        Scope backbone = builder.root().child("backbone");
        Node x = builder.input(Shape.of(1, 2, 2));
        Scope conv = backbone.child("conv1");
        x = conv.conv2d(x, new Layer.Conv2d(1, 3, Kernel2d.square(1, 1, 0), 1, false));
        x = backbone.child("bn1").batchNorm2d(x, new Layer.BatchNorm2d(3, 1e-5, 0.1, false));
        x = backbone.child("flat").apply(new Layer.Flatten(), x);
        x = builder.root().child("head").child("fc").linear(x, new Layer.Linear(12, classes, true));
        return builder.build(x);
    }

    /** Entries of the graph under other names, filled with 1, 2, 3, … through all of them. */
    static StateDict state(int classes, KeyMap names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        float next = 1;
        for (var entry : graph(classes).state()) {
            float[] values = new float[Math.toIntExact(entry.shape().numel())];
            for (int i = 0; i < values.length; i++) {
                values[i] = next++;
            }
            tensors.put(names.rename(entry.name()), Tensor.of(entry.shape(), values));
        }
        return new StateDict(tensors);
    }
}
