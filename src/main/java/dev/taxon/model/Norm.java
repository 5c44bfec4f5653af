package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code norm_cfg}: which normalization follows a convolution, or a linear layer.
 *
 * @param trainable {@code requires_grad} of weight and bias
 * @param eval {@code norm_eval}: running statistics in training too
 * @param sync SyncBN: statistics of all processes of a run; with one process it is BN
 */
record Norm(double eps, double momentum, boolean trainable, boolean eval, boolean sync) {
    static final Norm BN = new Norm(1e-5, 0.1, true, false, false);

    static Norm read(Fields owner) {
        return read(owner, BN);
    }

    /** @param absent what holds where no {@code norm_cfg} is written; one that is written starts from PyTorch's numbers */
    static Norm read(Fields owner, Norm absent) {
        boolean eval = owner.bool("norm_eval", false);
        @Nullable Fields f = owner.dictOrNull("norm_cfg");
        return f == null
                ? new Norm(absent.eps, absent.momentum, true, eval, false)
                : read(f, List.of("BN", "SyncBN", "BN2d"), eval);
    }

    /** The key {@code norm_cfg} of layers over features (N, C); null for none. */
    static @Nullable Norm readOfFeatures(Fields owner) {
        Fields f = owner.dictOrNull("norm_cfg");
        return f == null ? null : read(f, List.of("BN1d", "SyncBN"), false);
    }

    private static Norm read(Fields f, List<String> types, boolean eval) {
        String type = f.text("type");
        require(
                types.contains(type),
                "%s: norm_cfg type '%s' is not known here; known are %s",
                f.dict().at(),
                type,
                String.join(", ", types));
        Norm norm = new Norm(
                f.real("eps", BN.eps),
                f.real("momentum", BN.momentum),
                f.bool("requires_grad", true),
                eval,
                type.equals("SyncBN"));
        f.done();
        return norm;
    }

    /** The same, with weight and bias as they are. */
    Norm untrained() {
        return new Norm(eps, momentum, false, eval, sync);
    }

    /** The same, with running statistics in training: what a frozen stage has. */
    Norm frozen() {
        return new Norm(eps, momentum, false, true, sync);
    }

    Node build(Scope scope, Node x) {
        if (!trainable) {
            scope.freeze();
        }
        return scope.batchNorm2d(x, new Layer.BatchNorm2d(x.shape().size(0), eps, momentum, eval, sync));
    }
}
