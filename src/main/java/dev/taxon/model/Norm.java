package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A {@code norm_cfg}: which normalization follows a convolution. SyncBN over one process is BN.
 *
 * @param trainable {@code requires_grad} of weight and bias
 * @param eval {@code norm_eval}: running statistics in training too
 */
record Norm(double eps, double momentum, boolean trainable, boolean eval) {
    static final Norm BN = new Norm(1e-5, 0.1, true, false);

    static Norm read(Fields owner) {
        return read(owner, BN);
    }

    /** @param absent what holds where no {@code norm_cfg} is written; one that is written starts from PyTorch's numbers */
    static Norm read(Fields owner, Norm absent) {
        boolean eval = owner.bool("norm_eval", false);
        @Nullable Fields f = owner.dictOrNull("norm_cfg");
        if (f == null) {
            return new Norm(absent.eps, absent.momentum, true, eval);
        }
        String type = f.text("type");
        require(
                type.equals("BN") || type.equals("SyncBN") || type.equals("BN2d"),
                "%s: norm_cfg type '%s' is not known; known are BN, SyncBN",
                f.dict().at(),
                type);
        Norm norm =
                new Norm(f.real("eps", BN.eps), f.real("momentum", BN.momentum), f.bool("requires_grad", true), eval);
        f.done();
        return norm;
    }

    /** The same, with weight and bias as they are. */
    Norm untrained() {
        return new Norm(eps, momentum, false, eval);
    }

    /** The same, with running statistics in training: what a frozen stage has. */
    Norm frozen() {
        return new Norm(eps, momentum, false, true);
    }

    Node build(Scope scope, Node x) {
        if (!trainable) {
            scope.freeze();
        }
        return scope.batchNorm2d(x, new Layer.BatchNorm2d(x.shape().size(0), eps, momentum, eval));
    }
}
