package dev.taxon.data.archive;

import dev.taxon.UserError;
import dev.taxon.data.archive.IndexHeader.Stale;
import dev.taxon.data.source.ReadBuffer;
import dev.taxon.data.source.Source;
import dev.taxon.report.Progress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * An archive whose members are read where they lie. The index is mapped; members are read by their offsets into a buffer
 * that is used again, since pages of a mapped archive would count as this process's memory, and one that is cut off under
 * a mapping would kill the process. Thread-safe, but for closing.
 */
public final class Archive implements AutoCloseable {
    private static final long DEFLATE_RATIO = 1040; // deflate's limit is 1032 to 1

    private final Path file;
    private final FileChannel channel;
    private final Arena arena = Arena.ofShared();
    private final Index index;
    private final long end; // of the members

    private Archive(Path file, Format format, Progress progress) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file);
        try {
            if (format == Format.PACKED) {
                Packed packed = Packed.read(channel, file.toString());
                index = new Index(channel.map(MapMode.READ_ONLY, packed.index(), packed.length(), arena));
                end = packed.index();
            } else {
                index = new IndexFile(file, format, progress).open(arena);
                end = channel.size();
            }
        } catch (Stale e) {
            close();
            throw new UserError("the index of " + file + " " + e.getMessage() + "; copy the file again", e);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /**
     * Opens a tar, zip, gzipped tar or packed file. An index that is missing or stale is made, which shows progress; so is
     * the tar of a gzipped one.
     *
     * @throws UserError if it is none of these, damaged, or hostile
     */
    public static Archive open(Path file, Progress progress) {
        try {
            Format format = Format.of(file);
            if (format == Format.GZIP) {
                return new Archive(new Expansion(file, progress).tar(), Format.TAR, progress);
            }
            return new Archive(file, format, progress);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e, e);
        }
    }

    public Path file() {
        return file;
    }

    Index index() {
        return index;
    }

    /** Number of members, folders included. */
    public int size() {
        return index.count();
    }

    /** Takes a file of an archive. */
    @FunctionalInterface
    public interface FileVisitor {
        /** Takes it; its name is relative and leads nowhere else. */
        void visit(String name, Source source) throws IOException;
    }

    /** All files, folders not among them, in the order of their names. */
    public void forEachFile(FileVisitor visitor) throws IOException {
        for (int i = 0; i < index.count(); i++) {
            String name = index.name(i);
            if (!name.endsWith("/")) {
                visitor.visit(name, source(i));
            }
        }
    }

    /** A member as a source. */
    Source source(int member) {
        return new Member(this, member);
    }

    /** All bytes of a member, checked where a checksum is known. */
    MemorySegment read(int member, ReadBuffer buffer) {
        long size = index.size(member);
        int packed = index.packed(member);
        UserError.require(size >= 0 && size <= Source.MOST_BYTES, "%s has too many bytes for an image", name(member));
        if (packed == IndexHeader.STORED) {
            MemorySegment room = buffer.room(size);
            readFully(member, room);
            return checked(member, room);
        }
        UserError.require(
                packed >= 0 && size / DEFLATE_RATIO <= packed,
                "%s claims an impossible size of %d bytes; the archive is damaged",
                name(member),
                size);
        MemorySegment room = buffer.room(size + packed);
        MemorySegment unpacked = room.asSlice(0, size);
        MemorySegment deflated = room.asSlice(size, packed);
        readFully(member, deflated);
        inflate(member, deflated.asByteBuffer(), unpacked.asByteBuffer());
        return checked(member, unpacked);
    }

    private void readFully(int member, MemorySegment room) {
        long offset = index.offset(member);
        ByteBuffer bytes = room.asByteBuffer();
        try {
            while (bytes.hasRemaining()) {
                UserError.require(
                        offset >= 0
                                && offset <= end - room.byteSize()
                                && channel.read(bytes, offset + bytes.position()) >= 0,
                        "%s is not where the index says: was the archive changed while it was open?",
                        name(member));
            }
        } catch (IOException e) {
            throw new UserError(name(member) + " cannot be read: " + e, e);
        }
    }

    private void inflate(int member, ByteBuffer from, ByteBuffer to) {
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(from);
            while (to.hasRemaining() && inflater.inflate(to) > 0) {
                // until the room is full or the input is at its end
            }
            UserError.require(
                    !to.hasRemaining(), "%s does not unpack to its size; the archive is damaged", name(member));
        } catch (DataFormatException e) {
            throw new UserError(name(member) + " does not unpack (" + e.getMessage() + "); the archive is damaged", e);
        }
    }

    private MemorySegment checked(int member, MemorySegment bytes) {
        int expected = index.crc(member);
        if (expected != 0) {
            CRC32 crc = new CRC32();
            crc.update(bytes.asByteBuffer());
            UserError.require(
                    (int) crc.getValue() == expected,
                    "%s does not match its checksum; the archive is damaged: copy or download it again",
                    name(member));
        }
        return bytes;
    }

    /** How messages name a member: as a path through the archive. */
    String name(int member) {
        return file + "/" + index.name(member);
    }

    @Override
    public void close() {
        arena.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UserError("cannot close " + file + ": " + e, e);
        }
    }

    private record Member(Archive archive, int number) implements Source {
        @Override
        public String name() {
            return archive.name(number);
        }

        @Override
        public MemorySegment read(ReadBuffer buffer) {
            return archive.read(number, buffer);
        }
    }
}
