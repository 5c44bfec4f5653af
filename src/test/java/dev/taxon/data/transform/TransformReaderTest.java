package dev.taxon.data.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.taxon.UserError;
import dev.taxon.data.Configs;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.random.Rng;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransformReaderTest {
    private static Transform read(Object... keysAndValues) {
        return new TransformReader(new OpenCvDecoder()).transform(Configs.fields(keysAndValues));
    }

    private static String error(Object... keysAndValues) {
        return String.valueOf(
                assertThrows(UserError.class, () -> read(keysAndValues)).getMessage());
    }

    private static Image.Bytes grey(int height, int width) {
        byte[] pixels = new byte[height * width];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i + 1);
        }
        return new Image.Bytes(height, width, ChannelOrder.GREY, pixels);
    }

    private static Image.Bytes apply(Transform transform, Image image, Rng rng) {
        return (Image.Bytes) transform.apply(Sample.of("x", image, 0), rng).pixels();
    }

    @Test
    void wrongDictsAreOneSentenceWithPlace() {
        assertEquals(
                "c.py:1:1: data.train.type names no transform: 'RandomCorp'; did you mean 'RandomCrop'?",
                error("type", "RandomCorp", "size", 3));
        assertEquals(
                "c.py:3:1: unknown key 'paddin' in data.train; did you mean 'padding'?",
                error("type", "RandomCrop", "size", 32, "paddin", 4));
        assertEquals(
                "c.py:3:1: data.train.interpolation must be one of [bilinear, nearest, bicubic, area, lanczos], got 'box'",
                error("type", "Resize", "size", 32, "interpolation", "box"));
        assertEquals(
                "c.py:2:1: data.train.size must have 1 or 2 ints, got 3",
                error("type", "Resize", "size", List.of(1, 2, 3)));
        assertEquals("c.py:2:1: data.train.size must be positive, got 0", error("type", "Resize", "size", 0));
        assertEquals(
                "c.py:2:1: data.train.backend must be 'cv2' or 'pillow', got 'PIL'",
                error("type", "Resize", "backend", "PIL", "size", 3));
        assertEquals("c.py:1:1: data.train.mean is missing: one number a channel", error("type", "Normalize"));
        assertEquals(
                "c.py:2:1: data.train.keys names 'image', which no sample has; known are gt_label, img",
                error("type", "ToTensor", "keys", List.of("image")));
        assertEquals("RandomFlip.flip_prob must be in [0, 1], got 2.0", error("type", "RandomFlip", "flip_prob", 2));
    }

    @Test
    void randomCropKeepsTheBorderModeInAndOutOfPadding() {
        Image.Bytes image = grey(4, 4);
        for (String mode : List.of("constant", "edge", "reflect", "symmetric")) {
            Transform fused = read("type", "RandomCrop", "size", 5, "padding", List.of(1, 2), "padding_mode", mode);
            BorderMode border = ((RandomCrop) fused).mode();
            int[] rows = border.indices(-2, 8, 4);
            int[] cols = border.indices(-1, 6, 4);
            Image padded = image.gather(Gather.of(rows, cols));
            for (int seed = 0; seed < 50; seed++) {
                Rng rng = new Rng(seed, 0);
                int y = rng.nextInt(8 - 5 + 1);
                int x = rng.nextInt(6 - 5 + 1);
                var expected = (Image.Bytes) padded.gather(Gather.of(Gather.range(y, 5), Gather.range(x, 5)));
                assertArrayEquals(
                        expected.pixels(), apply(fused, image, new Rng(seed, 0)).pixels());
            }
        }
    }

    @Test
    void randomCropOfASmallImageNeedsPadding() {
        Transform crop = read("type", "RandomCrop", "size", List.of(6, 3));
        UserError error = assertThrows(UserError.class, () -> apply(crop, grey(4, 4), new Rng(0, 0)));
        assertEquals(
                "x: RandomCrop cannot cut (6, 3) out of an image of (4, 4); set padding or pad_if_needed=True",
                error.getMessage());
        Transform padding = read("type", "RandomCrop", "size", List.of(6, 3), "pad_if_needed", true, "pad_val", 300);
        for (int seed = 0; seed < 20; seed++) {
            Image.Bytes out = apply(padding, grey(4, 4), new Rng(seed, 0));
            assertEquals(6, out.height());
            assertEquals(3, out.width());
        }
    }

    @Test
    void centerCropRoundsToEvenAndLeavesSmallImages() {
        assertArrayEquals(
                new byte[] {6, 7, 10, 11},
                apply(read("type", "CenterCrop", "crop_size", 2), grey(4, 4), new Rng(0, 0))
                        .pixels());
        Image.Bytes odd = apply(read("type", "CenterCrop", "crop_size", List.of(1, 1)), grey(4, 4), new Rng(0, 0));
        assertArrayEquals(new byte[] {11}, odd.pixels()); // round(1.5) is 2 in Python
        assertArrayEquals(
                new byte[] {1},
                apply(read("type", "CenterCrop", "crop_size", 1), grey(2, 2), new Rng(0, 0))
                        .pixels()); // round(0.5) is 0
        assertEquals(
                4,
                apply(read("type", "CenterCrop", "crop_size", 9), grey(4, 4), new Rng(0, 0))
                        .height());
    }

    @Test
    void flipsAndPads() {
        Rng rng = new Rng(0, 0);
        assertArrayEquals(
                new byte[] {2, 1, 4, 3},
                apply(read("type", "RandomFlip", "flip_prob", 1.0), grey(2, 2), rng)
                        .pixels());
        Transform vertical = read("type", "RandomFlip", "flip_prob", 1.0, "direction", "vertical");
        assertArrayEquals(
                new byte[] {3, 4, 1, 2}, apply(vertical, grey(2, 2), rng).pixels());
        assertArrayEquals(
                new byte[] {1, 2, 9, 9},
                apply(read("type", "Pad", "pad_to_square", true, "pad_val", 9), grey(1, 2), rng)
                        .pixels());
        assertArrayEquals(
                new byte[] {1, 2, 0},
                apply(read("type", "Pad", "size", List.of(1, 3)), grey(1, 2), rng)
                        .pixels());
        Transform never = read("type", "RandomFlip", "flip_prob", 0.0);
        assertArrayEquals(new byte[] {1, 2}, apply(never, grey(1, 2), rng).pixels());
    }
}
