package dev.taxon.data.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taxon.data.Npz;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.Resize.Interpolation;
import dev.taxon.data.transform.Resize.Target;
import dev.taxon.random.Rng;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transforms against images that OpenCV 4.6.0 made: equal bit for bit. Recipe: scripts/golden/transform.py. */
class GoldenTransformTest {
    private static final Npz GOLDEN = Npz.read("/golden/transform/cv2.npz");
    private static final Rng NO_CHANCE = new Rng(0, 0);

    static Stream<String> resizes() {
        return GOLDEN.images().keySet().stream().filter(name -> name.startsWith("resize_"));
    }

    @ParameterizedTest
    @MethodSource("resizes")
    void resizeIsOpenCvs(String name) {
        String[] parts = name.split("_");
        Image expected = GOLDEN.get(name);
        Image input = GOLDEN.get(parts[3]);
        if (expected.height() == 22) { // the exact half of an even part
            input = input.gather(Gather.of(Gather.range(0, 44), Gather.range(0, 60)));
        }
        var exact = new Target.Exact(expected.height(), expected.width());
        var resize = new Resize(exact, Interpolation.valueOf(parts[1].toUpperCase(Locale.ROOT)));
        assertSame(expected, apply(resize, input));
    }

    @ParameterizedTest
    @MethodSource("interpolations")
    void resizeIsMmclss(Interpolation way) {
        String name = "mmcls_" + way.name().toLowerCase(Locale.ROOT);
        Image color = GOLDEN.get("color");
        assertSame(GOLDEN.get(name + "_down"), apply(new Resize(new Target.Exact(20, 28), way), color));
        assertSame(GOLDEN.get(name + "_up"), apply(new Resize(new Target.Exact(90, 100), way), color));
        var side = new Target.Side(32, Resize.Which.SHORT);
        assertSame(GOLDEN.get(name + "_short32"), apply(new Resize(side, way), color));
    }

    static Stream<Interpolation> interpolations() {
        return Stream.of(Interpolation.BILINEAR, Interpolation.NEAREST);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void bordersAreOpenCvs(BorderMode mode) {
        Image small = GOLDEN.get("small");
        int[] rows = mode.indices(-2, small.height() + 6, small.height());
        int[] cols = mode.indices(-3, small.width() + 4, small.width());
        assertSame(GOLDEN.get("pad_" + mode.key()), small.gather(new Gather(rows, cols, List.of(10.0, 20.0, 30.0))));
    }

    static Stream<BorderMode> modes() {
        return Stream.of(BorderMode.values());
    }

    @Test
    void normalizeIsMmcvs() {
        var imagenet = new Normalize(List.of(123.675, 116.28, 103.53), List.of(58.395, 57.12, 57.375), true);
        var cifar = new Normalize(List.of(125.307, 122.961, 113.8575), List.of(51.5865, 50.847, 51.255), false);
        var mnist = new Normalize(List.of(33.46), List.of(78.87), true);
        Image color = GOLDEN.get("color");
        assertSame(GOLDEN.get("normalize_True"), apply(imagenet, color));
        assertSame(GOLDEN.get("normalize_True"), apply(imagenet, color.toFloats()));
        assertSame(GOLDEN.get("normalize_False"), apply(cifar, color));
        assertSame(GOLDEN.get("normalize_grey"), apply(mnist, GOLDEN.get("grey")));
        var odd = new Normalize(List.of(12.5, -3.25, 0.1), List.of(7.7, 1.3, 2.9), false);
        assertSame(GOLDEN.get("normalize_real"), apply(odd, GOLDEN.get("real")));
    }

    @Test
    void decoderIsOpenCvs() throws Exception {
        var decoder = new OpenCvDecoder();
        assertSame(GOLDEN.get("color"), decoder.decode("img_in.png", bytes("img_in.png"), ColorType.COLOR));
        assertSame(GOLDEN.get("decoded_jpg"), decoder.decode("img_in.jpg", bytes("img_in.jpg"), ColorType.COLOR));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void orientationIsOpenCvs(int code) throws Exception {
        Sample file = Sample.of(resource("exif_" + code + ".jpg"), 0);
        var load = LoadImageFromFile.plain(new OpenCvDecoder());
        assertSame(GOLDEN.get("exif_" + code), load.apply(file, NO_CHANCE).pixels());
        var stored = new LoadImageFromFile(new OpenCvDecoder(), Decoding.of(ColorType.COLOR_IGNORE_ORIENTATION), false);
        assertSame(GOLDEN.get("exif_1"), stored.apply(file, NO_CHANCE).pixels());
    }

    private static MemorySegment bytes(String name) throws Exception {
        return MemorySegment.ofArray(Files.readAllBytes(resource(name)));
    }

    private static Path resource(String name) throws Exception {
        return Path.of(GoldenTransformTest.class
                .getResource("/golden/transform/" + name)
                .toURI());
    }

    private static Image apply(Transform transform, Image image) {
        return transform.apply(Sample.of("x", image, 0), NO_CHANCE).pixels();
    }

    private static void assertSame(Image expected, Image actual) {
        assertEquals(expected.height(), actual.height());
        assertEquals(expected.width(), actual.width());
        assertArrayEquals(expected.toFloats().pixels(), actual.toFloats().pixels());
    }
}
