package dev.taxon.data.image;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Decoding.Backend;
import dev.taxon.data.transform.ImageError;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** JPEGs made smaller by the inverse DCT, and those that are cut off, as OpenCV 4.6.0 shows them. */
class JpegVariantsTest {
    private final OpenCvDecoder decoder = new OpenCvDecoder();

    /** What OpenCV makes of a file that is changed in one way. */
    record Variant(String file, String change, String expected) {
        int number() {
            return Integer.parseInt(change.substring(change.indexOf('_') + 1));
        }

        boolean cut() {
            return change.startsWith("cut_");
        }

        byte[] bytes() throws IOException {
            byte[] all = Files.readAllBytes(GoldenImages.folder().resolve(file));
            return cut() ? Arrays.copyOf(all, all.length * number() / 100) : all;
        }
    }

    static Map<String, List<Variant>> variants() throws IOException {
        return Files.readAllLines(GoldenImages.folder().resolve("jpeg_variants.tsv")).stream()
                .map(line -> line.split("\t"))
                .map(f -> new Variant(f[0], f[1], f[2]))
                .collect(Collectors.groupingBy(Variant::change));
    }

    static List<List<Variant>> changes() throws IOException {
        return List.copyOf(variants().values());
    }

    private String decoded(Variant variant, Decoding how) throws IOException {
        return OpenCvDecoderTest.described(decoder.decode(variant.file(), MemorySegment.ofArray(variant.bytes()), how));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void isOpenCvs(List<Variant> variants) {
        assertTrue(variants.size() > 40, variants.size() + " files");
        assertAll(variants.stream().map(variant -> () -> {
            if (variant.expected().equals("none")) {
                assertThrows(ImageError.class, () -> decoded(variant, whole(true)), variant::toString);
                return;
            }
            String[] size = variant.expected().split("[x:]");
            int side = Math.min(Integer.parseInt(size[0]), Integer.parseInt(size[1]));
            Decoding how = variant.cut() ? whole(true) : new Decoding(Backend.CV2, ColorType.COLOR, side, false);
            assertEquals(variant.expected(), decoded(variant, how), variant::toString);
            if (variant.cut()) {
                assertThrows(ImageError.class, () -> decoded(variant, whole(false)), variant::toString);
            }
        }));
    }

    private static Decoding whole(boolean keepTruncated) {
        return new Decoding(Backend.CV2, ColorType.COLOR, 0, keepTruncated);
    }

    @ParameterizedTest
    @CsvSource({
        "0,500,400,1",
        "224,500,400,1",
        "200,500,400,2",
        "200,399,999,2",
        "201,401,900,2",
        "56,224,300,4",
        "1,640,480,8",
        "60,480,640,8",
        "61,480,640,4"
    })
    void isMadeSmallerAsFarAsTheShortSideAllows(int shortSide, int width, int height, int scale) {
        assertEquals(scale, new Decoding(Backend.CV2, ColorType.COLOR, shortSide, false).scale(width, height));
    }

    @Test
    void aCutPictureWithoutAWholeRowIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(GoldenImages.folder().resolve("jpeg/sampling_2x2.jpg"));
        MemorySegment cut = MemorySegment.ofArray(Arrays.copyOf(bytes, bytes.length * 45 / 100));
        assertThrows(ImageError.class, () -> decoder.decode("x.jpg", cut, whole(true)));
    }
}
