package dev.taxon.data.image;

import dev.taxon.UserError;
import dev.taxon.data.source.Names;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding.Backend;
import dev.taxon.data.transform.Gather;
import dev.taxon.data.transform.Geometry;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.LoadImageFromFile;
import dev.taxon.data.transform.Orientation;
import dev.taxon.device.InputSpec;
import dev.taxon.device.InputSpec.Layout;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Where one thread carries out {@link NativePipeline}s: decode what is needed, resize what is seen, write it into the
 * batch. Its buffers are used again, so that a sample allocates nothing once they are large enough.
 */
public final class Workbench implements AutoCloseable {
    private static final int SIZES = 5; // TAXON_BATCH_SIZES

    private final InputSpec spec;
    private final Shape shape;
    private final long sampleBytes;
    private final Geometry geometry = new Geometry();
    private final JpegDecoder jpeg = new JpegDecoder();
    private final Resizer resizer = new Resizer();
    private final Room path = new Room();
    private final Room file = new Room();
    private final Room decoded = new Room();
    private final Room resized = new Room();
    private final Room rows = new Room();
    private final Room columns = new Room();
    private final Room sizes = new Room();

    // the part of the resized picture that is seen
    private int top;
    private int left;
    private int bottom;
    private int right;

    /** A bench for batches of that form. */
    public Workbench(InputSpec spec) {
        this.spec = spec;
        this.shape = spec.shape();
        this.sampleBytes = shape.numel() * Float.BYTES;
    }

    /**
     * Prepares an image file.
     *
     * @param folder path of a folder; empty: the name is a path
     * @param names its name is number {@code index} of them
     * @param batch gets the sample as number {@code place}
     * @return false if this is none of the files that native code alone can treat (a JPEG that stands upright), or it
     *     cannot be read; numbers of {@code rng} may have been drawn then
     */
    public boolean file(
            NativePipeline pipeline, String folder, Names names, int index, Rng rng, MemorySegment batch, int place) {
        long size = read(folder, names, index);
        return size > 0 && encoded(pipeline, file.segment(), size, rng, batch, place);
    }

