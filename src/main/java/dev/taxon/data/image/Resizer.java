package dev.taxon.data.image;

import dev.taxon.data.transform.PillowFilter;
import dev.taxon.data.transform.Resize.Interpolation;
import dev.taxon.data.transform.Scaler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Resizes uint8 pictures natively, bit for bit as the {@link Scaler}s do, and only the part that is wanted. Plan, then
 * run. One thread at a time; its native memory goes when it is unreachable.
 */
public final class Resizer {
    private final MemorySegment handle;
    private final MemorySegment sizes; // input height, width, output height, width
    private final MemorySegment part; // x, y, width, height
    private final MemorySegment region; // x, y, width, height

    public Resizer() {
        Arena arena = Arena.ofAuto();
        try {
            MemorySegment made = (MemorySegment) ImageLibrary.RESIZER_CREATE.invokeExact();
            if (made.address() == 0) {
                throw new OutOfMemoryError("no native memory for a resizer");
            }
            handle = made.reinterpret(arena, Resizer::destroy);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        sizes = arena.allocate(ValueLayout.JAVA_INT, 4);
        part = arena.allocate(ValueLayout.JAVA_INT, 4);
        region = arena.allocate(ValueLayout.JAVA_INT, 4);
    }

    private static void destroy(MemorySegment handle) {
        try {
            ImageLibrary.RESIZER_DESTROY.invokeExact(handle);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** enum taxon_filter. */
    private static int filter(Scaler scaler) {
        return switch (scaler) {
            case Interpolation way ->
                switch (way) {
                    case BILINEAR -> 0;
                    case BICUBIC -> 1;
                    case AREA -> 2;
                    case LANCZOS -> 3;
                    case NEAREST -> throw new IllegalArgumentException("nearest is no resize but a copy");
                };
            case PillowFilter way ->
                switch (way) {
                    case BOX -> 4;
                    case BILINEAR -> 5;
                    case HAMMING -> 6;
                    case BICUBIC -> 7;
                    case LANCZOS -> 8;
                    case NEAREST -> throw new IllegalArgumentException("nearest is no resize but a copy");
                };
        };
    }

    /** The part of the resized picture that the next {@link #plan} is about. */
    public void want(int x, int y, int width, int height) {
        part.setAtIndex(ValueLayout.JAVA_INT, 0, x);
        part.setAtIndex(ValueLayout.JAVA_INT, 1, y);
        part.setAtIndex(ValueLayout.JAVA_INT, 2, width);
        part.setAtIndex(ValueLayout.JAVA_INT, 3, height);
    }

    /** Prepares a resize; {@link #x}, {@link #y}, {@link #width} and {@link #height} tell then what it needs. */
    public void plan(Scaler scaler, int inputHeight, int inputWidth, int height, int width) {
        sizes.setAtIndex(ValueLayout.JAVA_INT, 0, inputHeight);
        sizes.setAtIndex(ValueLayout.JAVA_INT, 1, inputWidth);
        sizes.setAtIndex(ValueLayout.JAVA_INT, 2, height);
        sizes.setAtIndex(ValueLayout.JAVA_INT, 3, width);
        try {
            check((int) ImageLibrary.RESIZER_PLAN.invokeExact(handle, region, filter(scaler), sizes, part));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** First column of the input that the wanted part needs. */
    public int x() {
        return region.getAtIndex(ValueLayout.JAVA_INT, 0);
    }

    public int y() {
        return region.getAtIndex(ValueLayout.JAVA_INT, 1);
    }

    public int width() {
        return region.getAtIndex(ValueLayout.JAVA_INT, 2);
    }

    public int height() {
        return region.getAtIndex(ValueLayout.JAVA_INT, 3);
    }

    /**
     * Resizes, as planned.
     *
     * @param dst native memory for the wanted part (h, w, channels), rows one behind the other
     * @param src native memory that holds the needed region (h, w, channels), rows one behind the other
     */
    public void run(MemorySegment dst, MemorySegment src, int channels) {
        int wide = part.getAtIndex(ValueLayout.JAVA_INT, 2);
        int high = part.getAtIndex(ValueLayout.JAVA_INT, 3);
        long dstRow = (long) wide * channels;
        long srcRow = (long) width() * channels;
        if (dst.byteSize() < dstRow * high
                || src.byteSize() < srcRow * height()
                || !dst.isNative()
                || !src.isNative()) {
            throw new IllegalArgumentException(dst + " or " + src + " is too small");
        }
        try {
            check((int) ImageLibrary.RESIZER_RUN.invokeExact(handle, dst, dstRow, src, srcRow, channels));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(int status) {
        if (status != 0) {
            throw new OutOfMemoryError("no native memory to resize a picture");
        }
    }
}
