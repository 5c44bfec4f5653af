package dev.taxon.data.transform;

/**
 * An image in HWC order. Immutable by agreement: a transform makes a new one and never writes to the pixels of its
 * input, so data sets and caches hand out their own.
 */
public sealed interface Image {
    int height();

    int width();

    ChannelOrder order();

    default int channels() {
        return order().channels();
    }

    /** This image as float32 values. */
    Floats toFloats();

    /** Rows and columns of this image picked by {@code gather}, its border filled as it says. */
    Image gather(Gather gather);

    /** This image with red and blue exchanged; a grey image is returned as it is. */
    Image swapRedBlue();

    /**
     * uint8 pixels.
     *
     * @param pixels (H, W, C)
     */
    @SuppressWarnings("ArrayRecordComponent") // shared for speed; images are not compared
    record Bytes(int height, int width, ChannelOrder order, byte[] pixels) implements Image {
        public Bytes {
            checkSize(height, width, order, pixels.length);
        }

        @Override
        public Floats toFloats() {
            float[] values = new float[pixels.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = pixels[i] & 0xFF;
            }
            return new Floats(height, width, order, values);
        }

        @Override
        public Bytes gather(Gather gather) {
            return new Bytes(gather.height(), gather.width(), order, gather.apply(pixels, width, order.channels()));
        }

        /** These pixels in another order: grey is repeated, and colours become grey as in OpenCV. */
        public Bytes in(ChannelOrder wanted) {
            if (order == wanted) {
                return this;
            }
            if (wanted == ChannelOrder.GREY) {
                return new Bytes(height, width, wanted, Grey.of(this, order == ChannelOrder.RGB ? 0 : 2));
            }
            return order == ChannelOrder.GREY ? new Bytes(height, width, wanted, Grey.repeated(pixels)) : swapRedBlue();
        }

        @Override
        public Bytes swapRedBlue() {
            if (order == ChannelOrder.GREY) {
                return this;
            }
            byte[] swapped = pixels.clone();
            for (int i = 0; i < swapped.length; i += 3) {
                swapped[i] = pixels[i + 2];
                swapped[i + 2] = pixels[i];
            }
            return new Bytes(height, width, order.swapped(), swapped);
        }
    }

    /**
     * float32 pixels.
     *
     * @param pixels (H, W, C)
     */
    @SuppressWarnings("ArrayRecordComponent") // shared for speed; images are not compared
    record Floats(int height, int width, ChannelOrder order, float[] pixels) implements Image {
        public Floats {
            checkSize(height, width, order, pixels.length);
        }

        @Override
        public Floats toFloats() {
            return this;
        }

        @Override
        public Floats gather(Gather gather) {
            return new Floats(gather.height(), gather.width(), order, gather.apply(pixels, width, order.channels()));
        }

        @Override
        public Floats swapRedBlue() {
            if (order == ChannelOrder.GREY) {
                return this;
            }
            float[] swapped = pixels.clone();
            for (int i = 0; i < swapped.length; i += 3) {
                swapped[i] = pixels[i + 2];
                swapped[i + 2] = pixels[i];
            }
            return new Floats(height, width, order.swapped(), swapped);
        }
    }

    /**
     * uint8 pixels seen through one table a channel: what normalization makes of them, with a quarter of the memory and
     * one look-up a value. The values are those of {@link #toFloats}, bit for bit.
     *
     * @param tables (C, 256), shared by all images of a pipeline
     */
    @SuppressWarnings("ArrayRecordComponent") // shared for speed; images are not compared
    record Mapped(Bytes source, float[][] tables) implements Image {
        public Mapped {
            if (tables.length != source.channels()) {
                throw new IllegalArgumentException(tables.length + " tables for " + source.channels() + " channels");
            }
        }

        @Override
        public int height() {
            return source.height();
        }

        @Override
        public int width() {
            return source.width();
        }

        @Override
        public ChannelOrder order() {
            return source.order();
        }

        @Override
        public Floats toFloats() {
            byte[] pixels = source.pixels();
            int channels = tables.length;
            float[] values = new float[pixels.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = tables[i % channels][pixels[i] & 0xFF];
            }
            return new Floats(height(), width(), order(), values);
        }

        @Override
        public Image gather(Gather gather) {
            return gather.fills() ? toFloats().gather(gather) : new Mapped(source.gather(gather), tables);
        }

        @Override
        public Image swapRedBlue() {
            return toFloats().swapRedBlue();
        }
    }

    private static void checkSize(int height, int width, ChannelOrder order, int length) {
        if (height < 1 || width < 1 || (long) height * width * order.channels() != length) {
            throw new IllegalArgumentException(
                    "a " + height + "x" + width + " " + order + " image does not have " + length + " values");
        }
    }
}