    private long read(String folder, Names names, int index) {
        int length = folder.length() + names.length(index) + 2;
        MemorySegment chars = path.of(length);
        int at = copy(folder, chars, 0);
        if (!folder.isEmpty() && at >= 0) {
            chars.set(ValueLayout.JAVA_BYTE, at++, (byte) '/');
        }
        at = at < 0 ? at : names.copyAscii(index, chars, at);
        if (at < 0) {
            return -1;
        }
        chars.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
        try {
            MemorySegment room = file.segment();
            long size = (long) ImageLibrary.FILE_READ.invokeExact(room, room.byteSize(), chars);
            if (size > room.byteSize() && size < 1L << 30) {
                room = file.of(size);
                size = (long) ImageLibrary.FILE_READ.invokeExact(room, room.byteSize(), chars);
            }
            return size > room.byteSize() ? -1 : size;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** ASCII only, whose bytes are the same in every encoding of paths; −1 for others. */
    private static int copy(String text, MemorySegment to, int from) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || c > 127) {
                return -1;
            }
            to.set(ValueLayout.JAVA_BYTE, from + i, (byte) c);
        }
        return from + text.length();
    }

    /**
     * Prepares an encoded image that is in native memory; as {@link #file}.
     *
     * @param size bytes of it
     */
    public boolean encoded(
            NativePipeline pipeline, MemorySegment bytes, long size, Rng rng, MemorySegment batch, int place) {
        ChannelOrder order = open(pipeline, bytes, size);
        if (order == null) {
            return false;
        }
        try {
            plan(pipeline, jpeg.height(), jpeg.width(), rng);
            if (!pipeline.takes(order.channels()) || !fits(order.channels())) {
                return false;
            }
            write(pipeline, decode(order), (long) regionWidth() * order.channels(), order.channels(), batch, place);
            return true;
        } catch (UserError e) {
            return false; // the way through the transforms says it with the file's name
        }
    }

    /**
     * What the beginning of a pipeline makes of an image file.
     *
     * @param folder as in {@link #file}
     * @return null where {@link #file} would answer false
     */
    public Image.@Nullable Bytes picture(NativePipeline pipeline, String folder, Names names, int index, Rng rng) {
        long size = read(folder, names, index);
        return size > 0 ? picture(pipeline, file.segment(), size, rng) : null;
    }

    /** What the beginning of a pipeline makes of an encoded image in native memory; as above. */
    public Image.@Nullable Bytes picture(NativePipeline pipeline, MemorySegment bytes, long size, Rng rng) {
        ChannelOrder order = open(pipeline, bytes, size);
        if (order == null) {
            return null;
        }
        try {
            plan(pipeline, jpeg.height(), jpeg.width(), rng);
            MemorySegment pixels = decode(order);
            int wide = right - left;
            int high = bottom - top;
            if (geometry.scaler() != null) {
                MemorySegment region = pixels;
                pixels = resized.of((long) wide * high * order.channels());
                resizer.run(pixels, region, order.channels());
            }
            byte[] made = new byte[wide * high * order.channels()];
            MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, 0, made, 0, made.length);
            return geometry.arrange(new Image.Bytes(high, wide, order, made), top, left);
        } catch (UserError e) {
            return null;
        }
    }

    /** Reads the header of a file that native code alone can treat; null if this is none. */
    private @Nullable ChannelOrder open(NativePipeline pipeline, MemorySegment bytes, long size) {
        LoadImageFromFile load = pipeline.load();
        if (load == null || !bytes.isNative() || size < 3 || !JpegDecoder.accepts(bytes)) {
            return null;
        }
        try {
            jpeg.open("the image", bytes, size, load.decoding());
        } catch (UserError e) {
            return null; // the way through the transforms says it with the file's name
        }
        ColorType type = load.decoding().type();
        if (load.decoding().backend() == Backend.PILLOW) {
            return PillowDecoder.asOpenCv(jpeg, bytes.asSlice(0, size), type)
                    ? type.order(jpeg.components() == 1)
                    : null;
        }
        return type.upright() && !jpeg.orientation().equals(Orientation.AS_STORED)
                ? null
                : type.order(jpeg.components() == 1);
    }

    /** The planned region of the open file. */
    private MemorySegment decode(ChannelOrder order) {
        long rowBytes = (long) regionWidth() * order.channels();
        MemorySegment pixels = decoded.of(rowBytes * regionHeight());
        jpeg.decode(
                pixels,
                rowBytes,
                geometry.windowLeft() + regionLeft(),
                geometry.windowTop() + regionTop(),
                regionWidth(),
                regionHeight(),
                order);
        return pixels;
    }

    /** Prepares a picture that is in memory; as {@link #file}. */
    public boolean image(NativePipeline pipeline, Image.Bytes image, Rng rng, MemorySegment batch, int place) {
        int channels = image.channels();
        try {
            plan(pipeline, image.height(), image.width(), rng);
        } catch (UserError e) {
            return false;
        }
        if (!pipeline.takes(channels) || !fits(channels)) {
            return false;
        }
        int wide = regionWidth();
        int high = regionHeight();
        long rowBytes = (long) wide * channels;
        MemorySegment pixels = decoded.of(rowBytes * high);
        byte[] from = image.pixels();
        int first = ((geometry.windowTop() + regionTop()) * image.width() + geometry.windowLeft() + regionLeft())
                * channels;
        if (wide == image.width()) {
            MemorySegment.copy(from, first, pixels, ValueLayout.JAVA_BYTE, 0, (int) (rowBytes * high));
        } else {
            for (int row = 0; row < high; row++) {
                int start = first + row * image.width() * channels;
                MemorySegment.copy(from, start, pixels, ValueLayout.JAVA_BYTE, row * rowBytes, (int) rowBytes);
            }
        }
        write(pipeline, pixels, rowBytes, channels, batch, place);
        return true;
    }

    /** Where the pixels come from, and which part of the resized picture is seen. */
    private void plan(NativePipeline pipeline, int height, int width, Rng rng) {
        geometry.begin(height, width);
        pipeline.plan(geometry, rng);
        top = least(geometry.rows(), geometry.height());
        bottom = Math.max(top, greatest(geometry.rows(), geometry.height())) + 1;
        left = least(geometry.columns(), geometry.width());
        right = Math.max(left, greatest(geometry.columns(), geometry.width())) + 1;
        if (geometry.scaler() != null) {
            resizer.want(left, top, right - left, bottom - top);
            resizer.plan(
                    geometry.scaler(),
                    geometry.windowHeight(),
                    geometry.windowWidth(),
                    geometry.scaledHeight(),
                    geometry.scaledWidth());
        }
    }

    private boolean fits(int channels) {
        return shape.rank() == 3
                ? shape.size(0) == channels && shape.size(1) == geometry.height() && shape.size(2) == geometry.width()
                : shape.numel() == (long) channels * geometry.height() * geometry.width();
    }

    private static int least(int[] indices, int length) {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < length; i++) {
            least = indices[i] == Gather.FILL ? least : Math.min(least, indices[i]);
        }
        return least == Integer.MAX_VALUE ? 0 : least;
    }

    private static int greatest(int[] indices, int length) {
        int greatest = Gather.FILL;
        for (int i = 0; i < length; i++) {
            greatest = Math.max(greatest, indices[i]);
        }
        return greatest;
    }

    private int regionLeft() {
        return geometry.scaler() == null ? left : resizer.x();
    }

    private int regionTop() {
        return geometry.scaler() == null ? top : resizer.y();
    }

    private int regionWidth() {
        return geometry.scaler() == null ? right - left : resizer.width();
    }

    private int regionHeight() {
        return geometry.scaler() == null ? bottom - top : resizer.height();
    }

    private void write(
            NativePipeline pipeline,
            MemorySegment region,
            long regionRow,
            int channels,
            MemorySegment batch,
            int place) {
        MemorySegment pixels = region;
        long rowBytes = regionRow;
        if (geometry.scaler() != null) {
            rowBytes = (long) (right - left) * channels;
            pixels = resized.of(rowBytes * (bottom - top));
            resizer.run(pixels, region, channels);
        }
        int high = geometry.height();
        int wide = geometry.width();
        MemorySegment rowIndices = rows.of((long) high * Integer.BYTES);
        MemorySegment columnIndices = columns.of((long) wide * Integer.BYTES);
        MemorySegment.copy(geometry.rows(), 0, rowIndices, ValueLayout.JAVA_INT, 0, high);
        MemorySegment.copy(geometry.columns(), 0, columnIndices, ValueLayout.JAVA_INT, 0, wide);
        MemorySegment numbers = sizes.of((long) SIZES * Integer.BYTES);
        numbers.setAtIndex(ValueLayout.JAVA_INT, 0, high);
        numbers.setAtIndex(ValueLayout.JAVA_INT, 1, wide);
        numbers.setAtIndex(ValueLayout.JAVA_INT, 2, channels);
        numbers.setAtIndex(ValueLayout.JAVA_INT, 3, top);
        numbers.setAtIndex(ValueLayout.JAVA_INT, 4, left);
        int flags = (pipeline.swap() && channels == 3 ? ImageLibrary.SWAP : 0)
                | (spec.layout() == Layout.NCHW ? ImageLibrary.PLANAR : 0)
                | (pipeline.half() ? ImageLibrary.HALF : 0);
        long at = place * sampleBytes;
        if (at < 0 || at + sampleBytes > batch.byteSize()) {
            throw new IndexOutOfBoundsException("sample " + place + " of a batch of " + batch.byteSize() + " bytes");
        }
        try {
            ImageLibrary.BATCH_WRITE.invokeExact(
                    batch,
                    at / Float.BYTES,
                    pixels,
                    rowBytes,
                    rowIndices,
                    columnIndices,
                    numbers,
                    pipeline.means(),
                    pipeline.scales(),
                    pipeline.border(),
                    flags);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        path.close();
        file.close();
        decoded.close();
        resized.close();
        rows.close();
        columns.close();
        sizes.close();
    }
}
