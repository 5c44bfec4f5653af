package dev.taxon.data.survey;

import dev.taxon.UserError;
import dev.taxon.checkpoint.AtomicFile;
import dev.taxon.data.archive.PackedWriter;
import dev.taxon.data.dataset.FileDataset;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.source.ReadBuffer;
import dev.taxon.data.source.Source;
import dev.taxon.data.transform.BufferedImages;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageDecoder;
import dev.taxon.data.transform.Resize;
import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import dev.taxon.report.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes the images of data sets into one packed file, in their order, so that reading it from end to end is reading the
 * disk from end to end. Files that say what the images are come last.
 *
 * @param shortSide images with a longer short side are made that small, and JPEG again; 0: all bytes stay as they are
 * @param quality of those JPEGs, 1 to 100
 * @param threads that read and encode
 */
public record Packing(int shortSide, int quality, int threads, Progress progress) {
    private static final ImageDecoder DECODER = new OpenCvDecoder();

    public Packing {
        UserError.require(shortSide >= 0, "--short must not be negative, got %d", shortSide);
        UserError.require(quality >= 1 && quality <= 100, "--quality must be 1 to 100, got %d", quality);
        UserError.require(threads > 0, "--num-process must be positive, got %d", threads);
    }

    /** What was written: so many images, in a file of so many bytes. */
    public record Packed(int images, long bytes) {}

    /**
     * Writes the file, or leaves the one that was there. An image that several data sets list comes once.
     *
     * @param datasets of one folder
     * @throws UserError if an image cannot be read (its size is kept) or decoded (otherwise), or there is no room
     */
    public Packed write(List<FileDataset> datasets, Path file) {
        List<String> roots = datasets.stream().map(FileDataset::root).distinct().toList();
        UserError.require(
                roots.size() == 1,
                "the images lie in several folders, each of which makes a file of its own: %s",
                String.join(", ", roots));
        Packed[] packed = new Packed[1];
        AtomicFile.write(file, channel -> packed[0] = write(datasets, channel));
        progress.clear();
        return packed[0];
    }

    private Packed write(List<FileDataset> datasets, FileChannel channel) throws IOException {
        PackedWriter out = new PackedWriter(channel);
        int images = 0;
        Set<String> seen = new HashSet<>(); // stays empty for a single data set, which may be large
        for (FileDataset dataset : datasets) {
            dataset.folders().forEach(out::addFolder);
            IntStream all = IntStream.range(0, dataset.size());
            int[] taken = (datasets.size() == 1 ? all : all.filter(i -> seen.add(dataset.nameBelow(i)))).toArray();
            write(dataset, taken, out);
            images += taken.length;
        }
        for (FileDataset dataset : datasets) {
            for (String name : dataset.annotations()) {
                if (datasets.size() == 1 || seen.add(name)) {
                    out.add(name, dataset.annotation(name));
                }
            }
        }
        return new Packed(images, out.finish());
    }

    private void write(FileDataset dataset, int[] examples, PackedWriter out) throws IOException {
        Queue<Future<byte[]>> ahead = new ArrayDeque<>();
        long start = System.nanoTime();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            int asked = 0;
            try {
                for (int i = 0; i < examples.length; i++) {
                    for (; asked < Math.min(examples.length, i + 4 * threads); asked++) {
                        Sample sample = dataset.sample(examples[asked]);
                        ahead.add(pool.submit(() -> bytes(sample)));
                    }
                    out.add(dataset.nameBelow(examples[i]), ahead.remove().get());
                    show(i + 1, examples.length, out.length(), start);
                }
            } finally {
                pool.shutdownNow();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException error ? error : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted", e);
        }
    }

    private void show(int done, int size, long bytes, long start) {
        progress.draw(() -> {
            double seconds = (System.nanoTime() - start) / 1e9;
            return String.format(
                    Locale.ROOT,
                    "Packing: %d/%d, %,d MB, %.0f images/s, %.0f s left",
                    done,
                    size,
                    bytes >> 20,
                    done / seconds,
                    seconds / done * (size - done));
        });
    }

    private byte[] bytes(Sample sample) {
        Source source = sample.source();
        if (source == null) {
            throw new IllegalArgumentException(sample.name() + " is in memory");
        }
        try (ReadBuffer buffer = new ReadBuffer()) {
            MemorySegment bytes = source.read(buffer);
            if (shortSide > 0) {
                Image.Bytes image = DECODER.decode(source.name(), bytes, ColorType.COLOR);
                if (Math.min(image.height(), image.width()) > shortSide) {
                    return jpeg(smaller(sample.with(image)));
                }
            }
            return bytes.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private Image.Bytes smaller(Sample sample) {
        Resize resize = new Resize(new Resize.Target.Side(shortSide, Resize.Which.SHORT), Resize.Interpolation.AREA);
        return (Image.Bytes) resize.apply(sample, new Rng(0, 0)).pixels();
    }

    private byte[] jpeg(Image.Bytes image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality / 100f);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(BufferedImages.of(image), null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }
}
