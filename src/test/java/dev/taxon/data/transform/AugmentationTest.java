package dev.taxon.data.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.Configs;
import dev.taxon.data.Npz;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.ColorJitter.Part;
import dev.taxon.data.transform.Resize.Interpolation;
import dev.taxon.data.transform.Resize.Target;
import dev.taxon.random.Rng;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random transforms: at fixed parameters equal to OpenCV 4.6.0 bit for bit (scripts/golden/augment.py); their draws. */
class AugmentationTest {
    private static final Npz GOLDEN = Npz.read("/golden/transform/augment.npz");
    private static final Image COLOR = Npz.read("/golden/transform/cv2.npz").get("color");

    static Stream<String> parts() {
        return GOLDEN.images().keySet().stream().filter(n -> n.matches("(brightness|contrast|saturation)_.*"));
    }

    static Stream<String> crops() {
        return GOLDEN.images().keySet().stream().filter(n -> n.startsWith("crop_"));
    }

    static Stream<String> pillows() {
        return GOLDEN.images().keySet().stream().filter(n -> n.startsWith("pillow_"));
    }

    private static Transform read(Object... keysAndValues) {
        return new TransformReader(new OpenCvDecoder()).transform(Configs.fields(keysAndValues));
    }

    private static String error(Object... keysAndValues) {
        return String.valueOf(
                assertThrows(UserError.class, () -> read(keysAndValues)).getMessage());
    }

    private static Image apply(Transform transform, Image image, int seed) {
        return transform.apply(Sample.of("a.png", image, 0), new Rng(seed, 0)).pixels();
    }

    private static void assertSame(Image expected, Image actual) {
        assertEquals(expected.height(), actual.height());
        assertEquals(expected.width(), actual.width());
        assertArrayEquals(expected.toFloats().pixels(), actual.toFloats().pixels());
    }

    @ParameterizedTest
    @MethodSource("parts")
    void colorJittersPartsAreMmcvs(String name) {
        String[] words = name.split("_");
        Part part = Part.valueOf(words[0].toUpperCase(Locale.ROOT));
        double factor = Double.parseDouble(words[1]) / 100;
        assertSame(GOLDEN.get(name), ColorJitter.adjust((Image.Bytes) COLOR, part, factor));
    }

    @ParameterizedTest
    @MethodSource("crops")
    void resizedCropIsOpenCvs(String name) {
        int[] n = Arrays.stream(name.substring(5).split("_"))
                .mapToInt(Integer::parseInt)
                .toArray();
        var crop = (RandomResizedCrop) read("type", "RandomResizedCrop", "size", List.of(32, 24));
        assertSame(GOLDEN.get(name), cut(crop, COLOR, new Window(n[0], n[1], n[2], n[3])));
    }

