package dev.taxon.bench;

import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.data.image.JpegDecoder;
import dev.taxon.data.image.NativePipeline;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.image.Resizer;
import dev.taxon.data.image.Workbench;
import dev.taxon.data.source.Names;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.PillowFilter;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Resize.Interpolation;
import dev.taxon.data.transform.Sample;
import dev.taxon.data.transform.Scaler;
import dev.taxon.data.transform.Transform;
import dev.taxon.data.transform.TransformReader;
import dev.taxon.device.InputSpec;
import dev.taxon.device.InputSpec.Layout;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The steps of ImageNet's data path, one by one and as a whole, on one thread: microseconds an image. Synthetic JPEGs of
 * 500 × 375, or those of a folder: {@code -p folder=DIR}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DataPathBench {
    private static final int SIDE = 224;
    private static final ChannelOrder ORDER = ChannelOrder.BGR;

    @Param("")
    public String folder;

    private final Arena arena = Arena.ofShared();
    private final JpegDecoder jpeg = new JpegDecoder();
    private final Resizer resizer = new Resizer();
    private final ImageIoPath imageIo = new ImageIoPath();
    private final SplittableRandom random = new SplittableRandom(1);
    private final Rng rng = new Rng(1, 0);
    private final float[] floats = new float[3 * SIDE * SIDE];

    private List<Path> files;
    private Names names; // of the files
    private List<MemorySegment> encoded;
    private MemorySegment pixels; // one whole decoded picture, BGR
    private int width;
    private int height;
    private Image.Bytes image; // the same
    private Image.Bytes square; // 256 x 256
    private MemorySegment resized; // (224, 224, 3)
    private MemorySegment batch; // (3, 224, 224) floats
    private Workbench bench;
    private Pipeline pipeline;
    private NativePipeline whole;
    private NativePipeline written;
    private Transform crop;
    private Transform flip;
    private Transform normalize;
    private Sample stored; // the square
    private Sample cropped; // 224 x 224
    private int next;

    @Setup(Level.Trial)
    public void open() throws IOException {
        files = Photographs.files(folder.isEmpty() ? Photographs.synthetic(32) : Path.of(folder));
        encoded = new java.util.ArrayList<>();
        Names.Builder builder = new Names.Builder();
        for (Path file : files) {
            builder.add(file.toString());
            byte[] bytes = Files.readAllBytes(file);
            encoded.add(arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes)));
        }
        names = builder.build();
        image = new OpenCvDecoder().decode("image", encoded.getFirst(), ColorType.COLOR);
        width = image.width();
        height = image.height();
        pixels = arena.allocate(image.pixels().length + 64L);
        MemorySegment.copy(image.pixels(), 0, pixels, ValueLayout.JAVA_BYTE, 0, image.pixels().length);
        square = (Image.Bytes) Interpolation.BILINEAR.resize(image, 256, 256);
        resized = arena.allocate(3L * SIDE * SIDE + 64);
        batch = arena.allocate(4L * floats.length, 64);
        bench = new Workbench(new InputSpec(1, Shape.of(3, SIDE, SIDE), Layout.NCHW));
        String steps = "dict(type='RandomFlip'), dict(type='Normalize', mean=[123.675, 116.28, 103.53],"
                + " std=[58.395, 57.12, 57.375])]";
        pipeline = read("x = [dict(type='LoadImageFromFile'), dict(type='RandomResizedCrop', size=224), " + steps);
        List<Transform> single = read("x = [dict(type='RandomCrop', size=224), dict(type='RandomFlip', flip_prob=1.0),"
                        + steps.substring(steps.indexOf(',') + 1))
                .transforms();
        crop = single.get(0);
        flip = single.get(1);
        normalize = single.get(2);
        stored = Sample.of("square", square, 0);
        cropped = crop.apply(stored, rng);
        whole = NativePipeline.of(pipeline).orElseThrow();
        written = NativePipeline.of(read("x = [dict(type='RandomCrop', size=224), " + steps))
                .orElseThrow();
    }

    private static Pipeline read(String text) {
        List<Fields> steps = Config.parse(text, "bench").fields().dicts("x");
        return new TransformReader(new OpenCvDecoder()).pipeline(steps);
    }

    @TearDown(Level.Trial)
    public void close() {
        bench.close();
        arena.close();
    }

    private int next() {
        next = (next + 1) % files.size();
        return next;
    }

    @Benchmark
    public void decodeWhole() {
        jpeg.open("image", encoded.getFirst(), 1);
        jpeg.decode(pixels, width * 3L, 0, 0, width, height, ORDER);
    }

    /** The middle half of the picture: what RandomResizedCrop takes on average. */
    @Benchmark
    public void decodeHalf() {
        jpeg.open("image", encoded.getFirst(), 1);
        int w = width * 7 / 10;
        int h = height * 7 / 10;
        jpeg.decode(pixels, w * 3L, width * 3 / 20, height * 3 / 20, w, h, ORDER);
    }

    @Benchmark
    public void resizeBilinear() {
        resize(Interpolation.BILINEAR);
    }

    @Benchmark
    public void resizeBicubic() {
        resize(Interpolation.BICUBIC);
    }

    @Benchmark
    public void resizeArea() {
        resize(Interpolation.AREA);
    }

    @Benchmark
    public void resizeLanczos() {
        resize(Interpolation.LANCZOS);
    }

    @Benchmark
    public void resizePillowBilinear() {
        resize(PillowFilter.BILINEAR);
    }

    @Benchmark
    public void resizePillowBicubic() {
        resize(PillowFilter.BICUBIC);
    }

    private void resize(Scaler scaler) {
        resizer.want(0, 0, SIDE, SIDE);
        resizer.plan(scaler, height, width, SIDE, SIDE);
        resizer.run(resized, pixels, 3);
    }

    /** The plain Java version. */
    @Benchmark
    public Image resizeBilinearInJava() {
        return Interpolation.BILINEAR.resize(image, SIDE, SIDE);
    }

    /** One step of a pipeline in Java, out of 256 x 256. */
    @Benchmark
    public Sample cropInJava() {
        return crop.apply(stored, rng);
    }

    @Benchmark
    public Sample flipInJava() {
        return flip.apply(stored, rng);
    }

    /** Of the cropped 224 x 224, all values computed. */
    @Benchmark
    public Image normalizeInJava() {
        return normalize.apply(cropped, rng).pixels().toFloats();
    }

    /** Crop out of 256 x 256, flip, normalize, into the batch: one native pass. */
    @Benchmark
    public boolean cropFlipNormalize() {
        return bench.image(written, square, rng, batch, 0);
    }

    /** From the file to the batch. */
    @Benchmark
    public boolean sample() {
        return bench.file(whole, "", names, next(), rng, batch, 0);
    }

    /** The same by the transforms one after the other. */
    @Benchmark
    public Sample sampleByTransforms() {
        return pipeline.apply(Sample.of(files.get(next()), 0), rng);
    }

    /** The same as Java programs write it without a library. */
    @Benchmark
    public void sampleByImageIo() throws IOException {
        imageIo.sample(files.get(next()), random, floats, 0);
    }
}
