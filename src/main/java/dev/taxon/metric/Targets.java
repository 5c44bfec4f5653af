package dev.taxon.metric;

import java.util.Arrays;

/** What is true of each sample of a data set. */
public sealed interface Targets {
    /** Samples. */
    int count();

    /** Those of samples {@code from} to {@code to}, exclusive. */
    Targets slice(int from, int to);

    /**
     * One class a sample.
     *
     * @param labels N class indices
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record Labels(int[] labels) implements Targets {
        @Override
        public int count() {
            return labels.length;
        }

        @Override
        public Labels slice(int from, int to) {
            return new Labels(Arrays.copyOfRange(labels, from, to));
        }
    }

    /**
     * Any number of classes a sample.
     *
     * @param marks (N, classes), row-major: 1 where the sample has the class, 0 where not, −1 where that is hard to say
     *     (VOC's "difficult")
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record MultiLabel(byte[] marks, int classes) implements Targets {
        public MultiLabel {
            if (classes < 1 || marks.length % classes != 0) {
                throw new IllegalArgumentException(marks.length + " marks are no rows of " + classes);
            }
        }

        @Override
        public int count() {
            return marks.length / classes;
        }

        @Override
        public MultiLabel slice(int from, int to) {
            return new MultiLabel(Arrays.copyOfRange(marks, from * classes, to * classes), classes);
        }
    }
}