    @ParameterizedTest
    @MethodSource("pillows")
    void pillowsResizeIsPillows(String name) {
        Image expected = GOLDEN.get(name);
        List<Integer> size = List.of(expected.height(), expected.width());
        String way = name.split("_")[1];
        assertSame(
                expected,
                apply(read("type", "Resize", "size", size, "backend", "pillow", "interpolation", way), COLOR, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1201x1799", "2400x1600", "333x500", "4000x257"})
    void largeImagesResizeAsOpenCvs(String size) {
        String[] sides = size.split("x");
        Image image = PatternImage.of(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        var exact = new Target.Exact(224, 224);
        var side = new Target.Side(256, Resize.Which.SHORT);
        assertCrc("crc_short256_" + size, apply(new Resize(side, Interpolation.BILINEAR), image));
        assertCrc("crc_exact224_" + size, apply(new Resize(exact, Interpolation.BILINEAR), image));
        assertCrc("crc_nearest_" + size, apply(new Resize(exact, Interpolation.NEAREST), image));
        var crop = (RandomResizedCrop) read("type", "RandomResizedCrop", "size", 224);
        assertCrc("crc_crop_" + size, cut(crop, image, new Window(11, 17, 200, 231)));
    }

    private static Image apply(Transform transform, Image image) {
        return apply(transform, image, 0);
    }

    private static Image cut(RandomResizedCrop crop, Image image, Window window) {
        Geometry geometry = new Geometry();
        geometry.begin(image.height(), image.width());
        crop.plan(geometry, window);
        return geometry.apply(image);
    }

    private static void assertCrc(String name, Image image) {
        CRC32 crc = new CRC32();
        crc.update(((Image.Bytes) image).pixels());
        byte[] expected = ((Image.Bytes) GOLDEN.get(name)).pixels();
        assertEquals(ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN).getInt(), (int) crc.getValue(), name);
    }

    @Test
    void grayscaleIsMmcls() {
        assertSame(GOLDEN.get("grayscale"), apply(read("type", "RandomGrayscale", "gray_prob", 1.0), COLOR, 0));
        assertSame(COLOR, apply(read("type", "RandomGrayscale", "gray_prob", 0.0), COLOR, 0));
    }

    @Test
    void lightingIsMmcvs() {
        for (boolean swap : new boolean[] {true, false}) {
            var transform = (Lighting) read(
                    "type",
                    "Lighting",
                    "eigval",
                    List.of(55.4625, 4.794, 1.1475),
                    "eigvec",
                    List.of(
                            List.of(-0.5675, 0.7192, 0.4009),
                            List.of(-0.5808, -0.0045, -0.814),
                            List.of(-0.5836, -0.6948, 0.4203)),
                    "to_rgb",
                    swap);
            String name = swap ? "lighting_True" : "lighting_False";
            assertSame(GOLDEN.get(name), transform.lit(COLOR, new double[] {0.1, -0.25, 0.07}));
        }
    }

    @Test
    void windowsFollowScaleAndRatio() {
        var crop = (RandomResizedCrop) read("type", "RandomResizedCrop", "size", 8);
        boolean[] corners = new boolean[2];
        double area = 0;
        int count = 4000;
        for (int seed = 0; seed < count; seed++) {
            Window w = crop.rule().draw(120, 160, new Rng(seed, 0));
            assertTrue(w.top() >= 0 && w.left() >= 0 && w.top() + w.height() <= 120 && w.left() + w.width() <= 160);
            double part = w.height() * w.width() / (120.0 * 160);
            double ratio = (double) w.width() / w.height();
            assertTrue(part > 0.075 && part <= 1 && ratio > 0.72 && ratio < 1.38, w.toString());
            corners[0] |= w.top() == 0;
            corners[1] |= w.top() + w.height() == 120;
            area += part / count;
        }
        assertTrue(corners[0] && corners[1]);
        // U(0.08, 1) has mean 0.54; large windows that do not fit are drawn again, which brings it down
        assertTrue(area > 0.42 && area < 0.54, "mean area " + area);
    }

    @Test
    void aWindowThatNeverFitsIsTheMiddle() {
        var none = (RandomResizedCrop) read("type", "RandomResizedCrop", "size", 8, "max_attempts", 0);
        Rng rng = new Rng(0, 0);
        assertEquals(new Window(0, 33, 100, 133), none.rule().draw(100, 200, rng));
        assertEquals(new Window(33, 0, 133, 100), none.rule().draw(200, 100, rng));
        assertEquals(new Window(0, 0, 90, 100), none.rule().draw(90, 100, rng));
    }

    @Test
    void erasingFillsOneRectangle() {
        Image.Bytes blank = new Image.Bytes(40, 50, ChannelOrder.BGR, new byte[40 * 50 * 3]);
        Transform constant = read("type", "RandomErasing", "erase_prob", 1.0, "fill_color", List.of(1, 2, 3));
        Transform noise = read("type", "RandomErasing", "erase_prob", 1.0, "mode", "rand");
        Transform normal = read("type", "RandomErasing", "erase_prob", 1.0, "mode", "rand", "fill_std", 5.5);
        for (int seed = 0; seed < 200; seed++) {
            byte[] pixels = ((Image.Bytes) apply(constant, blank, seed)).pixels();
            int[] rows = new int[40];
            for (int i = 0; i < pixels.length; i++) {
                assertTrue(pixels[i] == 0 || pixels[i] == i % 3 + 1);
                rows[i / 150] += pixels[i] == 1 ? 1 : 0;
            }
            int width = Arrays.stream(rows).max().orElse(0);
            assertTrue(width > 0 && Arrays.stream(rows).allMatch(n -> n == 0 || n == width), "one rectangle");
            int area = Arrays.stream(rows).sum();
            assertTrue(area > 0.015 * 2000 && area < 0.43 * 2000, "area " + area);
            apply(noise, blank, seed);
            for (byte value : ((Image.Bytes) apply(normal, blank, seed)).pixels()) {
                assertTrue(value == 0 || ((value & 0xFF) > 90 && (value & 0xFF) < 166));
            }
        }
        assertSame(blank, apply(read("type", "RandomErasing", "erase_prob", 0.0), blank, 1));
        Image real = apply(constant, blank.toFloats(), 3);
        assertSame(apply(constant, blank, 3), real);
    }

    @Test
    void jitterStaysWithinItsLimitsAndNeedsUint8() {
        Transform none = read("type", "ColorJitter", "brightness", 0.0, "contrast", 0.0, "saturation", 0.0);
        assertSame(COLOR, apply(none, COLOR, 1));
        Transform some = read("type", "ColorJitter", "brightness", 0.4, "contrast", 0.4, "saturation", 0.4);
        assertTrue(!Arrays.equals(
                ((Image.Bytes) apply(some, COLOR, 1)).pixels(), ((Image.Bytes) apply(some, COLOR, 2)).pixels()));
        UserError error = assertThrows(UserError.class, () -> apply(some, COLOR.toFloats(), 1));
        assertEquals(
                "a.png: ColorJitter needs a colour image of uint8; put it before Normalize, and leave to_float32 off",
                error.getMessage());
    }

    @Test
    void wrongArgumentsAreOneSentence() {
        assertEquals(
                "c.py:2:1: data.train.crop_size must be one int with efficientnet_style=True",
                error("type", "CenterCrop", "crop_size", List.of(3, 4), "efficientnet_style", true));
        assertEquals(
                "c.py:3:1: data.train.scale must be two numbers (least, greatest), got [1.0, 0.5]",
                error("type", "RandomResizedCrop", "size", 3, "scale", List.of(1.0, 0.5)));
        assertEquals(
                "RandomResizedCrop.ratio must be positive, got (0.0, 2.0)",
                error("type", "RandomResizedCrop", "size", 3, "ratio", List.of(0.0, 2.0)));
        assertEquals(
                "c.py:2:1: data.train.mode must be 'const' or 'rand', got 'noise'",
                error("type", "RandomErasing", "mode", "noise"));
        assertEquals(
                "c.py:2:1: data.train.fill_color must be in [0, 255], got 300.0",
                error("type", "RandomErasing", "fill_color", 300));
        assertEquals(
                "Lighting.eigvec must be 2 lists of 2 numbers, as Lighting.eigval has 2",
                error("type", "Lighting", "eigval", List.of(1, 2), "eigvec", List.of(List.of(1, 2))));
        assertEquals(
                "c.py:1:1: data.train needs the key 'saturation'",
                error("type", "ColorJitter", "brightness", 0.4, "contrast", 0.4));
    }
}
