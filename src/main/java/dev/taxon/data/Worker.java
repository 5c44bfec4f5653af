package dev.taxon.data;

import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Recipient;
import dev.taxon.data.image.NativePipeline;
import dev.taxon.data.image.Workbench;
import dev.taxon.data.source.Names;
import dev.taxon.data.source.ReadBuffer;
import dev.taxon.data.source.Source;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.LoadImageFromFile;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.device.InputSpec;
import dev.taxon.random.Rng;
import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a thread that prepares samples keeps and uses for each of them. Pipelines that have a native form are carried out
 * by it, others by their transforms one after the other, with the same values.
 */
final class Worker implements Recipient, AutoCloseable {
    private final Rng rng = new Rng(0, 0);
    private final BatchWriter writer;
    private final Workbench bench;
    private final ReadBuffer buffer = new ReadBuffer();
    private final IdentityHashMap<Pipeline, Form> forms = new IdentityHashMap<>();

    private MemorySegment batch = MemorySegment.NULL; // of the sample under way
    private int place;
    private @Nullable NativePipeline tried;

    /** What a pipeline is natively; null if it has no such form. */
    private record Form(@Nullable NativePipeline pipeline) {}

    Worker(InputSpec spec) {
        writer = new BatchWriter(spec);
        bench = new Workbench(spec);
    }

    /**
     * Prepares one sample.
     *
     * @param to gets it as number {@code at}
     * @param stream with {@code copy}: which numbers its transforms draw
     */
    void prepare(Dataset dataset, int index, long seed, long stream, int copy, MemorySegment to, int at) {
        batch = to;
        place = at;
        tried = null;
        rng.restart(seed, stream, copy);
        if (dataset.offer(index, this)) {
            return;
        }
        rng.restart(seed, stream, copy);
        NativePipeline pipeline = tried;
        LoadImageFromFile load = pipeline == null ? null : pipeline.load();
        if (pipeline != null && load != null) { // another format than JPEG, or a picture that does not stand upright
            Sample loaded = load.apply(dataset.sample(index), rng);
            if (loaded.pixels() instanceof Image.Bytes bytes && bench.image(pipeline, bytes, rng, to, at)) {
                return;
            }
            rng.restart(seed, stream, copy);
        }
        writer.write(dataset.sample(index, rng), to, at);
    }

    @Override
    public boolean file(Pipeline pipeline, String folder, Names names, int index) {
        NativePipeline form = form(pipeline);
        return form != null && bench.file(form, folder, names, index, rng, batch, place);
    }

    @Override
    public boolean source(Pipeline pipeline, Source source) {
        NativePipeline form = form(pipeline);
        if (form == null) {
            return false;
        }
        MemorySegment bytes = source.read(buffer);
        return bench.encoded(form, bytes, bytes.byteSize(), rng, batch, place);
    }

    @Override
    public boolean image(Pipeline pipeline, Image.Bytes image) {
        NativePipeline form = form(pipeline);
        return form != null && bench.image(form, image, rng, batch, place);
    }

    private @Nullable NativePipeline form(Pipeline pipeline) {
        Form form = forms.get(pipeline);
        if (form == null) {
            form = new Form(NativePipeline.of(pipeline).orElse(null));
            forms.put(pipeline, form);
        }
        tried = form.pipeline;
        return form.pipeline;
    }

    @Override
    public void close() {
        bench.close();
        buffer.close();
    }
}
