package dev.taxon.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads what golden files hold: JSON (as the YAML that it is), and float32 arrays of numpy. */
final class GoldenFiles {
    private GoldenFiles() {}

    static Map<?, ?> json(String name) {
        String text = new String(bytes(name), StandardCharsets.UTF_8);
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    static Map<?, ?> map(Map<?, ?> from, String key) {
        return (Map<?, ?>) Objects.requireNonNull(from.get(key), key);
    }

    static double number(Map<?, ?> from, String key) {
        return ((Number) Objects.requireNonNull(from.get(key), key)).doubleValue();
    }

    static double[] numbers(Map<?, ?> from, String key) {
        List<?> list = (List<?>) Objects.requireNonNull(from.get(key), key);
        return list.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
    }

    /** The elements of a little-endian float32 {@code .npy} file, version 1. */
    static double[] npy(String name) {
        ByteBuffer file = ByteBuffer.wrap(bytes(name)).order(ByteOrder.LITTLE_ENDIAN);
        file.position(10 + file.getShort(8));
        double[] values = new double[file.remaining() / Float.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = file.getFloat();
        }
        return values;
    }

    private static byte[] bytes(String name) {
        try (InputStream in = GoldenFiles.class.getResourceAsStream("/golden/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
