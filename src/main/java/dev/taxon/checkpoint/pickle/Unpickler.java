package dev.taxon.checkpoint.pickle;

import dev.taxon.UserError;
import dev.taxon.checkpoint.pickle.Draft.Constant;
import dev.taxon.checkpoint.pickle.Draft.Function;
import dev.taxon.checkpoint.pickle.Draft.NumpyArray;
import dev.taxon.checkpoint.pickle.Draft.NumpyType;
import dev.taxon.checkpoint.pickle.Draft.RawString;
import dev.taxon.checkpoint.pickle.Draft.StorageRef;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one pickle of protocol 0 to 5 as plain data. It can run no code: a name is looked up in an {@link AllowList},
 * whose functions are ours and only make data. The result may still hold {@link Draft}s; see {@link Tree#finish}.
 */
public final class Unpickler {
    private static final int LONG_TEXT = 1024;
    private static final long FREE_MEMORY = 64L << 20;

    private final PickleInput in;
    private final AllowList allowed;
    private final Consumer<StorageRef> storages;
    private final PickleStack stack = new PickleStack(this::damaged);
    private final PickleText text;
    private long opStart;
    private long charged;

    /** @param storages is told each storage that the pickle names */
    public Unpickler(PickleInput in, AllowList allowed, Consumer<StorageRef> storages) {
        this.in = in;
        this.allowed = allowed;
        this.storages = storages;
        text = new PickleText(in, allowed.strings());
    }

    /**
     * Reads up to the pickle's end and leaves the input behind it.
     *
     * @throws UserError if the pickle is cut off or damaged, or names what is not allowed
     */
    public @Nullable Object load() {
        while (true) {
            opStart = in.position();
            int op = in.u8();
            if (op == Op.STOP) {
                return stack.pop();
            }
            if (!constant(op) && !container(op)) {
                step(op);
            }
        }
    }

    /** Opcodes that push one value read from the stream. */
    private boolean constant(int op) {
        switch (op) {
            case Op.NONE -> stack.push(null);
            case Op.NEWTRUE -> stack.push(true);
            case Op.NEWFALSE -> stack.push(false);
            case Op.BININT -> stack.push((long) in.i32());
            case Op.BININT1 -> stack.push((long) in.u8());
            case Op.BININT2 -> stack.push((long) in.u16());
            case Op.BINFLOAT -> stack.push(in.f64());
            case Op.INT -> stack.push(text.intLine());
            case Op.LONG -> stack.push(text.longLine());
            case Op.FLOAT -> stack.push(text.floatLine());
            case Op.LONG1 -> stack.push(text.binaryLong(in.u8()));
            case Op.LONG4 -> stack.push(text.binaryLong(in.i32()));
            case Op.STRING -> stack.push(text.quotedLine());
            case Op.UNICODE -> stack.push(text.unicodeLine());
            case Op.SHORT_BINSTRING -> stack.push(decode(new RawString(in.take(in.u8()))));
            case Op.BINSTRING -> stack.push(binString(in.u32()));
            case Op.SHORT_BINUNICODE -> stack.push(text.utf8(in.u8()));
            case Op.BINUNICODE -> stack.push(text.utf8(in.u32()));
            case Op.BINUNICODE8 -> stack.push(text.utf8(in.i64()));
            case Op.SHORT_BINBYTES -> stack.push(in.copy(in.u8()));
            case Op.BINBYTES -> stack.push(in.copy(in.u32()));
            case Op.BINBYTES8, Op.BYTEARRAY8 -> stack.push(in.copy(in.i64()));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Opcodes that make or fill containers. */
    private boolean container(int op) {
        switch (op) {
            case Op.MARK -> stack.mark();
            case Op.EMPTY_TUPLE -> stack.push(new Tuple(List.of()));
            case Op.TUPLE1 -> stack.push(new Tuple(stack.pop(1)));
            case Op.TUPLE2 -> stack.push(new Tuple(stack.pop(2)));
            case Op.TUPLE3 -> stack.push(new Tuple(stack.pop(3)));
            case Op.TUPLE -> stack.push(new Tuple(stack.popToMark()));
            case Op.EMPTY_LIST -> stack.push(new ArrayList<>());
            case Op.LIST -> stack.push(stack.popToMark());
            case Op.EMPTY_DICT -> stack.push(new LinkedHashMap<>());
            case Op.DICT -> stack.push(putAll(new LinkedHashMap<>(), stack.popToMark()));
            case Op.EMPTY_SET -> stack.push(new LinkedHashSet<>());
            case Op.FROZENSET -> stack.push(addAll(new LinkedHashSet<>(), stack.popToMark()));
            case Op.APPEND -> {
                Object item = stack.pop();
                list().add(item);
            }
            case Op.APPENDS -> {
                List<Object> items = stack.popToMark();
                list().addAll(items);
            }
            case Op.SETITEM -> {
                List<Object> pair = stack.pop(2);
                putAll(dict(), pair);
            }
            case Op.SETITEMS -> {
                List<Object> pairs = stack.popToMark();
                putAll(dict(), pairs);
            }
            case Op.ADDITEMS -> {
                List<Object> items = stack.popToMark();
                if (!(stack.top() instanceof LinkedHashSet<?>)) {
                    throw damaged("items for a set, and no set");
                }
                @SuppressWarnings("unchecked") // sets on the stack are made by this class
                Set<Object> set = (Set<Object>) stack.top();
                addAll(set, items);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Stack, memo, names and calls. */
    private void step(int op) {
        switch (op) {
            case Op.PROTO -> {
                int protocol = in.u8();
                if (protocol > 5) {
                    throw damaged("pickle protocol " + protocol + ", and Taxon reads 0 to 5");
                }
            }
            case Op.FRAME -> {
                long length = in.i64();
                if (length < 0 || length > in.remaining()) {
                    throw damaged("a frame of " + length + " bytes");
                }
            }
            case Op.POP -> stack.drop();
            case Op.POP_MARK -> stack.popToMark();
            case Op.DUP -> stack.push(stack.top());
            case Op.PUT -> stack.remember(text.index());
            case Op.BINPUT -> stack.remember(in.u8());
            case Op.LONG_BINPUT -> stack.remember(in.u32());
            case Op.MEMOIZE -> stack.remember();
            case Op.GET -> stack.push(stack.recall(text.index()));
            case Op.BINGET -> stack.push(stack.recall(in.u8()));
            case Op.LONG_BINGET -> stack.push(stack.recall(in.u32()));
            case Op.GLOBAL -> stack.push(global(in.line(), in.line()));
            case Op.STACK_GLOBAL -> {
                List<Object> names = stack.pop(2);
                if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
                    throw damaged("a global whose name is no text");
                }
                stack.push(global(module, name));
            }
            case Op.INST -> {
                Draft callee = global(in.line(), in.line());
                call(callee, stack.popToMark());
            }
            case Op.OBJ -> {
                List<Object> all = stack.popToMark();
                if (all.isEmpty()) {
                    throw damaged("an object without a class");
                }
                call(all.getFirst(), all.subList(1, all.size()));
            }
            case Op.REDUCE, Op.NEWOBJ -> {
                Object args = stack.pop();
                call(stack.pop(), tuple(args));
            }
            case Op.NEWOBJ_EX -> {
                Object keywords = stack.pop();
                Object args = stack.pop();
                if (!(keywords instanceof Map<?, ?> map) || !map.isEmpty()) {
                    throw damaged("a call with keywords");
                }
                call(stack.pop(), tuple(args));
            }
            case Op.BUILD -> {
                Object state = stack.pop();
                build(stack.top(), state);
            }
            case Op.BINPERSID -> stack.push(persistent(stack.pop()));
            default -> throw damaged(String.format("the opcode 0x%02x, which Taxon does not read", op));
        }
    }

    private Draft global(String module, String name) {
        Draft draft = allowed.find(module, name);
        if (draft == null) {
            throw UserError.of(
                    "%s names %s.%s at byte %d, which %s has no need of; nothing of it was run. If you trust the file,"
                            + " load it in PyTorch and save plain tensors, lists and dicts",
                    in.name(), printable(module), printable(name), opStart, allowed.kind());
        }
        return draft;
    }

    private static String printable(String s) {
        String plain = s.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() > 80 ? plain.substring(0, 80) + "…" : plain;
    }

    private void call(@Nullable Object callee, List<?> args) {
        if (!(callee instanceof Function function)) {
            String what = callee instanceof Constant c ? c.name() : "a value that is no function";
            throw damaged("a call of " + what);
        }
        charge(16);
        stack.push(function.call().apply(new Args(this, function.name(), args)));
    }

    private void build(@Nullable Object target, @Nullable Object state) {
        switch (target) {
            case NumpyArray array -> NumpyNames.build(array, new Args(this, "ndarray.__setstate__", tuple(state)));
            case NumpyType dtype -> NumpyNames.build(dtype, new Args(this, "dtype.__setstate__", tuple(state)));
            case OrderedDict dict
            when state instanceof Map<?, ?> attributes -> {
                charge(64L * attributes.size());
                dict.attributes().putAll(attributes);
            }
            case null, default -> throw damaged("state for an object that takes none");
        }
    }

    private StorageRef persistent(@Nullable Object id) {
        StorageRef storage = TorchNames.storage(new Args(this, "a persistent id", tuple(id)));
        storages.accept(storage);
        return storage;
    }

    private List<?> tuple(@Nullable Object value) {
        if (value instanceof Tuple tuple) {
            return tuple;
        }
        throw damaged("arguments that are no tuple");
    }

    /** The value as a key: text, number, truth value or None; bytes become Latin-1 text. */
    @Nullable
    Object key(@Nullable Object value) {
        return switch (value) {
            case byte[] bytes -> new String(bytes, StandardCharsets.ISO_8859_1);
            case RawString raw -> decode(raw);
            case String s -> s;
            case Number n -> n;
            case Boolean b -> b;
            case null -> null;
            default -> throw damaged("a key that is neither text nor number");
        };
    }

    String decode(RawString raw) {
        return new String(raw.bytes().toArray(ValueLayout.JAVA_BYTE), allowed.strings());
    }

    private Object binString(long length) {
        RawString raw = new RawString(in.take(length));
        return length > LONG_TEXT ? raw : decode(raw);
    }

    private Map<Object, Object> putAll(Map<Object, Object> dict, List<Object> pairs) {
        if (pairs.size() % 2 != 0) {
            throw damaged("a key without a value");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            dict.put(key(pairs.get(i)), pairs.get(i + 1));
        }
        return dict;
    }

    private Set<Object> addAll(Set<Object> set, List<Object> items) {
        items.forEach(item -> set.add(key(item)));
        return set;
    }

    private List<Object> list() {
        if (!(stack.top() instanceof ArrayList<?>)) {
            throw damaged("items for a list, and no list");
        }
        @SuppressWarnings("unchecked") // lists on the stack are made by this class
        List<Object> list = (List<Object>) stack.top();
        return list;
    }

    private Map<Object, Object> dict() {
        if (!(stack.top() instanceof LinkedHashMap<?, ?>)) {
            throw damaged("items for a dict, and no dict");
        }
        @SuppressWarnings("unchecked") // dicts on the stack are made by this package
        Map<Object, Object> dict = (Map<Object, Object>) stack.top();
        return dict;
    }

    void charge(long bytes) {
        charged += bytes;
        if (charged > FREE_MEMORY + 16 * in.size()) {
            throw damaged("calls that ask for far more memory than the file holds");
        }
    }

    UserError damaged(String what) {
        return in.damaged(opStart, what);
    }
}
