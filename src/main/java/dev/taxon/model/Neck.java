package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;

/** What makes features (C) of the backbone's map (C, H, W). */
sealed interface Neck {
    Node build(Scope neck, Node x);

    /** mmcls GlobalAveragePooling. */
    record GlobalAverage() implements Neck {
        static GlobalAverage read(Fields f) {
            require(f.integer("dim", 2) == 2, "%s: dim of GlobalAveragePooling must be 2", f.path());
            return new GlobalAverage();
        }

        @Override
        public Node build(Scope neck, Node x) {
            return neck.apply(new Layer.GlobalAvgPool(), x);
        }
    }

    /** mmcls GeneralizedMeanPooling: its trained exponent {@code p} starts at this one. */
    record GeneralizedMean(double p, Layer.GeneralizedMeanPool layer) implements Neck {
        static GeneralizedMean read(Fields f) {
            double p = f.real("p", 3);
            require(
                    p >= 1,
                    "%s: p of GeneralizedMeanPooling must be at least 1, got %s",
                    f.dict().at(),
                    p);
            return new GeneralizedMean(p, new Layer.GeneralizedMeanPool(f.real("eps", 1e-6), f.bool("clamp", true)));
        }

        @Override
        public Node build(Scope neck, Node x) {
            return neck.generalizedMeanPool(x, layer, p);
        }
    }
}
