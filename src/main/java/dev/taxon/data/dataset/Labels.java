package dev.taxon.data.dataset;

import dev.taxon.data.transform.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What a data set says of its examples: one class each, or any number of classes. Immutable by agreement. */
public sealed interface Labels {
    /** In a multi-label row: an object of the class is there, but hard to see; metrics leave it out. */
    byte DIFFICULT = -1;

    /** Number of examples. */
    int size();

    /** The class of an example; {@link Sample#NO_LABEL} where examples have any number of classes. */
    int classIndex(int example);

    /** The classes that an example has for certain, ascending: mmcls's {@code get_cat_ids}. */
    int[] present(int example);

    /**
     * Adds {@code weight} times the target of an example to {@code rows[at …]}: 1 at its classes, difficult ones too, as
     * mmcls's multi-label heads take them.
     */
    void addTo(float[] rows, int at, int example, float weight);

    /** The labels of some examples, in the order given. */
    Labels select(int[] examples);

    /**
     * One class a sample.
     *
     * @param classes a class index for each example
     */
    @SuppressWarnings("ArrayRecordComponent") // of a whole data set, not compared
    record SingleLabel(int[] classes) implements Labels {
        @Override
        public int size() {
            return classes.length;
        }

        @Override
        public int classIndex(int example) {
            return classes[example];
        }

        @Override
        public int[] present(int example) {
            return new int[] {classes[example]};
        }

        @Override
        public void addTo(float[] rows, int at, int example, float weight) {
            rows[at + classes[example]] += weight;
        }

        @Override
        public Labels select(int[] examples) {
            return new SingleLabel(Arrays.stream(examples).map(i -> classes[i]).toArray());
        }
    }

    /**
     * Any number of classes a sample.
     *
     * @param rows (N, classes): 1, 0 or {@link #DIFFICULT}
     */
    @SuppressWarnings("ArrayRecordComponent") // of a whole data set, not compared
    record MultiLabel(byte[] rows, int classes) implements Labels {
        public MultiLabel {
            if (classes < 1 || rows.length % classes != 0) {
                throw new IllegalArgumentException(rows.length + " values are no rows of " + classes + " classes");
            }
        }

        /** 1, 0 or {@link #DIFFICULT}. */
        public byte value(int example, int k) {
            return rows[example * classes + k];
        }

        @Override
        public int size() {
            return rows.length / classes;
        }

        @Override
        public int classIndex(int example) {
            return Sample.NO_LABEL;
        }

        @Override
        public int[] present(int example) {
            return IntStream.range(0, classes)
                    .filter(k -> value(example, k) == 1)
                    .toArray();
        }

        @Override
        public void addTo(float[] target, int at, int example, float weight) {
            for (int k = 0; k < classes; k++) {
                target[at + k] += weight * Math.abs(value(example, k));
            }
        }

        @Override
        public Labels select(int[] examples) {
            byte[] out = new byte[Math.multiplyExact(examples.length, classes)];
            for (int i = 0; i < examples.length; i++) {
                System.arraycopy(rows, examples[i] * classes, out, i * classes, classes);
            }
            return new MultiLabel(out, classes);
        }
    }

    /**
     * The labels of several data sets, one behind the other.
     *
     * @param parts all of one kind, with equally many classes
     */
    static Labels concat(List<Labels> parts) {
        return switch (parts.getFirst()) {
            case SingleLabel first ->
                new SingleLabel(parts.stream()
                        .map(SingleLabel.class::cast)
                        .flatMapToInt(p -> Arrays.stream(p.classes))
                        .toArray());
            case MultiLabel first -> {
                int length = parts.stream()
                        .mapToInt(p -> ((MultiLabel) p).rows.length)
                        .reduce(0, Math::addExact);
                byte[] rows = new byte[length];
                int at = 0;
                for (Labels part : parts) {
                    byte[] from = ((MultiLabel) part).rows;
                    System.arraycopy(from, 0, rows, at, from.length);
                    at += from.length;
                }
                yield new MultiLabel(rows, first.classes);
            }
        };
    }
}
