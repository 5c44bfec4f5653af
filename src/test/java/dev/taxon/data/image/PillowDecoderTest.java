package dev.taxon.data.image;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Decoding.Backend;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden image as mmcv's backend 'pillow' decodes it with Pillow 9.4, in every color type; or a sentence. */
class PillowDecoderTest {
    /** What is refused in every color type, with Pillow reading it. */
    private static final Pattern REFUSED = Pattern.compile(
            "tiff/grey4.tif|pngsuite/xcsn0g01.png"); // 4 bits; a wrong checksum, over which Pillow reads

    private final BackendDecoder decoder = new BackendDecoder();

    static List<GoldenImages.Entry> images() {
        return GoldenImages.all("pillow.tsv");
    }

    private String decoded(GoldenImages.Entry entry, ColorType type) {
        Decoding how = new Decoding(Backend.PILLOW, type, 0, false);
        return OpenCvDecoderTest.described(decoder.decode(entry.toString(), MemorySegment.ofArray(entry.bytes()), how));
    }

    @ParameterizedTest
    @MethodSource("images")
    void isPillows(GoldenImages.Entry entry) {
        assertAll(Arrays.stream(ColorType.values())
                .filter(type -> type != ColorType.UNCHANGED)
                .map(type -> () -> {
                    String expected = entry.expected().get(type);
                    if (REFUSED.matcher(entry.toString()).matches()) {
                        ImageError error = assertThrows(ImageError.class, () -> decoded(entry, type));
                        assertEquals(
                                1, String.valueOf(error.getMessage()).lines().count());
                    } else if (!expected.equals("none")) { // Pillow refuses some that are whole
                        assertEquals(expected, decoded(entry, type), type::toString);
                    }
                }));
    }

    @Test
    void unchangedIsTheFilesOwnModeWhereThatHasUint8InOneOrThreeChannels() {
        Set<String> read = images().stream()
                .filter(entry -> {
                    String expected = entry.expected().get(ColorType.UNCHANGED);
                    try {
                        assertEquals(expected, decoded(entry, ColorType.UNCHANGED), entry::toString);
                        return true;
                    } catch (ImageError e) {
                        return false;
                    }
                })
                .map(entry -> entry.file().getParent().getFileName().toString())
                .collect(Collectors.toSet());
        assertEquals(Set.of("jpeg", "png", "pngsuite", "webp"), read);
    }

    @Test
    void differsFromOpenCvWherePillowDoes() {
        long different = images().stream()
                .filter(entry -> GoldenImages.all().stream()
                        .anyMatch(other -> other.file().equals(entry.file())
                                && !other.expected().equals(entry.expected())))
                .count();
        assertTrue(different > 100, different + " files"); // the brightness of colours alone
    }
}
