package dev.taxon.data.dataset;

import dev.taxon.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * As much of a MATLAB file of version 5 as lists of annotations need: arrays of structs of numbers and texts. Source:
 * MAT-File Format (The MathWorks), chapter 1.
 */
final class MatFile {
    private static final int HEADER = 128;
    private static final int MOST_INFLATED = 1 << 28;

    // types of data elements
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;

    // classes of arrays
    private static final int STRUCT = 2;
    private static final int CHAR = 4;
    private static final int LEAST_NUMERIC = 6;
    private static final int MOST_NUMERIC = 15;

    private final String name;

    private MatFile(String name) {
        this.name = name;
    }

    /**
     * The fields of an array of structs.
     *
     * @param values (count, fields): a Double, a String, or null for what is neither
     */
    record Structs(String file, List<String> fields, List<@Nullable Object> values) {
        int count() {
            return values.size() / fields.size();
        }

        double number(int index, String field) {
            if (value(index, field) instanceof Double number) {
                return number;
            }
            throw UserError.of("%s: '%s' of annotation %d is no number", file, field, index + 1);
        }

        String text(int index, String field) {
            if (value(index, field) instanceof String text) {
                return text;
            }
            throw UserError.of("%s: '%s' of annotation %d is no text", file, field, index + 1);
        }

        private @Nullable Object value(int index, String field) {
            int at = fields.indexOf(field);
            if (at < 0) {
                throw UserError.of(
                        "%s: its annotations have no '%s', only %s; is it the file with labels?", file, field, fields);
            }
            return values.get(index * fields.size() + at);
        }
    }

    /** An array: its name, and what it holds. */
    private record Array(String name, @Nullable Object value) {}

    /**
     * Reads the array of structs of a name.
     *
     * @param name how messages name the file
     */
    static Structs structs(byte[] file, String variable, String name) {
        MatFile reader = new MatFile(name);
        try {
            UserError.require(
                    file.length > HEADER && new String(file, 0, 6, StandardCharsets.US_ASCII).equals("MATLAB"),
                    "%s is no MATLAB file of version 5 to 7",
                    name);
            ByteOrder order = file[126] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            ByteBuffer in = ByteBuffer.wrap(file).order(order).position(HEADER);
            while (in.hasRemaining()) {
                Array array = reader.array(reader.element(in, MATRIX, COMPRESSED).data);
                if (array.name.equals(variable) && array.value instanceof Structs structs) {
                    return structs;
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException | IOException e) {
            throw new UserError(name + " is damaged or cut off: " + e, e);
        }
        throw UserError.of("%s has no array of structs '%s'", name, variable);
    }

    /** A data element: the type of its values, and its bytes. */
    private record Element(int type, ByteBuffer data) {}

    /**
     * The next element, unpacked.
     *
     * @param types what it may be; none given: anything
     */
    private Element element(ByteBuffer in, int... types) throws IOException {
        int tag = in.getInt();
        int type = tag & 0xFFFF;
        int size = tag >>> 16;
        int padded = 4;
        if (size == 0) { // not the small form, which has up to four bytes in the tag itself
            size = in.getInt();
            padded = type == COMPRESSED ? size : Math.ceilDiv(size, 8) * 8;
        }
        boolean known = types.length == 0;
        for (int t : types) {
            known |= t == type;
        }
        if (!known || size < 0 || size > in.remaining()) {
            throw new IOException("an element of type " + type + " and " + size + " bytes at byte " + in.position());
        }
        ByteBuffer contents = in.slice(in.position(), size).order(in.order());
        in.position(Math.min(in.limit(), in.position() + padded));
        if (type != COMPRESSED) {
            return new Element(type, contents);
        }
        byte[] packed = new byte[size];
        contents.get(packed);
        try (InflaterInputStream inflater = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            byte[] plain = inflater.readNBytes(MOST_INFLATED);
            return element(ByteBuffer.wrap(plain).order(in.order()), MATRIX);
        }
    }

    private Array array(ByteBuffer in) throws IOException {
        if (!in.hasRemaining()) {
            return new Array("", null);
        }
        int kind = element(in).data.getInt() & 0xFF;
        ByteBuffer dimensions = element(in).data;
        long count = 1;
        while (dimensions.hasRemaining()) {
            count = Math.multiplyExact(count, dimensions.getInt());
        }
        String arrayName = StandardCharsets.ISO_8859_1.decode(element(in).data).toString();
        if (kind == STRUCT) {
            return new Array(arrayName, struct(in, Math.toIntExact(count)));
        }
        if (kind == CHAR) {
            return new Array(arrayName, text(element(in)));
        }
        boolean number = kind >= LEAST_NUMERIC && kind <= MOST_NUMERIC && count == 1;
        return new Array(arrayName, number ? number(element(in)) : null);
    }

    private Structs struct(ByteBuffer in, int count) throws IOException {
        int length = element(in).data.getInt();
        ByteBuffer names = element(in).data;
        List<String> fields = new ArrayList<>();
        while (length > 0 && names.remaining() >= length) {
            byte[] field = new byte[length];
            names.get(field);
            String text = new String(field, StandardCharsets.ISO_8859_1);
            fields.add(text.substring(0, Math.max(0, (text + "\0").indexOf('\0'))));
        }
        if (fields.isEmpty()) {
            throw new IOException("a struct without fields");
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < Math.multiplyExact(count, fields.size()); i++) {
            values.add(array(element(in, MATRIX).data).value);
        }
        return new Structs(name, fields, values);
    }

    private static Object number(Element element) throws IOException {
        ByteBuffer data = element.data;
        return switch (element.type) {
            case 1 -> (double) data.get();
            case 2 -> (double) (data.get() & 0xFF);
            case 3 -> (double) data.getShort();
            case 4 -> (double) (data.getShort() & 0xFFFF);
            case 5 -> (double) data.getInt();
            case 6 -> (double) (data.getInt() & 0xFFFFFFFFL);
            case 7 -> (double) data.getFloat();
            case 9 -> data.getDouble();
            case 12, 13 -> (double) data.getLong();
            default -> throw new IOException("numbers of type " + element.type);
        };
    }

    private static String text(Element element) throws IOException {
        return switch (element.type) {
            case 1, 2, 16 -> StandardCharsets.UTF_8.decode(element.data).toString();
            case 4, 17 -> element.data.asCharBuffer().toString(); // UTF-16 in the file's byte order
            default -> throw new IOException("text of type " + element.type);
        };
    }
}
