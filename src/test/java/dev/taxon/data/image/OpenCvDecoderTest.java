package dev.taxon.data.image;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden image, to the bit as OpenCV 4.6.0 decodes it, in every color type. */
class OpenCvDecoderTest {
    private final OpenCvDecoder decoder = new OpenCvDecoder();

    static List<GoldenImages.Entry> images() {
        return GoldenImages.all();
    }

    @ParameterizedTest
    @MethodSource("images")
    void isOpenCvs(GoldenImages.Entry entry) {
        byte[] bytes = entry.bytes();
        assertAll(Arrays.stream(ColorType.values()).map(type -> () -> {
            String expected = entry.expected().get(type);
            boolean other = !expected.contains("x3:") && !expected.contains("x1:") || expected.contains("uint");
            if (other) { // nothing, or 16 bits or four channels, which 'unchanged' would keep
                assertSentence(entry, bytes, type);
            } else {
                Image.Bytes image = decoder.decode(entry.toString(), MemorySegment.ofArray(bytes), type);
                assertEquals(expected, described(image), type::toString);
            }
        }));
    }

    private void assertSentence(GoldenImages.Entry entry, byte[] bytes, ColorType type) {
        ImageError error = assertThrows(
                ImageError.class, () -> decoder.decode(entry.toString(), MemorySegment.ofArray(bytes), type));
        String message = String.valueOf(error.getMessage());
        assertTrue(message.startsWith("image " + entry + " cannot be decoded: "), message);
        assertTrue(message.lines().count() == 1, message);
    }

    static String described(Image.Bytes image) {
        CRC32 crc = new CRC32();
        crc.update(image.pixels());
        return String.format("%dx%dx%d:%08x", image.height(), image.width(), image.channels(), crc.getValue());
    }
}
