package dev.taxon;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Golden files under src/test/resources/golden. */
public final class Golden {
    private Golden() {}

    /** A JSON file: maps in order of the file, lists, strings, numbers. */
    @SuppressWarnings("unchecked") // each file is an object
    public static Map<String, Object> json(String path) {
        try (InputStream in = open(path)) {
            LoadSettings settings =
                    LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
            return (Map<String, Object>) new Load(settings).loadFromInputStream(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(String path) {
        try (InputStream in = open(path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A list of numbers, nested or not, flattened. */
    public static double[] doubles(Object list) {
        return ((List<?>) list)
                .stream()
                        .flatMapToDouble(item -> item instanceof List<?>
                                ? java.util.Arrays.stream(doubles(item))
                                : java.util.stream.DoubleStream.of(((Number) item).doubleValue()))
                        .toArray();
    }

    private static InputStream open(String path) {
        InputStream in = Golden.class.getResourceAsStream("/golden/" + path);
        if (in == null) {
            throw new IllegalArgumentException("no golden file " + path);
        }
        return in;
    }
}
