package dev.taxon.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.PillowFilter;
import dev.taxon.data.transform.Resize.Interpolation;
import dev.taxon.data.transform.Scaler;
import dev.taxon.random.Rng;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Native resizing against the plain one in Java, whose values golden tests tie to OpenCV and Pillow: equal bit for bit, at
 * odd sizes, for any part of the result, reading nothing but the region that the plan names.
 */
class ResizerTest {
    private static final int[] SIDES = {1, 2, 3, 7, 8, 13, 16, 31, 32, 33, 64, 97, 130};

    static Stream<Scaler> scalers() {
        return Stream.concat(Arrays.stream(Interpolation.values()), Arrays.stream(PillowFilter.values()))
                .map(Scaler.class::cast)
                .filter(s -> s.picks(4, 2) == null);
    }

    private static Image.Bytes image(int height, int width, ChannelOrder order, Rng rng) {
        byte[] pixels = new byte[height * width * order.channels()];
        int kind = rng.nextInt(3); // noise, extremes, a slope
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (kind == 0 ? rng.nextInt() : kind == 1 ? -rng.nextInt(2) : i / 3);
        }
        return new Image.Bytes(height, width, order, pixels);
    }

    @ParameterizedTest
    @MethodSource("scalers")
    void nativeIsPlain(Scaler scaler) {
        Rng rng = new Rng(11, scaler.toString().hashCode());
        Resizer resizer = new Resizer();
        for (int i = 0; i < 400; i++) {
            int h = SIDES[rng.nextInt(SIDES.length)];
            int w = SIDES[rng.nextInt(SIDES.length)];
            int outH = i % 10 == 0 && h > 1 ? h / 2 : SIDES[rng.nextInt(SIDES.length)];
            int outW = i % 10 == 0 && w > 1 ? w / 2 : SIDES[rng.nextInt(SIDES.length)];
            ChannelOrder order = i % 3 == 0 ? ChannelOrder.GREY : ChannelOrder.BGR;
            check(resizer, scaler, image(h, w, order, rng), outH, outW, rng);
        }
    }

    @ParameterizedTest
    @MethodSource("scalers")
    void nativeIsPlainAtThePhotographsSizes(Scaler scaler) {
        Rng rng = new Rng(12, scaler.toString().hashCode());
        Resizer resizer = new Resizer();
        for (int[] n :
                new int[][] {{375, 500, 256, 341}, {500, 333, 384, 256}, {448, 448, 224, 224}, {100, 81, 224, 224}}) {
            check(resizer, scaler, image(n[0], n[1], ChannelOrder.RGB, rng), n[2], n[3], rng);
        }
    }

    private static void check(Resizer resizer, Scaler scaler, Image.Bytes image, int outH, int outW, Rng rng) {
        int partW = 1 + rng.nextInt(outW);
        int partH = 1 + rng.nextInt(outH);
        int x = rng.nextInt(outW - partW + 1);
        int y = rng.nextInt(outH - partH + 1);
        byte[] whole = ((Image.Bytes) scaler.resize(image, outH, outW)).pixels();
        int channels = image.channels();
        resizer.want(x, y, partW, partH);
        resizer.plan(scaler, image.height(), image.width(), outH, outW);
        assertTrue(resizer.x() >= 0 && resizer.x() + resizer.width() <= image.width());
        assertTrue(resizer.y() >= 0 && resizer.y() + resizer.height() <= image.height());
        int rowBytes = resizer.width() * channels;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment src = arena.allocate((long) rowBytes * resizer.height());
            for (int row = 0; row < resizer.height(); row++) {
                int from = ((resizer.y() + row) * image.width() + resizer.x()) * channels;
                MemorySegment.copy(image.pixels(), from, src, ValueLayout.JAVA_BYTE, (long) row * rowBytes, rowBytes);
            }
            MemorySegment dst = arena.allocate((long) partW * partH * channels);
            resizer.run(dst, src, channels);
            byte[] expected = new byte[partW * partH * channels];
            for (int row = 0; row < partH; row++) {
                System.arraycopy(
                        whole, ((y + row) * outW + x) * channels, expected, row * partW * channels, partW * channels);
            }
            assertArrayEquals(
                    expected,
                    dst.toArray(ValueLayout.JAVA_BYTE),
                    () -> "%s %dx%dx%d to %dx%d, part %d %d %d %d"
                            .formatted(
                                    scaler, image.height(), image.width(), channels, outH, outW, x, y, partW, partH));
        }
    }
}
