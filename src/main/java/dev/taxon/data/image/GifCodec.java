package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Grey;
import dev.taxon.data.transform.Image;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first frame of a GIF on its canvas, as Pillow 9.4 shows it: transparent pixels keep their palette's colour, and
 * what the frame leaves open has the transparent colour, or the first one. Source: GIF89a.
 */
final class GifCodec implements Codec {
    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2C;
    private static final int TRAILER = 0x3B;
    private static final int GRAPHIC_CONTROL = 0xF9;
    private static final int SIGNATURE = 6;
    private static final int PASSES = 4;
    private static final int[] PASS_START = {0, 4, 2, 1};
    private static final int[] PASS_STEP = {8, 8, 4, 2};

    /** Red, green and blue of each entry, or null. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, not compared
    private record Palette(byte[] colors) {
        static Palette read(ByteInput in, int flags) {
            byte[] colors = new byte[256 * 3]; // black where there are fewer
            if ((flags & 0x80) != 0) {
                in.read(colors, 3 << ((flags & 7) + 1));
            }
            return new Palette(colors);
        }
    }

    @Override
    public boolean accepts(MemorySegment bytes) {
        if (bytes.byteSize() < SIGNATURE) {
            return false;
        }
        String start =
                new String(bytes.asSlice(0, SIGNATURE).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
        return start.equals("GIF87a") || start.equals("GIF89a");
    }

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, Decoding how) {
        ColorType type = how.type();
        ByteInput in = new ByteInput(name, bytes);
        in.skip(SIGNATURE);
        int width = in.u16();
        int height = in.u16();
        int flags = in.u8();
        in.skip(2); // background, which viewers ignore, and aspect ratio
        Palette palette = Palette.read(in, flags);
        Limits.check(name, width, height);
        int transparent = 0;
        for (int block = in.u8(); block != FRAME; block = in.u8()) {
            if (block == EXTENSION) {
                transparent = extension(in, transparent);
            } else if (block == TRAILER) {
                throw in.error("it has no frame");
            } else if (block != 0) { // stray zeros are common
                throw in.error(String.format("it has a block of unknown kind 0x%02x", block));
            }
        }
        byte[] canvas = Limits.pixels(name, width, height, 1);
        Arrays.fill(canvas, (byte) transparent);
        palette = frame(in, canvas, width, height, palette);
        Image.Bytes image = colored(name, canvas, width, height, palette.colors);
        return type.order(false) == ChannelOrder.GREY
                ? new Image.Bytes(height, width, ChannelOrder.GREY, Grey.of(image, 2))
                : image;
    }

    /** Skips an extension; the transparent entry that it states, or the one known so far. */
    private static int extension(ByteInput in, int transparent) {
        int label = in.u8();
        int result = transparent;
        for (int size = in.u8(); size != 0; size = in.u8()) {
            byte[] block = new byte[size];
            in.read(block, size);
            if (label == GRAPHIC_CONTROL && size >= 4 && (block[0] & 1) != 0) {
                result = block[3] & 0xFF;
            }
        }
        return result;
    }

    /** Draws the frame's indices; its palette, or the file's. */
    private static Palette frame(ByteInput in, byte[] canvas, int width, int height, Palette global) {
        int left = in.u16();
        int top = in.u16();
        int frameWidth = in.u16();
        int frameHeight = in.u16();
        if (frameWidth == 0 || frameHeight == 0 || left + frameWidth > width || top + frameHeight > height) {
            throw in.error("its frame of " + frameWidth + "x" + frameHeight + " at " + left + ", " + top
                    + " does not fit on " + width + "x" + height);
        }
        int flags = in.u8();
        Palette palette = (flags & 0x80) != 0 ? Palette.read(in, flags) : global;
        boolean interlaced = (flags & 0x40) != 0;
        byte[] row = new byte[frameWidth];
        GifCodes codes = new GifCodes(in);
        for (int pass = interlaced ? 0 : PASSES - 1; pass < PASSES; pass++) {
            int start = interlaced ? PASS_START[pass] : 0;
            int step = interlaced ? PASS_STEP[pass] : 1;
            for (int y = start; y < frameHeight; y += step) {
                codes.read(row);
                System.arraycopy(row, 0, canvas, (top + y) * width + left, frameWidth);
            }
        }
        return palette;
    }

    private static Image.Bytes colored(String name, byte[] indices, int width, int height, byte[] colors) {
        byte[] pixels = Limits.pixels(name, width, height, 3);
        for (int i = 0; i < indices.length; i++) {
            int at = (indices[i] & 0xFF) * 3;
            pixels[3 * i] = colors[at + 2];
            pixels[3 * i + 1] = colors[at + 1];
            pixels[3 * i + 2] = colors[at];
        }
        return new Image.Bytes(height, width, ChannelOrder.BGR, pixels);
    }
}
