package dev.taxon.metric;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Orders samples or classes by score. Average precision depends on which of two equal scores comes first, so this is the
 * order that {@code numpy.argsort(-values)} gives: quicksort by the median of first, middle and last, and insertion sort for
 * 16 elements and fewer.
 */
final class Ranking {
    private static final int SMALL = 15; // distance of first and last

    private final float[] values;
    private final int[] order;

    private Ranking(float[] values) {
        this.values = values;
        order = IntStream.range(0, values.length).toArray();
    }

    /** Indices of the values from the highest to the lowest, and what is no number last. */
    static int[] descending(float[] values) {
        Ranking ranking = new Ranking(values);
        int floorLog2 = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(values.length, 1));
        ranking.quicksort(0, values.length - 1, 2 * floorLog2);
        return ranking.order;
    }

    /** Sorts positions {@code low} to {@code high}; {@code depth} bounds the levels of bad luck. */
    private void quicksort(int low, int high, int depth) {
        if (high - low <= SMALL) {
            insertion(low, high);
        } else if (depth < 0) {
            mergesort(low, high);
        } else {
            int pivot = partition(low, high);
            quicksort(low, pivot - 1, depth - 1);
            quicksort(pivot + 1, high, depth - 1);
        }
    }

    private int partition(int low, int high) {
        int middle = (low + high) >>> 1;
        swapIfBefore(middle, low);
        swapIfBefore(high, middle);
        swapIfBefore(middle, low);
        float pivot = values[order[middle]];
        swap(middle, high - 1);
        int i = low;
        int j = high - 1;
        while (true) {
            do {
                i++;
            } while (before(values[order[i]], pivot));
            do {
                j--;
            } while (before(pivot, values[order[j]]));
            if (i >= j) {
                swap(i, high - 1);
                return i;
            }
            swap(i, j);
        }
    }

    private void insertion(int low, int high) {
        for (int i = low + 1; i <= high; i++) {
            int moving = order[i];
            int j = i;
            for (; j > low && before(values[moving], values[order[j - 1]]); j--) {
                order[j] = order[j - 1];
            }
            order[j] = moving;
        }
    }

    private void mergesort(int low, int high) {
        int[] sorted = Arrays.stream(order, low, high + 1)
                .boxed()
                .sorted((a, b) -> before(values[a], values[b]) ? -1 : before(values[b], values[a]) ? 1 : 0)
                .mapToInt(Integer::intValue)
                .toArray();
        System.arraycopy(sorted, 0, order, low, sorted.length);
    }

    /** Of two scores, whether {@code a} is strictly better. */
    private static boolean before(float a, float b) {
        return a > b || (Float.isNaN(b) && !Float.isNaN(a));
    }

    private void swapIfBefore(int i, int j) {
        if (before(values[order[i]], values[order[j]])) {
            swap(i, j);
        }
    }

    private void swap(int i, int j) {
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}
