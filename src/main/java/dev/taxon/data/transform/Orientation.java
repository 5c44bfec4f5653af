package dev.taxon.data.transform;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How a camera held its picture: the EXIF orientation of a file. Source: Exif 2.3, tag 0x0112 of the first image file
 * directory.
 *
 * @param code 1 to 8; 1: as stored; 5 to 8: rows and columns are exchanged
 */
public record Orientation(int code) {
    private static final List<Orientation> ALL =
            IntStream.rangeClosed(1, 8).mapToObj(Orientation::new).toList();

    public static final Orientation AS_STORED = of(1);

    public Orientation {
        if (code < 1 || code > 8) {
            throw new IllegalArgumentException("an orientation is 1 to 8, not " + code);
        }
    }

    /** The orientation of a code from 1 to 8, without making a new one. */
    public static Orientation of(int code) {
        return ALL.get(code - 1);
    }

    /** Whether rows and columns are exchanged. */
    public boolean transposes() {
        return code >= 5;
    }

    /** Whether the upright picture has its rows in the other direction, after an exchange. */
    public boolean flipsRows() {
        return code == 3 || code == 4 || code == 7 || code == 8;
    }

    /** Whether the upright picture has its columns in the other direction, after an exchange. */
    public boolean flipsColumns() {
        return code == 2 || code == 3 || code == 6 || code == 7;
    }

    /** The picture upright. */
    public Image.Bytes apply(Image.Bytes image) {
        Image.Bytes turned = transposes() ? transposed(image) : image;
        if (!flipsRows() && !flipsColumns()) {
            return turned;
        }
        int[] rows = Gather.range(0, turned.height());
        int[] cols = Gather.range(0, turned.width());
        return turned.gather(
                Gather.of(flipsRows() ? Gather.reversed(rows) : rows, flipsColumns() ? Gather.reversed(cols) : cols));
    }

    private static Image.Bytes transposed(Image.Bytes image) {
        int h = image.height();
        int channels = image.channels();
        byte[] from = image.pixels();
        byte[] out = new byte[from.length];
        for (int i = 0; i < from.length; i++) {
            int pixel = i / channels;
            int y = pixel % h; // of the input
            int x = pixel / h;
            out[i] = from[(y * image.width() + x) * channels + i % channels];
        }
        return new Image.Bytes(image.width(), h, image.order(), out);
    }
}
