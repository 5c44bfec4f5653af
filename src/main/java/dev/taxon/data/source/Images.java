package dev.taxon.data.source;

/** Numbered images that are read when they are wanted. Thread-safe. */
public interface Images {
    int size();

    Source get(int index);

    /** Collects images by name. */
    interface Builder {
        /**
         * Adds an image behind the others.
         *
         * @param name below the tree, with {@code /}
         * @param where how messages name the place that names it, such as {@code train.txt:12}
         */
        void add(String name, String where);

        Images build();
    }
}
