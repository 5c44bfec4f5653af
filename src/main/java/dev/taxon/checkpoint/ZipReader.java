package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.checkpoint.pickle.AllowList;
import dev.taxon.checkpoint.pickle.Draft.StorageRef;
import dev.taxon.checkpoint.pickle.PickleInput;
import dev.taxon.checkpoint.pickle.Tree;
import dev.taxon.checkpoint.pickle.Unpickler;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The zip form of .pth, PyTorch's default since 1.6: {@code NAME/data.pkl}, and a member {@code NAME/data/KEY} a storage. */
final class ZipReader {
    private static final String PICKLE = "data.pkl";

    private final String name;
    private final ZipArchive zip;
    private final Budget memory;
    private final Map<String, MemorySegment> storages = new HashMap<>();

    private ZipReader(MemorySegment file, String name, Budget memory) {
        this.name = name;
        this.memory = memory;
        zip = new ZipArchive(file, name);
    }

    /** The tree of the file; tensors view the mapping, or memory of the budget. */
    static @Nullable Object read(MemorySegment file, String name, Budget memory) {
        return new ZipReader(file, name, memory).read();
    }

    private @Nullable Object read() {
        String prefix = prefix();
        if (zip.find(prefix + "constants.pkl") != null) {
            throw UserError.of(
                    "%s is a TorchScript program, not a checkpoint; save model.state_dict() with torch.save instead",
                    name);
        }
        boolean bigEndian = isBigEndian(prefix);
        PickleInput in = new PickleInput(contents(prefix + PICKLE), name + " (" + PICKLE + ")");
        Object raw = new Unpickler(in, AllowList.CHECKPOINT, storage -> {}).load();
        return Tree.finish(
                raw,
                in,
                AllowList.CHECKPOINT,
                tensor -> Strides.contiguous(tensor, storage(prefix, tensor.storage()), bigEndian, memory));
    }

    private String prefix() {
        return zip.members().keySet().stream()
                .filter(m -> m.equals(PICKLE) || m.endsWith("/" + PICKLE))
                .min(Comparator.comparingInt(String::length))
                .map(m -> m.substring(0, m.length() - PICKLE.length()))
                .orElseThrow(() -> UserError.of(
                        "%s is a zip file without %s, so not a PyTorch checkpoint; expected a file that torch.save wrote",
                        name, PICKLE));
    }

    private boolean isBigEndian(String prefix) {
        if (zip.find(prefix + "byteorder") == null) {
            return false; // written before PyTorch 2.1
        }
        byte[] order = contents(prefix + "byteorder").toArray(ValueLayout.JAVA_BYTE);
        return new String(order, StandardCharsets.ISO_8859_1).equals("big");
    }

    private MemorySegment storage(String prefix, StorageRef ref) {
        MemorySegment data = storages.computeIfAbsent(ref.key(), key -> contents(prefix + "data/" + key));
        long expected = ref.numel() * ref.dtype().bytes();
        if (data.byteSize() < expected) {
            throw UserError.of(
                    "%s is damaged: storage %s has %d bytes, and its tensors need %d; copy or download it again",
                    name, ref.key(), data.byteSize(), expected);
        }
        return data;
    }

    private MemorySegment contents(String member) {
        ZipArchive.Member found = zip.find(member);
        if (found == null) {
            throw UserError.of("%s is damaged: it has no member %s; copy or download it again", name, member);
        }
        return zip.contents(found, memory);
    }
}
