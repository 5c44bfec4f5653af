package dev.taxon.checkpoint;

import dev.taxon.checkpoint.pickle.Pickler;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Both forms of .pth. Equal trees give equal bytes: no times, no addresses, and storage keys count from 0. */
final class PthWriter {
    private static final String ROOT = "archive/"; // torch.save's choice when it writes to a stream

    private PthWriter() {}

    /** The zip form, member by member as PyTorch 2 writes it. */
    static void zip(Map<?, ?> tree, FileChannel channel) throws IOException {
        Pickler pickler = new Pickler(false);
        ZipWriter zip = new ZipWriter(new Sink(channel));
        zip.add(ROOT + "data.pkl", pickler.write(tree));
        zip.add(ROOT + ".format_version", ascii("1"));
        zip.add(ROOT + ".storage_alignment", ascii("64"));
        zip.add(ROOT + "byteorder", ascii("little"));
        List<Tensor> storages = pickler.storages();
        for (int i = 0; i < storages.size(); i++) {
            zip.add(ROOT + "data/" + i, storages.get(i).data());
        }
        zip.add(ROOT + "version", ascii("3\n"));
        zip.add(ROOT + ".data/serialization_id", ascii(serializationId(zip.entries())));
        zip.finish();
    }

    /** The form before PyTorch 1.6. */
    static void legacy(Map<?, ?> tree, FileChannel channel) throws IOException {
        Sink sink = new Sink(channel);
        Pickler pickler = new Pickler(true);
        byte[] data = pickler.write(tree);
        sink.write(Pickler.dump(LegacyReader.MAGIC));
        sink.write(Pickler.dump(LegacyReader.PROTOCOL));
        sink.write(Pickler.dump(system()));
        sink.write(data);
        List<Tensor> storages = pickler.storages();
        sink.write(Pickler.dump(
                IntStream.range(0, storages.size()).mapToObj(Integer::toString).toList()));
        for (Tensor tensor : storages) {
            long numel = tensor.shape().numel();
            sink.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(numel));
            sink.write(tensor.data());
        }
    }

    private static Map<Object, Object> system() {
        Map<Object, Object> sizes = new LinkedHashMap<>();
        sizes.put("short", 2);
        sizes.put("int", 4);
        sizes.put("long", 4);
        Map<Object, Object> system = new LinkedHashMap<>();
        system.put("protocol_version", LegacyReader.PROTOCOL);
        system.put("little_endian", true);
        system.put("type_sizes", sizes);
        return system;
    }

    /** Forty digits that depend on names and contents, as in PyTorch; which digits is ours to choose. */
    private static String serializationId(List<ZipWriter.Entry> entries) {
        long names = 0;
        long contents = 0;
        for (ZipWriter.Entry entry : entries) {
            names = 31 * names + entry.name().hashCode();
            contents = 0x100000001b3L * contents + Integer.toUnsignedLong(entry.crc());
        }
        return digits(names) + digits(contents);
    }

    private static String digits(long unsigned) {
        String s = Long.toUnsignedString(unsigned);
        return "0".repeat(20 - s.length()) + s;
    }

    private static byte[] ascii(String s) {
        return s.getBytes(StandardCharsets.US_ASCII);
    }
}
