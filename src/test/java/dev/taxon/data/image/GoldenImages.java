package dev.taxon.data.image;

import dev.taxon.data.transform.ColorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The images of {@code golden/image}, made by {@code scripts/golden/images.py}. */
final class GoldenImages {
    private GoldenImages() {}

    /**
     * One file.
     *
     * @param expected by color type: height x width x channels, then ":" and the CRC-32 of the pixels; or "none"
     */
    record Entry(Path file, Map<ColorType, String> expected) {
        byte[] bytes() {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return folder().relativize(file).toString();
        }
    }

    static Path folder() {
        try {
            return Path.of(GoldenImages.class.getResource("/golden/image").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With what OpenCV makes of them. */
    static List<Entry> all() {
        return all("index.tsv");
    }

    /** With what is said in a list, by {@code scripts/golden/images.py} or {@code pillow_images.py}. */
    static List<Entry> all(String list) {
        try {
            return Files.readAllLines(folder().resolve(list)).stream()
                    .map(line -> {
                        String[] field = line.split("\t");
                        Map<ColorType, String> results = new EnumMap<>(ColorType.class);
                        for (ColorType type : ColorType.values()) {
                            results.put(type, field[1 + type.ordinal()]);
                        }
                        return new Entry(folder().resolve(field[0]), results);
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Entry> in(String format) {
        return all().stream()
                .filter(e -> e.file().getParent().getFileName().toString().equals(format))
                .toList();
    }
}
