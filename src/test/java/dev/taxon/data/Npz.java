package dev.taxon.data;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Images from a numpy {@code .npz} file: uint8 or float32 arrays of shape (H, W) or (H, W, 3). */
public record Npz(Map<String, Image> images) {
    private static final Pattern HEADER = Pattern.compile("'descr': '([^']+)'.*'shape': \\(([^)]*)\\)");

    public static Npz read(String resource) {
        Map<String, Image> images = new LinkedHashMap<>();
        try (InputStream in = Npz.class.getResourceAsStream(resource);
                ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(in, resource))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                images.put(entry.getName().replace(".npy", ""), image(zip.readAllBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Npz(images);
    }

    public Image get(String name) {
        return Objects.requireNonNull(images.get(name), name);
    }

    private static Image image(byte[] npy) {
        ByteBuffer buffer = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
        int header = buffer.getShort(8);
        Matcher m = HEADER.matcher(new String(npy, 10, header, StandardCharsets.ISO_8859_1));
        if (!m.find()) {
            throw new IllegalArgumentException("no numpy header");
        }
        String[] shape = m.group(2).split(",\\s*");
        ChannelOrder order = shape.length == 3 ? ChannelOrder.BGR : ChannelOrder.GREY;
        int h = Integer.parseInt(shape[0]);
        int w = Integer.parseInt(shape[1]);
        buffer.position(10 + header);
        if (m.group(1).equals("|u1")) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return new Image.Bytes(h, w, order, bytes);
        }
        float[] floats = new float[buffer.remaining() / 4];
        buffer.asFloatBuffer().get(floats);
        return new Image.Floats(h, w, order, floats);
    }
}
