package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.checkpoint.pickle.OrderedDict;
import dev.taxon.checkpoint.pickle.Pickles;
import dev.taxon.checkpoint.pickle.Tuple;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that is open for reading: PyTorch's zip or legacy form, or safetensors, mapped, so that opening copies no
 * elements.
 *
 * <p>The tree's values are {@code null}, Boolean, Long (BigInteger beyond 64 bits), Double, String, byte[], ArrayList,
 * {@link Tuple}, LinkedHashMap, {@link OrderedDict} (a LinkedHashMap with attributes), LinkedHashSet and
 * {@link Tensor}. Tensors keep their dtype, are contiguous, and are valid until {@link #close}. Parameters are their
 * tensors, storages are 1-D tensors, numpy scalars are Java numbers, and dtypes and classes are their names.
 */
public final class Checkpoint implements AutoCloseable {
    /** Newest layout of the top-level key {@code taxon} that this version reads, and the one it writes. */
    public static final long TAXON_FORMAT = 1;

    private static final String STATE_DICT = "state_dict";

    private final Path path;
    private final Arena arena = Arena.ofShared();
    private final Map<Object, Object> tree;

    private Checkpoint(Path path) {
        this.path = path;
        try {
            tree = map(read(Pickles.map(path, arena), path.toString(), arena), path);
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Opens and checks a file; the caller closes it.
     *
     * @throws UserError if the file is missing, cut off, damaged, of another kind, or names code
     */
    public static Checkpoint open(Path path) {
        return new Checkpoint(path);
    }

    /** The tree of a mapped file. */
    static @Nullable Object read(MemorySegment file, String name, Arena arena) {
        if (Safetensors.is(file)) {
            return Safetensors.read(file, name);
        }
        Budget memory = new Budget(arena, file.byteSize(), name);
        if (ZipArchive.isZip(file)) {
            return ZipReader.read(file, name, memory);
        }
        if (file.byteSize() > 0 && file.get(ValueLayout.JAVA_BYTE, 0) == (byte) 0x80) {
            return LegacyReader.read(file, name, memory);
        }
        throw UserError.of(
                "%s is %s; expected a .pth file that torch.save wrote, or a .safetensors file", name, guess(file));
    }

    private static String guess(MemorySegment file) {
        if (file.byteSize() == 0) {
            return "empty";
        }
        if (has(file, 257, "ustar")) {
            return "a tar archive (PyTorch before 0.1.10, which Taxon does not read)";
        }
        return has(file, 0, "version https://git-lfs") ? "a Git LFS pointer, not the file itself" : "no checkpoint";
    }

    private static boolean has(MemorySegment file, long at, String magic) {
        byte[] text = magic.getBytes(StandardCharsets.US_ASCII);
        return file.byteSize() >= at + text.length
                && file.asSlice(at, text.length).mismatch(MemorySegment.ofArray(text)) < 0;
    }

    public Path path() {
        return path;
    }

    /** Everything in the file. */
    public Map<Object, Object> tree() {
        return tree;
    }

    /**
     * The model's tensors: the entry {@code state_dict}, or all of a file that is a bare state dict. Names are the
     * file's; see {@link KeyMap}.
     *
     * @throws UserError if there are none
     */
    public StateDict stateDict() {
        Map<Object, Object> state = tree.containsKey(STATE_DICT) ? section(STATE_DICT) : tree;
        StateDict dict = StateDict.of(state);
        if (dict.isEmpty()) {
            throw UserError.of(
                    "%s holds no model weights: expected a key 'state_dict', or names of tensors; its keys are %s",
                    path, tree.keySet().stream().limit(10).toList());
        }
        return dict;
    }

    /** mmcv's {@code meta}; empty if there is none. */
    public Map<Object, Object> meta() {
        return section("meta");
    }

    /** PyTorch's optimizer state; empty if there is none. See {@link OptimizerState}. */
    public Map<Object, Object> optimizer() {
        return section("optimizer");
    }

    /** What only Taxon needs to resume; empty if another program wrote the file. @throws UserError for a newer format */
    public Map<Object, Object> taxon() {
        Map<Object, Object> taxon = section("taxon");
        Object format = taxon.getOrDefault("format", TAXON_FORMAT);
        if (!(format instanceof Long n) || n < 1 || n > TAXON_FORMAT) {
            throw UserError.of(
                    "%s has resume data of format %s, and this version of Taxon reads up to %d; use a newer Taxon",
                    path, format, TAXON_FORMAT);
        }
        return taxon;
    }

    private Map<Object, Object> section(String key) {
        Object value = tree.get(key);
        return value == null ? new LinkedHashMap<>() : map(value, path);
    }

    private static Map<Object, Object> map(@Nullable Object value, Path path) {
        if (!(value instanceof Map<?, ?>)) {
            String type = value == null ? "None" : value.getClass().getSimpleName();
            throw UserError.of("%s holds a %s where a checkpoint has a dict", path, type);
        }
        @SuppressWarnings("unchecked") // maps of a pickle hold any object
        Map<Object, Object> map = (Map<Object, Object>) value;
        return map;
    }

    /**
     * Writes the zip form, which {@code torch.load(weights_only=True)} of PyTorch 2 and plain torch.load since 1.6 open. Atomic, and
     * the same bytes for the same tree. Takes what {@link dev.taxon.checkpoint.pickle.Pickler} takes.
     *
     * @throws UserError if the file cannot be written; what was there before stays
     */
    public static void write(Path path, Map<?, ?> tree) {
        AtomicFile.write(path, channel -> PthWriter.zip(tree, channel));
    }

    /** As {@link #write}, in the form of PyTorch before 1.6. */
    public static void writeLegacy(Path path, Map<?, ?> tree) {
        AtomicFile.write(path, channel -> PthWriter.legacy(tree, channel));
    }

    /**
     * Writes a state dict as safetensors, atomically. {@code meta} goes into its metadata as JSON, where {@link #open} finds it
     * again.
     *
     * @throws UserError if the file cannot be written; what was there before stays
     */
    public static void writeSafetensors(Path path, StateDict dict, Map<?, ?> meta) {
        AtomicFile.write(path, channel -> Safetensors.write(dict, meta, channel));
    }

    @Override
    public void close() {
        arena.close();
    }
}
