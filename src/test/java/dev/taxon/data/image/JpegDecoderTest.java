package dev.taxon.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ImageError;
import dev.taxon.random.Rng;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Regions, scales, reuse and damage of JPEG files; that whole pictures are OpenCV's is in {@link OpenCvDecoderTest}. */
class JpegDecoderTest {
    private static final int REGIONS = 30;
    private static final int PADDING = 5; // bytes behind a row, which must stay
    private static final byte UNTOUCHED = 77;

    static List<GoldenImages.Entry> jpegs() {
        return GoldenImages.in("jpeg");
    }

    /** (h, w, C) out of the open file. */
    private static byte[] region(JpegDecoder decoder, int x, int y, int w, int h, ChannelOrder order) {
        int row = w * order.channels();
        long stride = row + PADDING;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment dst = arena.allocate(h * stride).fill(UNTOUCHED);
            decoder.decode(dst, stride, x, y, w, h, order);
            byte[] pixels = new byte[h * row];
            for (int i = 0; i < h; i++) {
                MemorySegment.copy(dst, ValueLayout.JAVA_BYTE, i * stride, pixels, i * row, row);
                for (int p = 0; p < PADDING; p++) {
                    assertEquals(UNTOUCHED, dst.get(ValueLayout.JAVA_BYTE, i * stride + row + p));
                }
            }
            return pixels;
        }
    }

    private static byte[] whole(JpegDecoder decoder, ChannelOrder order) {
        return region(decoder, 0, 0, decoder.width(), decoder.height(), order);
    }

    private static byte[] cropped(byte[] image, int imageWidth, int x, int y, int w, int h, int channels) {
        byte[] out = new byte[h * w * channels];
        for (int i = 0; i < h; i++) {
            System.arraycopy(image, ((y + i) * imageWidth + x) * channels, out, i * w * channels, w * channels);
        }
        return out;
    }

    @ParameterizedTest
    @MethodSource("jpegs")
    void aRegionIsThatPartOfTheWholePicture(GoldenImages.Entry entry) {
        JpegDecoder decoder = new JpegDecoder();
        Rng rng = new Rng(entry.toString().hashCode(), 0);
        for (int scale : new int[] {1, 2, 4, 8}) {
            decoder.open(entry.toString(), MemorySegment.ofArray(entry.bytes()), scale);
            assertEquals(Math.ceilDiv(decoder.fullWidth(), scale), decoder.width());
            assertEquals(Math.ceilDiv(decoder.fullHeight(), scale), decoder.height());
            for (ChannelOrder order : ChannelOrder.values()) {
                byte[] image = whole(decoder, order);
                for (int i = 0; i < REGIONS; i++) {
                    int x = rng.nextInt(decoder.width());
                    int y = rng.nextInt(decoder.height());
                    if (i % 3 == 0) { // at the edges of blocks
                        x = x / 8 * 8;
                        y = y / 8 * 8;
                    }
                    int w = 1 + rng.nextInt(decoder.width() - x);
                    int h = 1 + rng.nextInt(decoder.height() - y);
                    byte[] expected = cropped(image, decoder.width(), x, y, w, h, order.channels());
                    String where = order + " 1/" + scale + " at " + x + ", " + y + ": " + w + "x" + h;
                    assertTrue(Arrays.equals(expected, region(decoder, x, y, w, h, order)), where);
                }
            }
        }
    }

    @Test
    void rgbIsBgrTheOtherWayRound() {
        JpegDecoder decoder = new JpegDecoder();
        decoder.open("x", MemorySegment.ofArray(jpegs().getFirst().bytes()), 1);
        byte[] bgr = whole(decoder, ChannelOrder.BGR);
        byte[] rgb = whole(decoder, ChannelOrder.RGB);
        for (int i = 0; i < bgr.length; i++) {
            assertEquals(bgr[i], rgb[i / 3 * 3 + 2 - i % 3]);
        }
    }

    @Test
    void decodersSideBySideDoNotDisturbEachOther() throws Exception {
        List<GoldenImages.Entry> entries = jpegs();
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Integer>> runs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int first = i;
                runs.add(() -> {
                    JpegDecoder decoder = new JpegDecoder();
                    int hash = 0;
                    for (int k = 0; k < entries.size(); k++) { // each in an order of its own
                        GoldenImages.Entry entry = entries.get((k + first) % entries.size());
                        decoder.open(entry.toString(), MemorySegment.ofArray(entry.bytes()), 1);
                        hash += Arrays.hashCode(whole(decoder, ChannelOrder.BGR));
                    }
                    return hash;
                });
            }
            List<Integer> hashes = new ArrayList<>();
            for (Future<Integer> run : threads.invokeAll(runs)) {
                hashes.add(run.get());
            }
            assertEquals(1, hashes.stream().distinct().count());
        }
    }

    /** Cut anywhere, it is refused in a sentence whichever region is asked for, and the decoder is good for the next. */
    static List<GoldenImages.Entry> wholeJpegs() {
        return jpegs().stream()
                .filter(e -> !e.toString().contains("no_end") && !e.toString().contains("garbage"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("wholeJpegs")
    void whatIsCutOffIsRefused(GoldenImages.Entry entry) {
        byte[] bytes = entry.bytes();
        JpegDecoder decoder = new JpegDecoder();
        for (int length = 3; length < bytes.length - 1; length += 1 + length / 7) {
            MemorySegment cut = MemorySegment.ofArray(Arrays.copyOf(bytes, length));
            ImageError error = assertThrows(ImageError.class, () -> {
                decoder.open("x.jpg", cut, 1);
                region(decoder, 0, 0, 1, 1, ChannelOrder.BGR);
            });
            assertTrue(String.valueOf(error.getMessage()).startsWith("image x.jpg cannot be decoded: it is cut off"));
        }
        decoder.open("x.jpg", MemorySegment.ofArray(bytes), 1);
        assertTrue(whole(decoder, ChannelOrder.BGR).length > 0);
    }

    @Test
    void aRegionOutsideIsAnErrorOfTheCaller() {
        JpegDecoder decoder = new JpegDecoder();
        decoder.open("x", MemorySegment.ofArray(jpegs().getFirst().bytes()), 1);
        assertThrows(ImageError.class, () -> region(decoder, 60, 0, 2, 1, ChannelOrder.BGR));
        assertThrows(
                IllegalArgumentException.class,
                () -> decoder.decode(MemorySegment.NULL, 3, 0, 0, 1, 1, ChannelOrder.BGR));
        assertThrows(IllegalArgumentException.class, () -> decoder.open("x", MemorySegment.NULL, 3));
    }

    @Test
    void isRecognizedByItsFirstBytes() {
        assertTrue(JpegDecoder.accepts(MemorySegment.ofArray(jpegs().getFirst().bytes())));
        assertFalse(JpegDecoder.accepts(MemorySegment.ofArray(new byte[] {(byte) 0xFF, (byte) 0xD8})));
    }
}
