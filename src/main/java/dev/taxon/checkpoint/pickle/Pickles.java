package dev.taxon.checkpoint.pickle;

import dev.taxon.UserError;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Plain pickle files. Values are: {@code null}, Boolean, Long (BigInteger beyond 64 bits), Double, String, byte[],
 * ArrayList, {@link Tuple}, LinkedHashMap, {@link OrderedDict}, LinkedHashSet, and {@link dev.taxon.tensor.Tensor}
 * for numpy arrays (in C order, little-endian, on the heap). numpy scalars become Java numbers; keys of maps that were
 * bytes become Latin-1 text; a mention of an allowed class becomes its name.
 */
public final class Pickles {
    private Pickles() {}

    /**
     * Reads a file that holds one pickle, such as CIFAR's {@code data_batch_1}.
     *
     * @throws UserError if the file cannot be read, is cut off or damaged, or names what {@code allowed} does not
     */
    public static @Nullable Object read(Path file, AllowList allowed) {
        try (Arena arena = Arena.ofConfined()) {
            PickleInput in = new PickleInput(map(file, arena), file.toString());
            Object raw = new Unpickler(in, allowed, storage -> {
                        throw in.damaged(in.position(), "a storage outside of it");
                    })
                    .load();
            return Tree.finish(raw, in, allowed, tensor -> {
                throw in.damaged(in.position(), "a tensor without data");
            });
        }
    }

    /** Maps a file into memory, read-only. @throws UserError if there is none, or it cannot be read */
    public static MemorySegment map(Path file, Arena arena) {
        if (Files.isDirectory(file)) {
            throw UserError.of("%s is a folder; expected a file", file);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new UserError(file + " does not exist; check the path", e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e, e);
        }
    }
}
