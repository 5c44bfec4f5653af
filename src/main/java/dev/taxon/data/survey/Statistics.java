package dev.taxon.data.survey;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Labels;
import dev.taxon.data.survey.Survey.Visitor;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.report.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers about a data set.
 *
 * @param images examples
 * @param broken examples that cannot be read: they count in {@code counts} alone
 * @param classes names by index
 * @param counts examples of each class; with several labels a sample, those that have it for certain
 * @param heights of the images, in pixels
 * @param mean of each channel, over all pixels of all images: red, green, blue; or grey
 * @param std likewise, by the whole population
 */
public record Statistics(
        int images,
        int broken,
        List<String> classes,
        List<Integer> counts,
        Range heights,
        Range widths,
        List<Double> mean,
        List<Double> std) {

    /** Least, middle and greatest; of an even number the lower one of the two in the middle. */
    public record Range(int min, int median, int max) {
        static Range of(int[] values) {
            int[] sorted = values.clone();
            Arrays.sort(sorted);
            return sorted.length == 0
                    ? new Range(0, 0, 0)
                    : new Range(sorted[0], sorted[(sorted.length - 1) / 2], sorted[sorted.length - 1]);
        }
    }

    /** Looks at every image. */
    public static Statistics of(Dataset dataset, int threads, Progress progress) {
        Sums sums = new Sums(dataset.size());
        new Survey(dataset, "Reading", threads, progress).run(sums);
        List<Double> mean = new ArrayList<>();
        List<Double> std = new ArrayList<>();
        for (int c = 0; c < sums.channels; c++) {
            int at = sums.bgr ? 2 - c : c;
            double average = sums.pixels == 0 ? 0 : sums.sum[at] / (double) sums.pixels;
            double squares = sums.pixels == 0 ? 0 : sums.squares[at] / (double) sums.pixels;
            mean.add(average);
            std.add(Math.sqrt(Math.max(0, squares - average * average)));
        }
        return new Statistics(
                dataset.size(),
                sums.broken,
                dataset.classes(),
                counts(dataset),
                Range.of(sums.read(sums.heights)),
                Range.of(sums.read(sums.widths)),
                mean,
                std);
    }

    private static List<Integer> counts(Dataset dataset) {
        int[] counts = new int[dataset.classes().size()];
        Labels labels = dataset.labels();
        for (int i = 0; i < labels.size(); i++) {
            for (int k : labels.present(i)) {
                counts[k]++;
            }
        }
        return Arrays.stream(counts).boxed().toList();
    }

    /** Sums of whole numbers, so that their order does not matter: 2^63 is beyond what ImageNet needs a hundred times. */
    private static final class Sums implements Visitor {
        private final int[] heights; // (images): 0 for broken ones
        private final int[] widths;
        private final long[] sum = new long[3];
        private final long[] squares = new long[3];
        private long pixels;
        private int broken;
        private int channels;
        private boolean bgr;

        Sums(int images) {
            heights = new int[images];
            widths = new int[images];
        }

        @Override
        public void image(int index, Image.Bytes image) {
            int n = image.channels();
            long[] own = new long[n];
            long[] ownSquares = new long[n];
            byte[] values = image.pixels();
            for (int i = 0; i < values.length; i += n) {
                for (int c = 0; c < n; c++) {
                    int v = values[i + c] & 0xFF;
                    own[c] += v;
                    ownSquares[c] += (long) v * v;
                }
            }
            synchronized (this) {
                heights[index] = image.height();
                widths[index] = image.width();
                channels = n;
                bgr = image.order() == ChannelOrder.BGR;
                pixels += (long) image.height() * image.width();
                for (int c = 0; c < n; c++) {
                    sum[c] += own[c];
                    squares[c] += ownSquares[c];
                }
            }
        }

        @Override
        public synchronized void broken(int index, UserError why) {
            broken++;
        }

        int[] read(int[] sides) {
            return Arrays.stream(sides).filter(s -> s > 0).toArray();
        }
    }
}
