package dev.taxon.train;

import dev.taxon.data.dataset.Dataset;
import dev.taxon.dist.Communicator;
import dev.taxon.metric.Scores;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A rank's share of an evaluation.
 *
 * @param scores (examples, classes)
 * @param examples which example each row is of
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record Shard(float[] scores, int[] examples) {
    /** What all ranks found, in the order of the data set; the same on every rank. */
    Evaluation join(Communicator ranks, Dataset dataset, int classes) {
        byte[][] parts = ranks.gather(bytes());
        int count =
                Arrays.stream(parts).mapToInt(p -> ByteBuffer.wrap(p).getInt()).sum();
        float[] rows = new float[Math.multiplyExact(count, classes)];
        int[] found = new int[count];
        int at = 0;
        for (byte[] part : parts) {
            ByteBuffer in = ByteBuffer.wrap(part);
            int own = in.getInt();
            in.asIntBuffer().get(found, at, own);
            in.position(in.position() + own * Integer.BYTES);
            in.asFloatBuffer().get(rows, at * classes, own * classes);
            at += own;
        }
        int[] order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingInt(i -> found[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        float[] sorted = new float[rows.length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows, order[i] * classes, sorted, i * classes, classes);
        }
        int[] inOrder = Arrays.stream(order).map(i -> found[i]).toArray();
        return new Evaluation(
                new Scores(
                        sorted,
                        classes,
                        count == dataset.size()
                                ? dataset.labels()
                                : dataset.labels().select(inOrder)),
                inOrder);
    }

    private byte[] bytes() {
        ByteBuffer out =
                ByteBuffer.allocate(Integer.BYTES + Math.multiplyExact(Float.BYTES, examples.length + scores.length));
        out.putInt(examples.length);
        out.asIntBuffer().put(examples);
        out.position(out.position() + examples.length * Integer.BYTES);
        out.asFloatBuffer().put(scores);
        return out.array();
    }
}
