package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.checkpoint.pickle.AllowList;
import dev.taxon.checkpoint.pickle.Draft.StorageRef;
import dev.taxon.checkpoint.pickle.PickleInput;
import dev.taxon.checkpoint.pickle.Tree;
import dev.taxon.checkpoint.pickle.Unpickler;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form that PyTorch 0.1.10 to 1.5 wrote: four pickles (magic number, protocol, system, tree), a pickle with the
 * keys of the storages, then each storage as its int64 count of elements and its elements, always little-endian.
 */
final class LegacyReader {
    static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    static final long PROTOCOL = 1001;

    private final PickleInput in;
    private final Budget memory;
    private final Map<String, StorageRef> referenced = new HashMap<>();
    private final Map<String, MemorySegment> storages = new HashMap<>();

    private LegacyReader(PickleInput in, Budget memory) {
        this.in = in;
        this.memory = memory;
    }

    /** The tree of the file; tensors view the mapping, or memory of the budget. */
    static @Nullable Object read(MemorySegment file, String name, Budget memory) {
        return new LegacyReader(new PickleInput(file, name), memory).read();
    }

    private @Nullable Object read() {
        if (!MAGIC.equals(pickle())) {
            throw UserError.of(
                    "%s is a pickle, and not a PyTorch checkpoint; expected a file that torch.save wrote", in.name());
        }
        Object protocol = pickle();
        if (!Long.valueOf(PROTOCOL).equals(protocol)) {
            throw UserError.of(
                    "%s has the legacy protocol %s; Taxon reads %d. Save it again with a newer PyTorch",
                    in.name(), String.valueOf(protocol), PROTOCOL);
        }
        pickle(); // sizes of C types and byte order of the writer: storages are little-endian whatever it says
        Object tree = pickle();
        if (!(pickle() instanceof List<?> keys)) {
            throw in.damaged(in.position(), "no list of storages");
        }
        keys.forEach(this::readStorage);
        return Tree.finish(
                tree,
                in,
                AllowList.CHECKPOINT,
                tensor -> Strides.contiguous(tensor, storage(tensor.storage()), false, memory));
    }

    private @Nullable Object pickle() {
        return new Unpickler(in, AllowList.CHECKPOINT, this::remember).load();
    }

    private void remember(StorageRef storage) {
        StorageRef known = referenced.putIfAbsent(storage.key(), storage);
        if (known != null && (known.dtype() != storage.dtype() || known.numel() != storage.numel())) {
            throw in.damaged(in.position(), "two descriptions of storage " + storage.key());
        }
    }

    private void readStorage(@Nullable Object key) {
        long at = in.position();
        StorageRef ref = key == null ? null : referenced.get(key.toString());
        if (ref == null) {
            throw in.damaged(at, "a storage that no tensor uses");
        }
        long numel = in.i64();
        if (numel != ref.numel()) {
            throw in.damaged(at, "a storage of " + numel + " elements where " + ref.numel() + " should follow");
        }
        boolean countable = numel >= 0 && numel <= Long.MAX_VALUE / ref.dtype().bytes();
        storages.put(ref.key(), in.take(countable ? numel * ref.dtype().bytes() : -1));
    }

    private MemorySegment storage(StorageRef ref) {
        MemorySegment data = storages.get(ref.key());
        if (data == null) {
            throw in.damaged(in.position(), "no storage " + ref.key());
        }
        return data;
    }
}
