package dev.taxon.data.image;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Decoding.Backend;
import dev.taxon.data.transform.ImageError;
import dev.taxon.random.Rng;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files made to break a decoder: a picture or one sentence, and no memory for what the file cannot hold. */
class HostileImagesTest {
    private static final int DAMAGES = 25;

    private final BackendDecoder decoder = new BackendDecoder();

    static List<GoldenImages.Entry> images() {
        return GoldenImages.all();
    }

    /** Bytes changed, cut out, or repeated anywhere: an image or an ImageError, nothing else. */
    @ParameterizedTest
    @MethodSource("images")
    void damageIsAPictureOrASentence(GoldenImages.Entry entry) {
        byte[] whole = entry.bytes();
        Rng rng = new Rng(entry.toString().hashCode(), 1);
        for (int i = 0; i < DAMAGES; i++) {
            byte[] damaged = i % 5 == 0 ? Arrays.copyOf(whole, rng.nextInt(whole.length)) : whole.clone();
            for (int n = rng.nextInt(6); n >= 0 && damaged.length > 0; n--) {
                int reach = i % 2 == 0 ? damaged.length : Math.min(damaged.length, 64); // headers more often
                damaged[rng.nextInt(reach)] = (byte) rng.nextInt();
            }
            ColorType type = ColorType.values()[i % ColorType.values().length];
            Backend backend = Backend.values()[i % 3 % 2];
            Decoding how = new Decoding(backend, type, i % 4 == 0 ? 10 : 0, i % 4 > 1);
            try {
                assertTrue(
                        decoder.decode("x", MemorySegment.ofArray(damaged), how).height() > 0);
            } catch (ImageError e) {
                assertTrue(String.valueOf(e.getMessage()).lines().count() == 1, e.getMessage());
            }
        }
    }

    private String error(byte[] bytes) {
        return String.valueOf(
                assertThrows(ImageError.class, () -> decoder.decode("x", MemorySegment.ofArray(bytes), ColorType.COLOR))
                        .getMessage());
    }

    private static byte[] jpeg(String name) {
        return GoldenImages.in("jpeg").stream()
                .filter(e -> e.toString().equals("jpeg/" + name))
                .findFirst()
                .orElseThrow()
                .bytes();
    }

    /** Height and width of the frame header replaced. */
    private static byte[] resized(byte[] jpeg, int side) {
        byte[] out = jpeg.clone();
        for (int i = 2; ; i += 2 + ((out[i + 2] & 0xFF) << 8 | out[i + 3] & 0xFF)) {
            if (out[i + 1] == (byte) 0xC0 || out[i + 1] == (byte) 0xC2) {
                out[i + 5] = out[i + 7] = (byte) (side >> 8);
                out[i + 6] = out[i + 8] = (byte) side;
                return out;
            }
        }
    }

    @Test
    void aHugeJpegInAFewBytesIsRefusedBeforeMemoryIsTaken() {
        assertTrue(error(resized(jpeg("sampling_2x2.jpg"), 65500)).contains("2^30 pixels"));
        assertTrue(error(resized(jpeg("sampling_2x2.jpg"), 30000)).contains("too short for the picture size"));
        assertTrue(error(resized(jpeg("progressive_2x2.jpg"), 30000)).contains("too short for the picture size"));
    }

    @Test
    void aJpegOfEndlessScansIsRefused() {
        byte[] jpeg = jpeg("progressive_1x1.jpg");
        int scan = lastScan(jpeg);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(jpeg, 0, scan);
        for (int i = 0; i < 600; i++) {
            many.write(jpeg, scan, jpeg.length - 2 - scan);
        }
        many.write(jpeg, jpeg.length - 2, 2);
        assertTrue(error(many.toByteArray()).contains("500 scans"));
    }

    private static int lastScan(byte[] jpeg) {
        for (int i = jpeg.length - 2; ; i--) {
            if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xDA) {
                return i;
            }
        }
    }

    @Test
    void hugeBitmapsAndPixmapsAreRefusedBeforeMemoryIsTaken() {
        assertTrue(error("P6 1000000 1000 255\nabc".getBytes(StandardCharsets.US_ASCII))
                .contains("cut off"));
        assertTrue(error("P5 2000000 1 255\nabc".getBytes(StandardCharsets.US_ASCII))
                .contains("2^20"));
    }

    @Test
    void nothingAndTextAreSentences() {
        assertTrue(error(new byte[0]).endsWith("it is empty"));
        assertTrue(error(new byte[] {'h', 'i'}).endsWith("it is not a JPEG, PNG, WebP, BMP, PNM, TIFF or GIF image"));
    }

    /** A golden TIFF whose only value of a tag is another. */
    private static byte[] tiff(int tag, int value) {
        byte[] bytes = GoldenImages.in("tiff").stream()
                .filter(e -> e.toString().equals("tiff/rgb_raw.tif"))
                .findFirst()
                .orElseThrow()
                .bytes();
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = file.getInt(4) + 2;
        while (file.getShort(at) != tag) {
            at += 12;
        }
        if (file.getShort(at + 2) == 3) {
            file.putShort(at + 8, (short) value);
        } else {
            file.putInt(at + 8, value);
        }
        return bytes;
    }

    @Test
    void tiffsOfOtherKindsOrTooLargeAreSentences() {
        assertTrue(error(tiff(259, 6)).contains("a TIFF with compression 6; none, LZW, deflate, PackBits and JPEG"));
        assertTrue(error(tiff(259, 7)).contains("a strip or tile is no JPEG"));
        assertTrue(error(tiff(262, 6)).contains("a TIFF of luminance and colour differences (YCbCr) that are no JPEG"));
        assertTrue(error(tiff(262, 8)).contains("a TIFF with colours of kind 8; grey, RGB, palette and CMYK"));
        assertTrue(error(tiff(256, 2_000_000)).contains("2^20"));
        assertTrue(error(tiff(256, 1_000_000)).contains("too short for 1000000x21 pixels"));
        assertTrue(error(tiff(278, 7)).contains("3 strips or tiles are needed, and it tells of 1"));
        assertTrue(error(tiff(279, 2000)).contains("strip or tile 0 has 2000 of 2079 bytes"));
        assertTrue(error(tiff(273, 2000)).contains("states data behind their end"));
    }
}
