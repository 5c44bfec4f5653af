package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import dev.taxon.data.transform.Orientation;
import java.lang.foreign.MemorySegment;

/**
 * TIFF as Pillow 9.4: grey of 16 bits ends at 255, colours of 16 bits lose the low byte, associated alpha is divided out and
 * dropped as any other, but grey with alpha lies on mmcv's canvas. A turned picture is set upright when it is loaded, and
 * mmcv turns it once more by the same tag.
 */
final class PillowTiff implements PillowCodec {
    private static final int ASSOCIATED = 1; // of ExtraSamples
    private static final int UNASSOCIATED = 2;

    private final TiffJpeg jpeg = new TiffJpeg();

    @Override
    public boolean accepts(MemorySegment bytes) {
        return TiffDirectory.starts(bytes);
    }

    @Override
    public Stored decode(String name, MemorySegment bytes, Decoding how) {
        PillowOthers.refuseUnchanged(name, how.type());
        TiffDirectory directory = new TiffDirectory(name, bytes);
        TiffHeader header = TiffHeader.read(directory, name);
        check(name, header);
        byte[] samples = TiffCodec.samples(name, directory, header, jpeg, PillowTiff::narrow);
        boolean grey = isGrey(header) && header.samples() == 1;
        ChannelOrder order = grey ? ChannelOrder.GREY : ChannelOrder.BGR;
        byte[] pixels = Limits.pixels(name, header.width(), header.height(), order.channels());
        for (int i = 0; i < header.width() * header.height(); i++) {
            if (grey) {
                pixels[i] = (byte) grey(header, samples[i] & 0xFF);
            } else {
                color(header, samples, i * header.samples(), pixels, 3 * i);
            }
        }
        Orientation orientation = Orientation.of(header.orientation());
        Image.Bytes image = new Image.Bytes(header.height(), header.width(), order, pixels);
        return new Stored(orientation.apply(image), orientation);
    }

    private static boolean isGrey(TiffHeader header) {
        return header.colors() == TiffHeader.Colors.WHITE_IS_ZERO || header.colors() == TiffHeader.Colors.BLACK_IS_ZERO;
    }

    private static void check(String name, TiffHeader header) {
        int samples = header.samples();
        boolean more = samples > header.colors().samples;
        boolean known = switch (header.colors()) {
            case WHITE_IS_ZERO -> !more;
            case BLACK_IS_ZERO, PALETTE ->
                !more || (samples == 2 && header.bits() == 8 && header.extra() == UNASSOCIATED);
            case RGB -> !header.planar() || (header.bits() == 8 && !(more && header.extra() == ASSOCIATED));
            case CMYK -> true;
        };
        if (!known) {
            throw new ImageError(
                    name,
                    "the pillow backend does not read TIFF of " + samples + " samples of " + header.bits()
                            + " bits in this arrangement; take imdecode_backend='cv2'");
        }
    }

    private static int narrow(TiffHeader header, int high, int low) {
        return isGrey(header) && high == 0 ? low : isGrey(header) ? 255 : high;
    }

    /** White is zero to Pillow up to 8 bits. */
    private static int grey(TiffHeader header, int sample) {
        int value = header.bits() == 1 ? 255 * sample : sample;
        return header.colors() == TiffHeader.Colors.WHITE_IS_ZERO && header.bits() <= 8 ? 255 - value : value;
    }

    private static void color(TiffHeader header, byte[] samples, int at, byte[] bgr, int to) {
        int first = samples[at] & 0xFF;
        for (int c = 0; c < 3; c++) {
            bgr[to + 2 - c] = (byte)
                    switch (header.colors()) {
                        case WHITE_IS_ZERO, BLACK_IS_ZERO -> PillowPng.onCanvas(2 - c, first, samples[at + 1] & 0xFF);
                        case PALETTE -> header.palette()[3 * first + c];
                        case RGB -> {
                            int value = samples[at + c] & 0xFF;
                            boolean associated = header.samples() == 4 && header.extra() == ASSOCIATED;
                            yield associated ? dividedOut(value, samples[at + 3] & 0xFF) : value;
                        }
                        case CMYK -> PillowJpeg.light(samples[at + c] & 0xFF, 255 - (samples[at + 3] & 0xFF));
                    };
        }
    }

    private static int dividedOut(int value, int alpha) {
        return alpha == 0 ? 0 : Math.min(255, value * 255 / alpha);
    }
}
