package dev.taxon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Gather;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.NativeForm;
import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferencePipelineTest {
    @TempDir
    private Path root;

    private Path orange(int height, int width) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < height * width; i++) {
            image.setRGB(i % width, i / width, 0xFF8000);
        }
        Path file = root.resolve("orange.png");
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    @Test
    void cifarGetsRgbOfItsOwnSize() throws IOException {
        var identity =
                Configs.fields("type", "Normalize", "mean", List.of(0, 0, 0), "std", List.of(1, 1, 1), "to_rgb", false);
        InferencePipeline pipeline = InferencePipeline.of("CIFAR10", List.of(identity));
        Image image = pipeline.prepare(orange(333, 200)).pixels();
        assertEquals(32, image.height());
        assertEquals(32, image.width());
        float[] values = image.toFloats().pixels();
        assertArrayEquals(new float[] {255, 128, 0}, new float[] {values[300], values[301], values[302]});
        assertEquals(
                "CIFAR10 holds RGB images of 32x32: the image is converted to that first",
                pipeline.note().orElseThrow());
    }

    @Test
    void mnistGetsGreyBeforeItsResize() throws IOException {
        InferencePipeline pipeline = InferencePipeline.of(
                "MNIST",
                List.of(Configs.fields("type", "LoadImageFromFile"), Configs.fields("type", "Resize", "size", 32)));
        Image.Bytes image = (Image.Bytes) pipeline.prepare(orange(5, 50)).pixels();
        assertEquals(ChannelOrder.GREY, image.order());
        assertEquals(32, image.width());
        assertEquals((byte) 151, image.pixels()[77]); // 0.299 * 255 + 0.587 * 128
    }

    @Test
    void otherDataSetsGetTheFileAsItIs() throws IOException {
        InferencePipeline pipeline = InferencePipeline.of("ImageNet", List.of());
        Image.Bytes image = (Image.Bytes) pipeline.prepare(orange(5, 7)).pixels();
        assertEquals(ChannelOrder.BGR, image.order());
        assertEquals(7, image.width());
        assertFalse(pipeline.note().isPresent());
    }

    @Test
    void greyIsOpenCvs() {
        Npz golden = Npz.read("/golden/transform/cv2.npz");
        Image.Bytes color = (Image.Bytes) golden.get("color");
        Image.Bytes square = color.gather(Gather.of(Gather.range(0, 45), Gather.range(0, 45)));
        Image grey = new NativeForm(45, ChannelOrder.GREY)
                .apply(Sample.of("x", square, 0), new Rng(0, 0))
                .pixels();
        Image expected = golden.get("to_grey").gather(Gather.of(Gather.range(0, 45), Gather.range(0, 45)));
        assertArrayEquals(((Image.Bytes) expected).pixels(), ((Image.Bytes) grey).pixels());
    }

    @Test
    void damagedAndMissingImagesAreOneSentence() throws IOException {
        InferencePipeline pipeline = InferencePipeline.of("MNIST", List.of());
        Path missing = root.resolve("none.png");
        UserError error = assertThrows(UserError.class, () -> pipeline.prepare(missing));
        assertTrue(String.valueOf(error.getMessage()).startsWith("image " + missing + " is missing"));
        Path text = Files.writeString(root.resolve("text.png"), "hello");
        assertEquals(
                "image " + text + " cannot be decoded: it is not a PNG, JPEG, BMP or GIF image",
                assertThrows(UserError.class, () -> pipeline.prepare(text)).getMessage());
        byte[] whole = Files.readAllBytes(orange(100, 100));
        Path cut = Files.write(root.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2));
        UserError broken = assertThrows(UserError.class, () -> pipeline.prepare(cut));
        assertTrue(String.valueOf(broken.getMessage()).startsWith("image " + cut + " cannot be decoded"));
    }
}
