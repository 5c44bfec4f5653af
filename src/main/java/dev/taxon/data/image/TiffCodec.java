package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import dev.taxon.data.transform.Orientation;
import java.lang.foreign.MemorySegment;

/**
 * The first picture of a TIFF of grey, RGB, palette or CMYK, as OpenCV 4.6.0 reads it by way of libtiff: 16 bits become
 * 8, colours are multiplied by their alpha, and the orientation always counts.
 */
final class TiffCodec implements Codec {
    private final TiffJpeg jpeg = new TiffJpeg();

    @Override
    public boolean accepts(MemorySegment bytes) {
        return TiffDirectory.starts(bytes);
    }

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, Decoding how) {
        ColorType type = how.type();
        TiffDirectory directory = new TiffDirectory(name, bytes);
        TiffHeader header = TiffHeader.read(directory, name);
        boolean grey = header.bits() == 1
                || header.colors() == TiffHeader.Colors.WHITE_IS_ZERO
                || header.colors() == TiffHeader.Colors.BLACK_IS_ZERO;
        if (type == ColorType.UNCHANGED) {
            checkUnchanged(name, header, grey);
        }
        ChannelOrder order = type.order(grey);
        byte[] samples = samples(name, directory, header, jpeg, TiffCodec::narrow);
        byte[] pixels = Limits.pixels(name, header.width(), header.height(), order.channels());
        int[] bgr = new int[3];
        for (int i = 0; i < header.width() * header.height(); i++) {
            color(header, samples, i * header.samples(), bgr);
            if (order == ChannelOrder.GREY) {
                pixels[i] = Luma.of(bgr[0], bgr[1], bgr[2]);
            } else {
                for (int c = 0; c < 3; c++) {
                    pixels[3 * i + c] = (byte) bgr[c];
                }
            }
        }
        Image.Bytes image = new Image.Bytes(header.height(), header.width(), order, pixels);
        return Orientation.of(header.orientation()).apply(image);
    }

    /** Makes 8 bits of 16. */
    @FunctionalInterface
    interface Narrowing {
        /** A sample of a picture from its high and its low byte. */
        int of(TiffHeader header, int high, int low);
    }

    /** All samples (height, width, samples), 8 bits each; of 1 bit 0 and 1. */
    static byte[] samples(String name, TiffDirectory directory, TiffHeader header, TiffJpeg jpeg, Narrowing narrowing) {
        TiffChunk chunk = new TiffChunk(directory, header, jpeg);
        // As many planes as samples, since planes may lie far apart; 16 bits are 8 here.
        byte[] samples = Limits.pixels(name, header.width(), header.height(), header.samples());
        int across = (header.width() + header.chunkWidth() - 1) / header.chunkWidth();
        int down = (header.height() + header.chunkHeight() - 1) / header.chunkHeight();
        for (int plane = 0; plane < (header.planar() ? header.samples() : 1); plane++) {
            for (int i = 0; i < across * down; i++) {
                int left = i % across * header.chunkWidth();
                int top = i / across * header.chunkHeight();
                int rows = Math.min(header.chunkHeight(), header.height() - top);
                byte[] read = chunk.read(plane * across * down + i, rows);
                for (int y = 0; y < rows; y++) {
                    place(header, read, y, chunk.highByte(), narrowing, samples, left, top + y, plane);
                }
            }
        }
        return samples;
    }

    private static void checkUnchanged(String name, TiffHeader header, boolean grey) {
        if (header.bits() == 16) {
            throw new ImageError(name, StoredKind.sixteenBits());
        }
        if (!grey && header.samples() == 4) {
            throw new ImageError(
                    name, header.colors() == TiffHeader.Colors.CMYK ? StoredKind.cmyk() : StoredKind.alpha());
        }
    }

    /** A row of a chunk into the samples (height, width, samples), 8 bits each; a bit becomes 0 or 1. */
    private static void place(
            TiffHeader header,
            byte[] chunk,
            int row,
            int highByte,
            Narrowing narrowing,
            byte[] samples,
            int left,
            int y,
            int plane) {
        int step = header.chunkSamples();
        int from = (int) (row * header.rowBytes());
        int columns = Math.min(header.chunkWidth(), header.width() - left);
        for (int x = 0; x < columns; x++) {
            int to = (y * header.width() + left + x) * header.samples() + plane;
            for (int s = 0; s < step; s++) {
                int i = x * step + s;
                samples[to + s] = switch (header.bits()) {
                    case 1 -> (byte) (chunk[from + (i >> 3)] >> (7 - (i & 7)) & 1);
                    case 8 -> chunk[from + i];
                    default ->
                        (byte) narrowing.of(
                                header,
                                chunk[from + 2 * i + highByte] & 0xFF,
                                chunk[from + 2 * i + 1 - highByte] & 0xFF);
                };
            }
        }
    }

    /** libtiff rounds colours of 16 bits, and cuts grey. */
    private static int narrow(TiffHeader header, int high, int low) {
        return header.colors() == TiffHeader.Colors.RGB ? ((high << 8 | low) + 128) / 257 : high;
    }

    private static void color(TiffHeader header, byte[] samples, int at, int[] bgr) {
        int first = samples[at] & 0xFF;
        switch (header.colors()) {
            case WHITE_IS_ZERO, BLACK_IS_ZERO -> {
                int value = header.bits() == 1 ? 255 * first : first;
                int grey = header.colors() == TiffHeader.Colors.WHITE_IS_ZERO ? 255 - value : value;
                bgr[0] = grey;
                bgr[1] = grey;
                bgr[2] = grey;
            }
            case PALETTE -> {
                for (int c = 0; c < 3; c++) {
                    bgr[2 - c] = header.palette()[3 * first + c];
                }
            }
            case RGB -> {
                for (int c = 0; c < 3; c++) {
                    int value = samples[at + c] & 0xFF;
                    bgr[2 - c] = header.premultiply() ? (value * (samples[at + 3] & 0xFF) + 127) / 255 : value;
                }
            }
            case CMYK -> {
                int light = 255 - (samples[at + 3] & 0xFF);
                for (int c = 0; c < 3; c++) {
                    bgr[2 - c] = light * (255 - (samples[at + c] & 0xFF)) / 255;
                }
            }
        }
    }
}
