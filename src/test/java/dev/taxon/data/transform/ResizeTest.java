package dev.taxon.data.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.data.Configs;
import dev.taxon.data.Npz;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.Resize.Interpolation;
import dev.taxon.random.Rng;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bicubic, area and Lanczos resizing against OpenCV 4.6.0, bit for bit. Recipe: scripts/golden/resize.py. */
class ResizeTest {
    private static final Npz GOLDEN = Npz.read("/golden/transform/resize.npz");
    private static final Image COLOR = Npz.read("/golden/transform/cv2.npz").get("color");

    static Stream<String> resizes() {
        return GOLDEN.images().keySet().stream().filter(n -> n.matches("[a-z]+_(color|grey|real)_.*"));
    }

    static Stream<String> largeResizes() {
        return GOLDEN.images().keySet().stream().filter(n -> n.startsWith("crc_"));
    }

    private static Interpolation way(String name) {
        return Interpolation.valueOf(name.toUpperCase(Locale.ROOT));
    }

    @ParameterizedTest
    @MethodSource("resizes")
    void resizeIsOpenCvs(String name) {
        String[] words = name.split("_");
        Image expected = GOLDEN.get(name);
        Image input = words[1].equals("color") ? COLOR : GOLDEN.get(words[1]);
        Image actual = way(words[0]).resize(input, expected.height(), expected.width());
        assertEquals(expected.getClass(), actual.getClass());
        assertArrayEquals(expected.toFloats().pixels(), actual.toFloats().pixels());
    }

    static Stream<String> centers() {
        return GOLDEN.images().keySet().stream().filter(n -> n.startsWith("center_"));
    }

    @ParameterizedTest
    @MethodSource("centers")
    void efficientNetsCenterCropIsMmclss(String name) {
        String[] words = name.split("_|x");
        Image part = new Window(0, 0, Integer.parseInt(words[2]), Integer.parseInt(words[3])).cut(COLOR);
        Transform crop = new TransformReader(new OpenCvDecoder())
                .transform(Configs.fields(
                        "type",
                        "CenterCrop",
                        "crop_size",
                        Integer.valueOf(words[4]),
                        "efficientnet_style",
                        true,
                        "crop_padding",
                        Integer.valueOf(words[5]),
                        "interpolation",
                        words[1]));
        Image actual = crop.apply(Sample.of("x", part, 0), new Rng(0, 0)).pixels();
        assertArrayEquals(
                GOLDEN.get(name).toFloats().pixels(), actual.toFloats().pixels());
    }

    @Test
    void efficientNetsHeightsAreMmclss() {
        float[] rows = GOLDEN.get("heights").toFloats().pixels(); // (cases, 7)
        for (int i = 0; i < rows.length; i += 7) {
            var rule = new WindowRule.EfficientNet(
                    new Range(rows[i + 2], rows[i + 3]), new Range(0.75, 1.25), 10, 0.1, 224, 32);
            Range heights = rule.heights((int) rows[i], (int) rows[i + 1], rows[i + 4]);
            assertEquals(new Range(rows[i + 5], rows[i + 6]), heights);
        }
    }

    @Test
    void efficientNetsWindowsAreInScaleAndCoverEnough() {
        var rule = new WindowRule.EfficientNet(new Range(0.08, 1), new Range(0.75, 4 / 3.0), 10, 0.3, 224, 32);
        for (int seed = 0; seed < 2000; seed++) {
            Window w = rule.draw(120, 160, new Rng(seed, 0));
            assertTrue(w.top() >= 0 && w.left() >= 0 && w.top() + w.height() <= 120 && w.left() + w.width() <= 160);
            assertTrue(
                    w.height() * w.width() >= 0.3 * 120 * 160 && Math.abs(w.width() / (double) w.height() - 1) < 0.36);
        }
        var none = new WindowRule.EfficientNet(new Range(0.08, 1), new Range(0.75, 4 / 3.0), 0, 0.1, 224, 32);
        assertEquals(new Window(8, 28, 105, 105), none.draw(120, 160, new Rng(0, 0)));
    }

    @ParameterizedTest
    @MethodSource("largeResizes")
    void largeImagesResizeAsOpenCvs(String name) {
        String[] words = name.split("_|x");
        Image image = PatternImage.of(Integer.parseInt(words[2]), Integer.parseInt(words[3]));
        CRC32 crc = new CRC32();
        crc.update(((Image.Bytes) way(words[1]).resize(image, 224, 224)).pixels());
        byte[] expected = ((Image.Bytes) GOLDEN.get(name)).pixels();
        assertEquals(ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN).getInt(), (int) crc.getValue());
    }
}
