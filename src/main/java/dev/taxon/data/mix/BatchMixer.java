package dev.taxon.data.mix;

import dev.taxon.data.mix.Plan.Box;
import dev.taxon.device.InputSpec;
import dev.taxon.device.InputSpec.Layout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Carries out plans on the images of a batch, in place. Keeps its buffers; for one thread at a time. */
final class BatchMixer {
    private static final int CHUNK = 4096; // values of a sample that are blended at a time

    private final int values; // of a sample
    private final int planes;
    private final int height;
    private final int width;
    private final int run; // values of a pixel within a plane
    private float[] parts = new float[0]; // of each sample: what others take of it
    private float[] own = new float[0];

    BatchMixer(InputSpec spec) {
        boolean image = spec.shape().rank() == 3;
        int channels = image ? spec.shape().size(0) : 1;
        values = Math.toIntExact(spec.shape().numel());
        planes = spec.layout() == Layout.NCHW ? channels : 1;
        run = channels / planes;
        height = image ? spec.shape().size(1) : 1;
        width = image ? spec.shape().size(2) : values;
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    /**
     * Mixes a batch.
     *
     * @param order sample n takes in sample order[n]; as many as the batch has
     * @param data (order.length, …) in the layout of the spec
     */
    void apply(Plan plan, int[] order, MemorySegment data) {
        switch (plan) {
            case Plan.Keep keep -> {}
            case Plan.Blend blend -> blend((float) blend.lambda(), (float) (1 - blend.lambda()), order, data);
            case Plan.Paste paste -> {
                if (paste.box().height() < 1 || paste.box().width() < 1) {
                    return; // nothing of the other sample is seen
                }
                if (paste.resampling() == null) {
                    cut(paste.box(), order, data);
                } else {
                    resize(paste.box(), paste.resampling(), order, data);
                }
            }
        }
    }

    private void blend(float mine, float others, int[] order, MemorySegment data) {
        reserve(order.length * CHUNK, CHUNK);
        for (int from = 0; from < values; from += CHUNK) {
            int length = Math.min(CHUNK, values - from);
            for (int n = 0; n < order.length; n++) {
                read(data, n, from, parts, n * CHUNK, length);
            }
            for (int n = 0; n < order.length; n++) {
                int self = n * CHUNK;
                int other = order[n] * CHUNK;
                for (int i = 0; i < length; i++) {
                    own[i] = mine * parts[self + i] + others * parts[other + i];
                }
                write(own, 0, data, n, from, length);
            }
        }
    }

    private void cut(Box box, int[] order, MemorySegment data) {
        int length = box.width() * run;
        reserve(order.length * length, 0);
        for (int plane = 0; plane < planes; plane++) {
            for (int row = box.top(); row < box.bottom(); row++) {
                int from = place(plane, row, box.left());
                for (int n = 0; n < order.length; n++) {
                    read(data, n, from, parts, n * length, length);
                }
                for (int n = 0; n < order.length; n++) {
                    write(parts, order[n] * length, data, n, from, length);
                }
            }
        }
    }

    private void resize(Box box, Resampling way, int[] order, MemorySegment data) {
        int line = box.width() * run;
        int part = planes * box.height() * line;
        reserve(order.length * part, values);
        Resampling.Axis y = way.axis(height, box.height());
        Resampling.Axis x = way.axis(width, box.width());
        for (int n = 0; n < order.length; n++) {
            read(data, n, 0, own, 0, values);
            resize(y, x, n * part);
        }
        for (int n = 0; n < order.length; n++) {
            for (int i = 0; i < planes * box.height(); i++) {
                int to = place(i / box.height(), box.top() + i % box.height(), box.left());
                write(parts, order[n] * part + i * line, data, n, to, line);
            }
        }
    }

    /** {@code own} in the size of the axes, to {@code parts} from {@code to} on. */
    private void resize(Resampling.Axis y, Resampling.Axis x, int to) {
        int at = to;
        for (int plane = 0; plane < planes; plane++) {
            for (int row = 0; row < y.ends().length; row++) {
                for (int col = 0; col < x.ends().length; col++) {
                    for (int c = 0; c < run; c++) {
                        parts[at++] = value(y, row, x, col, plane, c);
                    }
                }
            }
        }
    }

    private float value(Resampling.Axis y, int row, Resampling.Axis x, int col, int plane, int c) {
        double sum = 0;
        for (int j = row == 0 ? 0 : y.ends()[row - 1]; j < y.ends()[row]; j++) {
            double line = 0;
            int start = place(plane, y.index()[j], 0) + c;
            for (int i = col == 0 ? 0 : x.ends()[col - 1]; i < x.ends()[col]; i++) {
                line += own[start + x.index()[i] * run] * (double) x.weight()[i];
            }
            sum += line * y.weight()[j];
        }
        return (float) sum;
    }

    private int place(int plane, int row, int col) {
        return ((plane * height + row) * width + col) * run;
    }

    private void reserve(int forParts, int forOwn) {
        if (parts.length < forParts) {
            parts = new float[forParts];
        }
        if (own.length < forOwn) {
            own = new float[forOwn];
        }
    }

    private void read(MemorySegment data, int sample, int from, float[] to, int at, int length) {
        long offset = ((long) sample * values + from) * Float.BYTES;
        MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, offset, to, at, length);
    }

    private void write(float[] from, int at, MemorySegment data, int sample, int to, int length) {
        long offset = ((long) sample * values + to) * Float.BYTES;
        MemorySegment.copy(from, at, data, ValueLayout.JAVA_FLOAT, offset, length);
    }
}
