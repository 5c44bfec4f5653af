package dev.taxon.data.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.config.Value;
import dev.taxon.data.Configs;
import dev.taxon.data.Npz;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.random.Rng;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Effects at fixed magnitudes equal mmcv and OpenCV 4.6.0 bit for bit (scripts/golden/policies.py); how they are drawn. */
class PolicyTest {
    private static final Npz GOLDEN = Npz.read("/golden/transform/policies.npz");
    private static final Image COLOR = Npz.read("/golden/transform/cv2.npz").get("color");
    private static final Image PATTERN = PatternImage.of(233, 317);

    static Stream<String> effects() {
        return GOLDEN.images().keySet().stream().filter(n -> n.matches("(crc_|dark)?[A-Z].*"));
    }

    static Stream<String> cutouts() {
        return GOLDEN.images().keySet().stream().filter(n -> n.startsWith("cutout_"));
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

    /** {@code Rotate_angle=30.0_pad_val=1,2,3} as a dict that is always applied and never turned negative. */
    private static Transform fromName(String name) {
        String[] words = name.split("_(?!val)");
        List<Object> dict = new ArrayList<>(List.of("type", words[0], "prob", 1.0));
        if (PolicyReader.effects().get(words[0]).contains("random_negative_prob")) {
            dict.addAll(List.of("random_negative_prob", 0.0));
        }
        for (String word : Arrays.asList(words).subList(1, words.length)) {
            String[] pair = word.split("=");
            dict.add(pair[0]);
            dict.add(value(pair[1]));
        }
        return read(dict.toArray());
    }

    private static Object value(String text) {
        if (text.contains(",")) {
            return Arrays.stream(text.split(",")).map(Double::valueOf).toList();
        }
        return text.matches("[a-z]+") ? text : Double.valueOf(text);
    }

    @ParameterizedTest
    @MethodSource("effects")
    void effectsAreMmcvs(String name) {
        Image expected = GOLDEN.get(name);
        if (name.startsWith("crc_")) {
            CRC32 crc = new CRC32();
            crc.update(((Image.Bytes) apply(fromName(name.substring(4)), PATTERN, 0)).pixels());
            byte[] bytes = ((Image.Bytes) expected).pixels();
            assertEquals(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(), (int) crc.getValue());
            return;
        }
        Image input = name.startsWith("dark") ? GOLDEN.get("dark") : COLOR;
        Image actual = apply(fromName(name.replace("dark", "")), input, 0);
        assertArrayEquals(((Image.Bytes) expected).pixels(), ((Image.Bytes) actual).pixels());
    }

    @ParameterizedTest
    @MethodSource("cutouts")
    void cutoutIsMmcvs(String name) {
        String[] n = name.split("_");
        var cutout = new Cutout(0, 0, List.of(1.0, 128.0, 250.0));
        Image.Bytes actual = cutout.covered(
                (Image.Bytes) COLOR,
                Integer.parseInt(n[1]) / 4.0,
                Integer.parseInt(n[2]) / 4.0,
                Integer.parseInt(n[3]),
                Integer.parseInt(n[4]));
        assertArrayEquals(((Image.Bytes) GOLDEN.get(name)).pixels(), actual.pixels());
    }

    @Test
    void probabilityAndSignAreDrawn() {
        Transform policy = read("type", "Brightness", "magnitude", 0.5);
        int unchanged = 0;
        int brighter = 0;
        for (int seed = 0; seed < 1000; seed++) {
            Image.Bytes grey = new Image.Bytes(1, 1, ChannelOrder.BGR, new byte[] {100, 100, 100});
            int value = ((Image.Bytes) apply(policy, grey, seed)).pixels()[0] & 0xFF;
            assertTrue(value == 100 || value == 150 || value == 50, "value " + value);
            unchanged += value == 100 ? 1 : 0;
            brighter += value == 150 ? 1 : 0;
        }
        assertEquals(500, unchanged, 60);
        assertEquals(250, brighter, 50);
    }

    @Test
    void autoAugmentChoosesOnePolicyEvenly() {
        Transform auto = read(
                "type",
                "AutoAugment",
                "policies",
                List.of(
                        List.of(Configs.dict("type", "Invert", "prob", 1)),
                        List.of(
                                Configs.dict("type", "Posterize", "bits", 1, "prob", 1),
                                Configs.dict("type", "Invert", "prob", 1)),
                        List.of()));
        Map<Integer, Integer> counts = new HashMap<>();
        for (int seed = 0; seed < 900; seed++) {
            Image.Bytes grey = new Image.Bytes(1, 1, ChannelOrder.BGR, new byte[] {100, 100, 100});
            counts.merge(((Image.Bytes) apply(auto, grey, seed)).pixels()[0] & 0xFF, 1, Integer::sum);
        }
        assertEquals(List.of(100, 155, 255), counts.keySet().stream().sorted().toList());
        counts.values().forEach(count -> assertEquals(300, count, 60));
        assertTrue(auto.random());
    }

    @Test
    void levelsBecomeMagnitudes() {
        var none = new Magnitude.Levels(9, 10, 0);
        assertEquals(9 / 10.0 * (0 - 256) + 256, new Magnitude.Leveled(256, 0, none).draw(new Rng(0, 0)));
        var normal = new Magnitude.Levels(7, 10, 0.5);
        var even = new Magnitude.Levels(8, 10, Double.POSITIVE_INFINITY);
        double mean = 0;
        double evenMean = 0;
        for (int seed = 0; seed < 2000; seed++) {
            mean += normal.draw(new Rng(seed, 0)) / 2000;
            double level = even.draw(new Rng(seed, 1));
            assertTrue(level >= 0 && level < 8);
            evenMean += level / 2000;
            assertTrue(new Magnitude.Levels(9.5, 10, 5).draw(new Rng(seed, 0)) <= 10);
        }
        assertEquals(7, mean, 0.05);
        assertEquals(4, evenMean, 0.2);
    }

    @Test
    void randAugmentAppliesSoManyWithSharedArguments() {
        Value.Dict solarize =
                Configs.dict("type", "Solarize", "prob", 1, "magnitude_key", "thr", "magnitude_range", List.of(256, 0));
        Transform one = read(
                "type",
                "RandAugment",
                "policies",
                List.of(solarize),
                "num_policies",
                1,
                "magnitude_level",
                5,
                "total_level",
                10);
        assertEquals(
                List.of(127, 0, 127, 3),
                Stream.of(128, 255, 127, 3).map(v -> become(one, v)).toList());
        Value.Dict move = Configs.dict(
                "type", "Translate", "prob", 1, "magnitude_key", "magnitude", "magnitude_range", List.of(1, 2));
        Transform moves = read(
                "type",
                "RandAugment",
                "policies",
                List.of(move),
                "num_policies",
                3,
                "magnitude_level",
                1,
                "hparams",
                Configs.dict("pad_val", List.of(7, 8, 9), "interpolation", "bicubic", "bits", 3));
        assertArrayEquals(new byte[] {7, 8, 9}, ((Image.Bytes) apply(moves, dot(55), 0)).pixels());
    }

    private static Image.Bytes dot(int value) {
        byte v = (byte) value;
        return new Image.Bytes(1, 1, ChannelOrder.BGR, new byte[] {v, v, v});
    }

    private static int become(Transform transform, int value) {
        return ((Image.Bytes) apply(transform, dot(value), 0)).pixels()[0] & 0xFF;
    }

    @Test
    void wrongPoliciesAreOneSentence() {
        assertEquals(
                "c.py:2:1: data.train.policies must be a list, got 'imagenet'; take one from a base config, "
                        + "such as {{_base_.rand_increasing_policies}}",
                error("type", "AutoAugment", "policies", "imagenet"));
        assertEquals(
                "c.py:2:1: unknown key 'scal' in data.train.policies.0.0; did you mean 'scale'?",
                error(
                        "type",
                        "AutoAugment",
                        "policies",
                        List.of(List.of(Configs.dict("type", "Rotate", "scal", 3, "angle", 3)))));
        assertEquals(
                "c.py:2:1: data.train.policies.0.magnitude_key must be 'angle', got 'magnitude'",
                error(
                        "type",
                        "RandAugment",
                        "num_policies",
                        1,
                        "magnitude_level",
                        1,
                        "policies",
                        List.of(Configs.dict("type", "Rotate", "magnitude_key", "magnitude"))));
        assertEquals(
                "c.py:4:1: data.train.magnitude_std must be a number or 'inf', got 'infinite'",
                error("type", "RandAugment", "num_policies", 1, "magnitude_level", 1, "magnitude_std", "infinite"));
        assertEquals("c.py:2:1: data.train.bits must be in [0, 8], got 9.0", error("type", "Posterize", "bits", 9));
        assertEquals("Invert.prob must be in [0, 1], got 2.0", error("type", "Invert", "prob", 2));
        assertEquals(
                "c.py:1:1: data.train.type names no transform: 'AutoContrst'; did you mean 'AutoContrast'?",
                error("type", "AutoContrst"));
        assertTrue(
                error("type", "Albu", "transforms", List.of()).startsWith("c.py:1:1: data.train.type asks for the "));
        Transform invert = read("type", "Invert", "prob", 1);
        UserError notBytes = assertThrows(UserError.class, () -> apply(invert, COLOR.toFloats(), 1));
        assertEquals(
                "a.png: Invert needs an image of uint8; put it before Normalize, and leave to_float32 off",
                notBytes.getMessage());
    }

    @Test
    void formattingStepsKeepOrConvertValues() {
        assertSame(COLOR, apply(read("type", "ToPIL"), COLOR, 0));
        assertSame(
                COLOR, apply(read("type", "Transpose", "keys", List.of("img"), "order", List.of(2, 0, 1)), COLOR, 0));
        assertTrue(apply(read("type", "ToNumpy"), COLOR, 0) instanceof Image.Floats);
        Image third = new Image.Floats(1, 1, ChannelOrder.GREY, new float[] {1 / 3f});
        assertEquals(
                0.33325195f,
                apply(read("type", "ToHalf", "keys", List.of("img")), third, 0)
                        .toFloats()
                        .pixels()[0]);
        assertEquals(
                "c.py:3:1: data.train.order must be [2, 0, 1], from HWC to CHW as models take it, got [1, 0, 2]",
                error("type", "Transpose", "keys", List.of("img"), "order", List.of(1, 0, 2)));
        Transform both = read(
                "type",
                "Compose",
                "transforms",
                List.of(Configs.dict("type", "Invert", "prob", 1), Configs.dict("type", "Invert", "prob", 1)));
        assertArrayEquals(((Image.Bytes) COLOR).pixels(), ((Image.Bytes) apply(both, COLOR, 0)).pixels());
    }
}
