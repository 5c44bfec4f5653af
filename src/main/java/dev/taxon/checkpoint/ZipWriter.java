package dev.taxon.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Zip files as torch.save writes them: stored members whose data starts at multiples of 64 bytes, so that they can be
 * mapped, and no dates. zip64 fields appear only where a size or an offset needs them.
 */
final class ZipWriter {
    private static final long FULL = 0xFFFFFFFFL;
    private static final int ALIGNMENT = 64;
    private static final int PADDING_EXTRA = 0x4246; // "FB", PyTorch's mark of a padding field
    private static final int UTF8 = 0x800;
    private static final short VERSION = 20;
    private static final short VERSION_ZIP64 = 45;
    private static final int DATE = 0x21; // 1980-01-01

    private final Sink sink;
    private final List<Entry> entries = new ArrayList<>();

    record Entry(String name, int crc, long size, long header) {}

    ZipWriter(Sink sink) {
        this.sink = sink;
    }

    List<Entry> entries() {
        return entries;
    }

    void add(String name, byte[] data) throws IOException {
        add(name, MemorySegment.ofArray(data));
    }

    void add(String name, MemorySegment data) throws IOException {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        long header = sink.position();
        long size = data.byteSize();
        boolean large = size >= FULL;
        int zip64 = large ? 20 : 0;
        int fixed = 30 + text.length + zip64 + 4;
        int padding = (int) (-(header + fixed) & (ALIGNMENT - 1));
        ByteBuffer b = little(fixed + padding);
        b.putInt(ZipArchive.LOCAL)
                .putShort(large ? VERSION_ZIP64 : VERSION)
                .putShort((short) UTF8)
                .putShort((short) 0);
        b.putShort((short) 0).putShort((short) DATE).putInt(0); // the CRC is known after the data
        b.putInt((int) Math.min(size, FULL)).putInt((int) Math.min(size, FULL));
        b.putShort((short) text.length).putShort((short) (zip64 + 4 + padding)).put(text);
        if (large) {
            b.putShort((short) ZipArchive.ZIP64_EXTRA)
                    .putShort((short) 16)
                    .putLong(size)
                    .putLong(size);
        }
        b.putShort((short) PADDING_EXTRA).putShort((short) padding);
        while (b.hasRemaining()) {
            b.put((byte) 'Z');
        }
        sink.write(b);
        int crc = sink.write(data);
        sink.patch(little(4).putInt(crc), header + 14);
        entries.add(new Entry(name, crc, size, header));
    }

    /** Writes the directory; nothing may follow. */
    void finish() throws IOException {
        long start = sink.position();
        for (Entry entry : entries) {
            central(entry);
        }
        long end = sink.position();
        long size = end - start;
        int count = entries.size();
        if (count >= 0xFFFF || start >= FULL || size >= FULL) {
            ByteBuffer b = little(56 + 20);
            b.putInt(ZipArchive.END64).putLong(44).putShort(VERSION_ZIP64).putShort(VERSION_ZIP64);
            b.putInt(0).putInt(0).putLong(count).putLong(count).putLong(size).putLong(start);
            b.putInt(ZipArchive.LOCATOR64).putInt(0).putLong(end).putInt(1);
            sink.write(b);
        }
        ByteBuffer b = little(22);
        short shown = (short) Math.min(count, 0xFFFF);
        b.putInt(ZipArchive.END)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(shown)
                .putShort(shown);
        b.putInt((int) Math.min(size, FULL)).putInt((int) Math.min(start, FULL)).putShort((short) 0);
        sink.write(b);
    }

    private void central(Entry entry) throws IOException {
        byte[] text = entry.name.getBytes(StandardCharsets.UTF_8);
        boolean large = entry.size >= FULL;
        boolean far = entry.header >= FULL;
        int zip64 = (large ? 16 : 0) + (far ? 8 : 0);
        int extra = zip64 > 0 ? 4 + zip64 : 0;
        short version = zip64 > 0 ? VERSION_ZIP64 : VERSION;
        ByteBuffer b = little(46 + text.length + extra);
        b.putInt(ZipArchive.CENTRAL)
                .putShort(version)
                .putShort(version)
                .putShort((short) UTF8)
                .putShort((short) 0);
        b.putShort((short) 0).putShort((short) DATE).putInt(entry.crc);
        b.putInt((int) Math.min(entry.size, FULL)).putInt((int) Math.min(entry.size, FULL));
        b.putShort((short) text.length).putShort((short) extra).putShort((short) 0); // no comment
        b.putShort((short) 0).putShort((short) 0).putInt(0); // first disk, no attributes
        b.putInt((int) Math.min(entry.header, FULL)).put(text);
        if (zip64 > 0) {
            b.putShort((short) ZipArchive.ZIP64_EXTRA).putShort((short) zip64);
            if (large) {
                b.putLong(entry.size).putLong(entry.size);
            }
            if (far) {
                b.putLong(entry.header);
            }
        }
        sink.write(b);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
