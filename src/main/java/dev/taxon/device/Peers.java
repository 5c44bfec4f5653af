package dev.taxon.device;

/**
 * Processes that run the same program at the same time, each on its own samples. All make the same calls in the same order, each
 * from one thread at a time.
 */
public interface Peers {
    /** A process on its own. */
    Peers NONE = new Peers() {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public void sum(double[] values) {}
    };

    /** How many there are, this one included. */
    int size();

    /** Replaces each value by its sum over all processes, with the same bits for all of them. */
    void sum(double[] values);
}
