package dev.taxon.model;

import dev.taxon.config.Fields;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;

/**
 * AlexNet with one column, as torchvision and mmcls have it. x (3, H, W) → (256, 6, 6) from 224 × 224, or logits. Source:
 * Krizhevsky 2014; mmcls AlexNet.
 *
 * @param numClasses size of the classifier; without one (0 or less) the last feature map is the result
 */
record AlexNet(int numClasses) implements Backbone {
    private static final int HIDDEN = 4096;

    static AlexNet read(Fields f) {
        return new AlexNet(f.integer("num_classes", -1));
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(3, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        Scope f = scope.child("features");
        Layer pool = new Layer.MaxPool2d(Kernel2d.square(3, 2, 0), false);
        x = relu(f.child(1), conv(f.child(0), x, 64, Kernel2d.square(11, 4, 2)));
        x = f.child(2).apply(pool, x);
        x = relu(f.child(4), conv(f.child(3), x, 192, Kernel2d.square(5, 1, 2)));
        x = f.child(5).apply(pool, x);
        x = relu(f.child(7), conv(f.child(6), x, 384, Kernel2d.square(3, 1, 1)));
        x = relu(f.child(9), conv(f.child(8), x, 256, Kernel2d.square(3, 1, 1)));
        x = relu(f.child(11), conv(f.child(10), x, 256, Kernel2d.square(3, 1, 1)));
        x = f.child(12).apply(pool, x);
        if (numClasses <= 0) {
            return x;
        }
        x = scope.child("view").apply(new Layer.Flatten(), x);
        Scope c = scope.child("classifier");
        x = c.child(0).apply(new Layer.Dropout(0.5), x);
        x = relu(c.child(2), c.child(1).linear(x, new Layer.Linear(256 * 6 * 6, HIDDEN, true)));
        x = c.child(3).apply(new Layer.Dropout(0.5), x);
        x = relu(c.child(5), c.child(4).linear(x, new Layer.Linear(HIDDEN, HIDDEN, true)));
        return c.child(6).linear(x, new Layer.Linear(HIDDEN, numClasses, true));
    }

    private static Node conv(Scope s, Node x, int out, Kernel2d kernel) {
        return s.conv2d(x, new Layer.Conv2d(x.shape().size(0), out, kernel, 1, true));
    }

    private static Node relu(Scope s, Node x) {
        return s.apply(new Layer.Activation(Function.RELU), x);
    }
}
