package dev.taxon.data;

import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Recipient;
import dev.taxon.data.image.NativePipeline;
import dev.taxon.data.image.NativePipeline.Split;
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
    private final InputSpec spec;
    private final boolean natively;
    private final ReadBuffer buffer = new ReadBuffer();
    private final IdentityHashMap<Pipeline, Form> forms = new IdentityHashMap<>();

    private MemorySegment batch = MemorySegment.NULL; // of the sample under way
    private int place;
    private @Nullable NativePipeline tried;
    private @Nullable Workbench bench; // made when first used, since it loads the native library

    /**
     * What a pipeline is natively.
     *
     * @param whole null if it has no such form
     * @param split where only its beginning has one; else null
     */
    private record Form(
            @Nullable NativePipeline whole, @Nullable Split split) {
        static Form of(Pipeline pipeline) {
            NativePipeline whole = NativePipeline.of(pipeline).orElse(null);
            return new Form(
                    whole, whole == null ? NativePipeline.split(pipeline).orElse(null) : null);
        }
    }

    /** One that uses native code or does not. */
    Worker(InputSpec spec, boolean natively) {
        writer = new BatchWriter(spec);
        this.spec = spec;
        this.natively = natively;
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
        if (natively && dataset.offer(index, this)) {
            return;
        }
        rng.restart(seed, stream, copy);
        NativePipeline pipeline = tried;
        LoadImageFromFile load = pipeline == null ? null : pipeline.load();
        if (pipeline != null && load != null) { // another format than JPEG, or a picture that does not stand upright
            Sample loaded = load.apply(dataset.sample(index), rng);
            if (loaded.pixels() instanceof Image.Bytes bytes && bench().image(pipeline, bytes, rng, to, at)) {
                return;
            }
            rng.restart(seed, stream, copy);
        }
        writer.write(dataset.sample(index, rng), to, at);
    }

    @Override
    public boolean file(Pipeline pipeline, String folder, Names names, int index) {
        Form form = form(pipeline);
        if (form.whole != null) {
            return bench().file(form.whole, folder, names, index, rng, batch, place);
        }
        Split split = form.split;
        return split != null
                && goOn(split, names.get(index), bench().picture(split.beginning(), folder, names, index, rng));
    }

    @Override
    public boolean source(Pipeline pipeline, Source source) {
        Form form = form(pipeline);
        if (form.whole == null && form.split == null) {
            return false;
        }
        MemorySegment bytes = source.read(buffer);
        if (form.whole != null) {
            return bench().encoded(form.whole, bytes, bytes.byteSize(), rng, batch, place);
        }
        Split split = form.split;
        return split != null
                && goOn(split, source.name(), bench().picture(split.beginning(), bytes, bytes.byteSize(), rng));
    }

    /** The transforms behind a native beginning. */
    private boolean goOn(Split split, String name, Image.@Nullable Bytes picture) {
        if (picture == null) {
            return false;
        }
        Sample begun = Sample.of(name, picture, Sample.NO_LABEL);
        writer.write(split.rest().apply(begun, rng), batch, place);
        return true;
    }

    @Override
    public boolean image(Pipeline pipeline, Image.Bytes image) {
        Form form = form(pipeline);
        return form.whole != null && bench().image(form.whole, image, rng, batch, place);
    }

    private Form form(Pipeline pipeline) {
        Form form = forms.get(pipeline);
        if (form == null) {
            form = Form.of(pipeline);
            forms.put(pipeline, form);
        }
        tried = form.whole;
        return form;
    }

    private Workbench bench() {
        Workbench made = bench;
        if (made == null) {
            made = new Workbench(spec);
            bench = made;
        }
        return made;
    }

    @Override
    public void close() {
        if (bench != null) {
            bench.close();
        }
        buffer.close();
    }
}
