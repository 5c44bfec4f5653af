package dev.taxon.model;

import dev.taxon.config.Fields;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;

/**
 * LeNet-5 as mmcls has it: three 5×5 convolutions with tanh and average pooling on 1×32×32, then two linear layers.
 * Source: LeCun et al. 1998; mmcls LeNet5.
 *
 * @param numClasses size of the classifier; without one (−1) the features (120, 1, 1) are the result
 */
record LeNet5(int numClasses) implements Backbone {
    static LeNet5 read(Fields f) {
        f.ignore("init_cfg");
        return new LeNet5(f.integer("num_classes", -1));
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(1, 32, 32);
    }

    @Override
    public Node build(Scope scope, Node x) {
        Scope features = scope.child("features");
        Layer pool = new Layer.AvgPool2d(Kernel2d.square(2, 2, 0), false, true);
        x = tanh(features.child(1), conv(features.child(0), x, 1, 6));
        x = features.child(2).apply(pool, x);
        x = tanh(features.child(4), conv(features.child(3), x, 6, 16));
        x = features.child(5).apply(pool, x);
        x = tanh(features.child(7), conv(features.child(6), x, 16, 120));
        if (numClasses <= 0) {
            return x;
        }
        Scope classifier = scope.child("classifier");
        x = scope.child("squeeze").apply(new Layer.Flatten(), x);
        x = tanh(classifier.child(1), classifier.child(0).linear(x, new Layer.Linear(120, 84, true)));
        return classifier.child(2).linear(x, new Layer.Linear(84, numClasses, true));
    }

    private static Node conv(Scope scope, Node x, int in, int out) {
        return scope.conv2d(x, new Layer.Conv2d(in, out, Kernel2d.square(5, 1, 0), 1, true));
    }

    private static Node tanh(Scope scope, Node x) {
        return scope.apply(new Layer.Activation(Function.TANH), x);
    }
}
