package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;

/**
 * A {@code norm_cfg} of a transformer: layer normalization.
 *
 * @param trainable {@code requires_grad} of weight and bias
 */
record TokenNorm(double eps, boolean trainable) {
    /** mmcv's default. */
    static final TokenNorm LN = new TokenNorm(1e-5, true);

    /** @param otherwise without the key; a norm_cfg without eps has mmcv's 1e-5 all the same */
    static TokenNorm read(Fields owner, TokenNorm otherwise) {
        Fields f = owner.dictOrNull("norm_cfg");
        if (f == null) {
            return otherwise;
        }
        String type = f.text("type");
        require(
                type.equals("LN"),
                "%s: norm_cfg of %s must be of type 'LN', got '%s'",
                f.dict().at(),
                owner.path(),
                type);
        TokenNorm norm = new TokenNorm(f.real("eps", LN.eps), f.bool("requires_grad", true));
        f.done();
        return norm;
    }

    Node build(Scope scope, Node x) {
        if (!trainable) {
            scope.freeze();
        }
        return scope.layerNorm(x, new Layer.LayerNorm(x.shape().size(-1), eps));
    }
}
