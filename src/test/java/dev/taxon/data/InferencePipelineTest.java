package dev.taxon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.data.source.MemorySource;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Gather;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.NativeForm;
import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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

    private static final String NORMALIZE = "dict(type='Normalize', mean=[0, 0, 0], std=[1, 1, 1], to_rgb=False)";

    private static InferencePipeline pipeline(String config, int channels) {
        return InferencePipeline.of(TestEntry.of(Config.parse(config, "test.py").fields()), channels);
    }

    private static InferencePipeline of(String type, String... steps) {
        return pipeline(
                "data = dict(test=dict(type='%s', pipeline=[%s]))".formatted(type, String.join(", ", steps)), 3);
    }

    private static Image prepare(InferencePipeline pipeline, Path file) {
        return pipeline.prepare(Sample.of(file, Sample.NO_LABEL)).pixels();
    }

    @Test
    void cifarGetsRgbOfItsOwnSize() throws IOException {
        InferencePipeline pipeline = of("CIFAR10", NORMALIZE);
        Image image = prepare(pipeline, orange(333, 200));
        assertEquals(32, image.height());
        assertEquals(32, image.width());
        float[] values = image.toFloats().pixels();
        assertArrayEquals(new float[] {255, 128, 0}, new float[] {values[300], values[301], values[302]});
        assertEquals(
                List.of("CIFAR10 holds RGB images of 32x32: the image is converted to that first"), pipeline.notes());
        assertEquals(Optional.of(Shape.of(3, 32, 32)), pipeline.inputShape());
    }

    @Test
    void mnistGetsGreyBeforeItsResize() throws IOException {
        InferencePipeline pipeline = of("MNIST", "dict(type='LoadImageFromFile')", "dict(type='Resize', size=32)");
        Image.Bytes image = (Image.Bytes) prepare(pipeline, orange(5, 50));
        assertEquals(ChannelOrder.GREY, image.order());
        assertEquals(32, image.width());
        assertEquals((byte) 151, image.pixels()[77]); // 0.299 * 255 + 0.587 * 128
    }

    @Test
    void otherDataSetsGetTheFileAsItIs() throws IOException {
        InferencePipeline pipeline = of("ImageNet");
        Image.Bytes image = (Image.Bytes) prepare(pipeline, orange(5, 7));
        assertEquals(ChannelOrder.BGR, image.order());
        assertEquals(7, image.width());
        assertEquals(List.of(), pipeline.notes());
        assertEquals(Optional.empty(), pipeline.inputShape());
    }

    /** Labels that nobody has are not asked for, as training's ToTensor and Collect do. */
    @Test
    void stepsOfLabelsAndNestedStepsDoNoHarm() throws IOException {
        InferencePipeline pipeline = of(
                "CustomDataset",
                "dict(type='Compose', transforms=[dict(type='LoadImageFromFile', to_float32=True), "
                        + "dict(type='Resize', size=(4, 6))])",
                NORMALIZE,
                "dict(type='ImageToTensor', keys=['img'])",
                "dict(type='ToTensor', keys=['gt_label'])",
                "dict(type='Collect', keys=['img', 'gt_label'])");
        Image image = prepare(pipeline, orange(9, 9));
        assertEquals(4, image.height());
        assertEquals(6, image.width());
        assertEquals(List.of(), pipeline.notes());
    }

    @Test
    void wrappersListsAndOtherSplitsAreFoundByTheirPipeline() throws IOException {
        String set = "dict(type='CustomDataset', pipeline=[dict(type='Resize', size=%d)])";
        for (String data : List.of(
                "test=" + set.formatted(8),
                "test=[" + set.formatted(8) + ", " + set.formatted(9) + "]",
                "test=dict(type='RepeatDataset', times=2, dataset=" + set.formatted(8) + ")",
                "test=dict(type='ConcatDataset', datasets=[dict(type='ClassBalancedDataset', oversample_thr=0.1, dataset="
                        + set.formatted(8) + ")])",
                "test=dict(type='KFoldDataset', dataset=" + set.formatted(8) + ", fold=0, num_splits=5)",
                "val=" + set.formatted(8) + ", train=" + set.formatted(9),
                "test=None, val=" + set.formatted(8))) {
            InferencePipeline pipeline = pipeline("data = dict(samples_per_gpu=1, " + data + ")", 3);
            assertEquals(8, prepare(pipeline, orange(20, 30)).width(), data);
            assertEquals(List.of(), pipeline.notes());
        }
    }

    @Test
    void aTrainingPipelineIsTakenWithoutItsChances() throws IOException {
        InferencePipeline pipeline = pipeline("""
                data = dict(train=dict(type='RepeatDataset', times=3, dataset=dict(type='CustomDataset', pipeline=[
                    dict(type='LoadImageFromFile'),
                    dict(type='RandomResizedCrop', size=16),
                    dict(type='RandomFlip', flip_prob=1.0),
                    dict(type='RandomCrop', size=12, padding=4),
                    dict(type='ColorJitter', brightness=0.9, contrast=0.9, saturation=0.9)])))
                """, 3);
        assertEquals(Optional.of(Shape.of(3, 12, 12)), pipeline.inputShape());
        Image.Bytes image = (Image.Bytes) prepare(pipeline, orange(40, 60));
        assertArrayEquals(new byte[] {0, (byte) 128, (byte) 255}, Arrays.copyOf(image.pixels(), 3));
        assertEquals(1, pipeline.notes().size());
    }

    @Test
    void chancesInATestPipelineAreTheSameForEveryImageAndSaid() throws IOException {
        InferencePipeline pipeline = of("CustomDataset", "dict(type='RandomCrop', size=4)");
        Path noise = root.resolve("noise.png");
        BufferedImage image = new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 81; i++) {
            image.setRGB(i % 9, i / 9, i * 3_141_592);
        }
        ImageIO.write(image, "png", noise.toFile());
        byte[] first = ((Image.Bytes) prepare(pipeline, noise)).pixels();
        assertArrayEquals(first, ((Image.Bytes) prepare(pipeline, noise)).pixels());
        assertEquals(
                List.of("data.test.pipeline changes images at random (RandomCrop): every image gets the same draw"),
                pipeline.notes());
    }

    @Test
    void greyModelsGetGreyImages() throws IOException {
        InferencePipeline pipeline =
                pipeline("data = dict(test=dict(type='CustomDataset', pipeline=[dict(type='Resize', size=3)]))", 1);
        assertEquals(Optional.of(Shape.of(1, 3, 3)), pipeline.inputShape());
        assertEquals((byte) 151, ((Image.Bytes) prepare(pipeline, orange(3, 3))).pixels()[4]);
        assertEquals(List.of("the model takes grey images: colours are converted first"), pipeline.notes());
    }

    @Test
    void aConfigThatPreparesNothingIsOneSentence() {
        for (String config :
                List.of("model = 1", "data = dict(samples_per_gpu=2)", "data = dict(test=dict(type='MNIST'))")) {
            UserError error = assertThrows(UserError.class, () -> pipeline(config, 3));
            assertTrue(String.valueOf(error.getMessage()).contains("data.test"), error::getMessage);
        }
    }

    /** The same pixels from memory as from the file, EXIF's turn included. */
    @Test
    void contentsOfAFileAreTheFile() throws IOException {
        InferencePipeline pipeline = of("ImageNet");
        for (byte[] bytes : List.of(Files.readAllBytes(orange(5, 7)), turnedJpeg())) {
            Path file = Files.write(root.resolve("image"), bytes);
            Sample upload = Sample.of(new MemorySource("upload", MemorySegment.ofArray(bytes)), Sample.NO_LABEL);
            Image.Bytes expected = (Image.Bytes) prepare(pipeline, file);
            Image.Bytes actual = (Image.Bytes) pipeline.prepare(upload).pixels();
            assertArrayEquals(expected.pixels(), actual.pixels());
            assertEquals(expected.width(), actual.width());
        }
        assertEquals(8, prepare(pipeline, root.resolve("image")).width()); // turned
        Sample text = Sample.of(new MemorySource("upload", MemorySegment.ofArray(new byte[3])), Sample.NO_LABEL);
        UserError error = assertThrows(UserError.class, () -> pipeline.prepare(text));
        assertTrue(
                String.valueOf(error.getMessage()).startsWith("image upload cannot be decoded: it is not"),
                error::getMessage);
    }

    /** A JPEG of 8 x 16 whose EXIF orientation 6 stands it upright: 16 x 8. */
    private static byte[] turnedJpeg() throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB), "jpg", plain);
        byte[] jpeg = plain.toByteArray();
        byte[] exif = HexFormat.of()
                .parseHex("ffe10022" + "457869660000" + "4d4d002a00000008" + "0001" + "011200030000000100060000"
                        + "00000000");
        ByteArrayOutputStream turned = new ByteArrayOutputStream();
        turned.write(jpeg, 0, 2);
        turned.writeBytes(exif);
        turned.write(jpeg, 2, jpeg.length - 2);
        return turned.toByteArray();
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
        InferencePipeline pipeline = of("MNIST");
        Path missing = root.resolve("none.png");
        UserError error = assertThrows(UserError.class, () -> prepare(pipeline, missing));
        assertTrue(String.valueOf(error.getMessage()).startsWith("image " + missing + " is missing"));
        Path text = Files.writeString(root.resolve("text.png"), "hello");
        assertEquals(
                "image " + text + " cannot be decoded: it is not a JPEG, PNG, WebP, BMP, PNM, TIFF or GIF image",
                assertThrows(UserError.class, () -> prepare(pipeline, text)).getMessage());
        byte[] whole = Files.readAllBytes(orange(100, 100));
        Path cut = Files.write(root.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2));
        UserError broken = assertThrows(UserError.class, () -> prepare(pipeline, cut));
        assertTrue(String.valueOf(broken.getMessage()).startsWith("image " + cut + " cannot be decoded"));
    }
}
