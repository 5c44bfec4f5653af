package dev.taxon.model;

import dev.taxon.config.Fields;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import java.util.List;

/**
 * How far a backbone is trained and read: {@code frozen_stages} and {@code out_indices}. The stem is number 0, stages count
 * from 1. Of several maps a head reads the last alone; what stands behind it keeps its weights, which checkpoints have, but
 * does not run.
 *
 * @param frozen the stem and stages up to this number are not trained; negative freezes nothing
 * @param last number of the stage whose map is the result
 */
record StageRange(int frozen, int last) {
    /** @param stages number of stages, the last of which is read without {@code out_indices} */
    static StageRange read(Fields f, int stages) {
        return new StageRange(f.integer("frozen_stages", -1), last(f, stages, stages - 1));
    }

    /** The same, where mmcls has a range for {@code frozen_stages}. */
    static StageRange read(Fields f, int stages, int mostFrozen) {
        StageRange range = read(f, stages);
        if (range.frozen < -1 || range.frozen > mostFrozen) {
            throw f.error("frozen_stages", "must be from -1 to %d, got %d".formatted(mostFrozen, range.frozen));
        }
        return range;
    }

    /** @param otherwise index from 0 of the stage that is read without {@code out_indices} */
    static int last(Fields f, int stages, int otherwise) {
        List<Integer> indices = f.integers("out_indices", List.of(otherwise)).stream()
                .map(i -> i < 0 ? stages + i : i) // of DenseNet; others name stages from 0
                .toList();
        if (indices.isEmpty() || !indices.stream().allMatch(i -> i >= 0 && i < stages)) {
            throw f.error("out_indices", "must name stages from 0 to " + (stages - 1) + ", got " + indices);
        }
        return 1 + indices.stream().max(Integer::compare).orElseThrow();
    }

    boolean isFrozen(int number) {
        return number <= frozen;
    }

    /** The scope of a stage, frozen when the stage is, or when nothing reads it. */
    Scope enter(Scope scope, int number) {
        return isFrozen(number) || number > last ? scope.freeze() : scope;
    }

    /** A frozen stage keeps its running statistics too. */
    Norm norm(Norm norm, int number) {
        return isFrozen(number) ? norm.frozen() : norm;
    }

    /** What is the result once stage {@code number} gave {@code x}, where it was {@code read} before. */
    Node read(Node read, Node x, int number) {
        return number <= last ? x : read;
    }
}
