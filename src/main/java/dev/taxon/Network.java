package dev.taxon;

import dev.taxon.data.BatchWriter;
import dev.taxon.data.InferencePipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.tensor.Region;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates prepared images of any sizes, any number at a time, over one set of weights. Programs are compiled when they
 * are first needed, for few batch sizes (each holds packed weights): the largest, and the powers of four below it. For
 * one thread at a time.
 */
final class Network implements AutoCloseable {
    private static final int KEPT = 12; // programs; the one that was not used for longest goes

    private final LoadedModel model; // borrowed
    private final int maxBatch;
    private final Map<Key, Compiled> programs = new LinkedHashMap<>(KEPT, 0.75f, true);

    private record Key(Shape input, int batch) {}

    private record Compiled(Program program, BatchWriter writer, Region input) implements AutoCloseable {
        static Compiled of(Program program) {
            return new Compiled(
                    program,
                    new BatchWriter(program.input()),
                    Region.ofBytes(program.input().byteSize()));
        }

        @Override
        public void close() {
            program.close();
            input.close();
        }
    }

    Network(LoadedModel model, int maxBatch) {
        this.model = model;
        this.maxBatch = maxBatch;
    }

    /** Class scores of each image, in order: softmax, or sigmoids for a model of several labels. */
    float[][] scores(List<Sample> prepared) {
        float[][] scores = new float[prepared.size()][];
        for (int i = 0; i < scores.length; ) {
            Shape shape = InferencePipeline.shape(prepared.get(i));
            int end = i + 1;
            while (end < scores.length
                    && InferencePipeline.shape(prepared.get(end)).equals(shape)) {
                end++;
            }
            int batch = batch(end - i);
            run(shape, prepared.subList(i, i + batch), scores, i);
            i += batch;
        }
        return scores;
    }

    /** The largest batch size that has a program and is not above {@code count}. */
    private int batch(int count) {
        if (count >= maxBatch) {
            return maxBatch;
        }
        int powerOfTwo = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(count);
        return 1 << (powerOfTwo & ~1);
    }

    private void run(Shape shape, List<Sample> samples, float[][] scores, int first) {
        Compiled compiled = compiled(new Key(shape, samples.size()));
        for (int i = 0; i < samples.size(); i++) {
            compiled.writer.write(samples.get(i), compiled.input.segment(), i);
        }
        compiled.program.writeInput(compiled.input.segment());
        compiled.program.forward(Program.Draw.NONE);
        int classes = model.outputs();
        float[] logits = new float[samples.size() * classes];
        compiled.program.readOutput(MemorySegment.ofArray(logits));
        float[] rows = model.session().scores().apply(logits, classes);
        for (int i = 0; i < samples.size(); i++) {
            scores[first + i] = Arrays.copyOfRange(rows, i * classes, (i + 1) * classes);
        }
    }

    private Compiled compiled(Key key) {
        Compiled known = programs.get(key);
        if (known != null) {
            return known;
        }
        if (programs.size() == KEPT) {
            Iterator<Compiled> eldest = programs.values().iterator();
            eldest.next().close();
            eldest.remove();
        }
        Compiled made = Compiled.of(model.compile(model.graph(key.input), Options.eval(key.batch)));
        programs.put(key, made);
        return made;
    }

    @Override
    public void close() {
        programs.values().forEach(Compiled::close);
        programs.clear();
    }
}
