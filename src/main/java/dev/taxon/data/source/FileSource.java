package dev.taxon.data.source;

import dev.taxon.UserError;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of its own. */
public record FileSource(Path path) implements Source {
    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public MemorySegment read(ReadBuffer buffer) {
        if (!Files.isRegularFile(path)) {
            throw UserError.of("image %s is missing, or is a folder", path);
        }
        try (FileChannel channel = FileChannel.open(path)) {
            long size = channel.size();
            UserError.require(size <= MOST_BYTES, "%s has %d bytes: too many for an image", path, size);
            MemorySegment room = buffer.room(size);
            ByteBuffer bytes = room.asByteBuffer();
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // a read may bring less than was asked for
            }
            return room.asSlice(0, bytes.position());
        } catch (IOException e) {
            throw new UserError("image " + path + " cannot be read: " + e, e);
        }
    }
}
