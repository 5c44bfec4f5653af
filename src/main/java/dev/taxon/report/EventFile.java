package dev.taxon.report;

import dev.taxon.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of scalars that TensorBoard reads: {@code events.out.tfevents.…}, of TFRecords that each hold an Event. Source:
 * TensorFlow's record_writer.cc for the frame, event.proto and summary.proto for the messages, protobuf's encoding guide.
 */
public final class EventFile implements AutoCloseable {
    private static final String VERSION = "brain.Event:2";
    private static final int MASK_DELTA = 0xa282ead8; // TensorFlow masks checksums of data that holds checksums
    private static final int SESSION_START = 1;

    // Fields of the messages: number << 3 | wire type.
    private static final int EVENT_WALL_TIME = 1 << 3 | 1;
    private static final int EVENT_STEP = 2 << 3;
    private static final int EVENT_FILE_VERSION = 3 << 3 | 2;
    private static final int EVENT_SUMMARY = 5 << 3 | 2;
    private static final int EVENT_SESSION_LOG = 7 << 3 | 2;
    private static final int SESSION_STATUS = 1 << 3;
    private static final int SUMMARY_VALUE = 1 << 3 | 2;
    private static final int VALUE_TAG = 1 << 3 | 2;
    private static final int VALUE_SIMPLE = 2 << 3 | 5;

    private final Path file;
    private final OutputStream out;
    private final InstantSource clock;

    private EventFile(Path file, OutputStream out, InstantSource clock) {
        this.file = file;
        this.out = out;
        this.clock = clock;
    }

    /**
     * Makes a new file in {@code folder}, which is made when absent.
     *
     * @param clock gives the wall time of events, and of the file's name
     * @throws UserError if it cannot be written
     */
    public static EventFile in(Path folder, InstantSource clock) {
        String name = String.format(
                Locale.ROOT,
                "events.out.tfevents.%010d.%s.%d.",
                clock.millis() / 1000,
                Host.machine(),
                ProcessHandle.current().pid());
        try {
            Files.createDirectories(folder);
            int number = 0;
            while (Files.exists(folder.resolve(name + number))) {
                number++;
            }
            Path file = folder.resolve(name + number);
            EventFile events = new EventFile(file, Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), clock);
            events.write(0, EVENT_FILE_VERSION, VERSION.getBytes(StandardCharsets.UTF_8));
            return events;
        } catch (IOException e) {
            throw UserError.of("%s cannot be written: %s; give another log_dir to TensorboardLoggerHook", folder, e);
        }
    }

    public Path file() {
        return file;
    }

    /** Says that a run starts here again: TensorBoard drops what earlier files have from this step on. */
    public void restart(long step) {
        ByteArrayOutputStream session = new ByteArrayOutputStream();
        varint(session, SESSION_STATUS);
        varint(session, SESSION_START);
        write(step, EVENT_SESSION_LOG, session.toByteArray());
    }

    /** Adds one value for each tag, and flushes: a killed run keeps what it had. */
    public void scalars(long step, Map<String, Double> values) {
        ByteArrayOutputStream summary = new ByteArrayOutputStream();
        values.forEach((tag, value) -> {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            bytes(message, VALUE_TAG, tag.getBytes(StandardCharsets.UTF_8));
            varint(message, VALUE_SIMPLE);
            message.writeBytes(little(Float.BYTES).putFloat(value.floatValue()).array());
            bytes(summary, SUMMARY_VALUE, message.toByteArray());
        });
        write(step, EVENT_SUMMARY, summary.toByteArray());
    }

    /** Writes an event with one message or string beside its time and step. */
    private void write(long step, int field, byte[] message) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        varint(event, EVENT_WALL_TIME);
        event.writeBytes(little(Double.BYTES).putDouble(clock.millis() / 1e3).array());
        if (step != 0) {
            varint(event, EVENT_STEP);
            varint(event, step);
        }
        bytes(event, field, message);
        try {
            out.write(record(event.toByteArray()));
            out.flush();
        } catch (IOException e) {
            throw UserError.of("%s cannot be written: %s; free space, or give another log_dir", file, e);
        }
    }

    /** Length, its checksum, data, its checksum. */
    private static byte[] record(byte[] data) {
        byte[] length = little(Long.BYTES).putLong(data.length).array();
        return little(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
                .put(length)
                .putInt(maskedChecksum(length))
                .put(data)
                .putInt(maskedChecksum(data))
                .array();
    }

    private static int maskedChecksum(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void bytes(ByteArrayOutputStream to, int field, byte[] value) {
        varint(to, field);
        varint(to, value.length);
        to.writeBytes(value);
    }

    /** Seven bits a byte, the lowest first; all but the last have the high bit. */
    private static void varint(ByteArrayOutputStream to, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            to.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw UserError.of("%s cannot be written: %s; free space, or give another log_dir", file, e);
        }
    }
}
