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
import java.util.HashMap;
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
    private static final Object MARK = new Object();
    private static final int LONG_TEXT = 1024;
    private static final long FREE_MEMORY = 64L << 20;

    private final PickleInput in;
    private final AllowList allowed;
    private final Consumer<StorageRef> storages;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final Map<Long, @Nullable Object> memo = new HashMap<>();
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
                return pop();
            }
            if (!constant(op) && !container(op)) {
                step(op);
            }
        }
    }

    /** Opcodes that push one value read from the stream. */
    private boolean constant(int op) {
        switch (op) {
            case Op.NONE -> push(null);
            case Op.NEWTRUE -> push(true);
            case Op.NEWFALSE -> push(false);
            case Op.BININT -> push((long) in.i32());
            case Op.BININT1 -> push((long) in.u8());
            case Op.BININT2 -> push((long) in.u16());
            case Op.BINFLOAT -> push(in.f64());
            case Op.INT -> push(text.intLine());
            case Op.LONG -> push(text.longLine());
            case Op.FLOAT -> push(text.floatLine());
            case Op.LONG1 -> push(text.binaryLong(in.u8()));
            case Op.LONG4 -> push(text.binaryLong(in.i32()));
            case Op.STRING -> push(text.quotedLine());
            case Op.UNICODE -> push(text.unicodeLine());
            case Op.SHORT_BINSTRING -> push(decode(new RawString(in.take(in.u8()))));
            case Op.BINSTRING -> push(binString(in.u32()));
            case Op.SHORT_BINUNICODE -> push(text.utf8(in.u8()));
            case Op.BINUNICODE -> push(text.utf8(in.u32()));
            case Op.BINUNICODE8 -> push(text.utf8(in.i64()));
            case Op.SHORT_BINBYTES -> push(in.copy(in.u8()));
            case Op.BINBYTES -> push(in.copy(in.u32()));
            case Op.BINBYTES8, Op.BYTEARRAY8 -> push(in.copy(in.i64()));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Opcodes that make or fill containers. */
    private boolean container(int op) {
        switch (op) {
            case Op.MARK -> push(MARK);
            case Op.EMPTY_TUPLE -> push(new Tuple(List.of()));
            case Op.TUPLE1 -> push(new Tuple(popLast(1)));
            case Op.TUPLE2 -> push(new Tuple(popLast(2)));
            case Op.TUPLE3 -> push(new Tuple(popLast(3)));
            case Op.TUPLE -> push(new Tuple(popToMark()));
            case Op.EMPTY_LIST -> push(new ArrayList<>());
            case Op.LIST -> push(popToMark());
            case Op.EMPTY_DICT -> push(new LinkedHashMap<>());
            case Op.DICT -> push(putAll(new LinkedHashMap<>(), popToMark()));
            case Op.EMPTY_SET -> push(new LinkedHashSet<>());
            case Op.FROZENSET -> push(addAll(new LinkedHashSet<>(), popToMark()));
            case Op.APPEND -> {
                Object item = pop();
                list().add(item);
            }
            case Op.APPENDS -> {
                List<Object> items = popToMark();
                list().addAll(items);
            }
            case Op.SETITEM -> {
                List<Object> pair = popLast(2);
                putAll(dict(), pair);
            }
            case Op.SETITEMS -> {
                List<Object> pairs = popToMark();
                putAll(dict(), pairs);
            }
            case Op.ADDITEMS -> {
                List<Object> items = popToMark();
                if (!(top() instanceof LinkedHashSet<?>)) {
                    throw damaged("items for a set, and no set");
                }
                @SuppressWarnings("unchecked") // sets on the stack are made by this class
                Set<Object> set = (Set<Object>) top();
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
            case Op.POP -> {
                if (stack.isEmpty()) {
                    throw damaged("a pop of an empty stack");
                }
                stack.removeLast();
            }
            case Op.POP_MARK -> popToMark();
            case Op.DUP -> push(top());
            case Op.PUT -> memo.put(text.index(), top());
            case Op.BINPUT -> memo.put((long) in.u8(), top());
            case Op.LONG_BINPUT -> memo.put(in.u32(), top());
            case Op.MEMOIZE -> memo.put((long) memo.size(), top());
            case Op.GET -> push(memo(text.index()));
            case Op.BINGET -> push(memo(in.u8()));
            case Op.LONG_BINGET -> push(memo(in.u32()));
            case Op.GLOBAL -> push(global(in.line(), in.line()));
            case Op.STACK_GLOBAL -> {
                List<Object> names = popLast(2);
                if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
                    throw damaged("a global whose name is no text");
                }
                push(global(module, name));
            }
            case Op.INST -> {
                Draft callee = global(in.line(), in.line());
                call(callee, popToMark());
            }
            case Op.OBJ -> {
                List<Object> all = popToMark();
                if (all.isEmpty()) {
                    throw damaged("an object without a class");
                }
                call(all.getFirst(), all.subList(1, all.size()));
            }
            case Op.REDUCE, Op.NEWOBJ -> {
                Object args = pop();
                call(pop(), tuple(args));
            }
            case Op.NEWOBJ_EX -> {
                Object keywords = pop();
                Object args = pop();
                if (!(keywords instanceof Map<?, ?> map) || !map.isEmpty()) {
                    throw damaged("a call with keywords");
                }
                call(pop(), tuple(args));
            }
            case Op.BUILD -> {
                Object state = pop();
                build(top(), state);
            }
            case Op.BINPERSID -> push(persistent(pop()));
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
        push(function.call().apply(new Args(this, function.name(), args)));
    }

    private void build(@Nullable Object target, @Nullable Object state) {
        switch (target) {
            case NumpyArray array -> NumpyNames.build(array, new Args(this, "ndarray.__setstate__", tuple(state)));
            case NumpyType dtype -> NumpyNames.build(dtype, new Args(this, "dtype.__setstate__", tuple(state)));
            case OrderedDict dict when state instanceof Map<?, ?> attributes -> {
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
    @Nullable Object key(@Nullable Object value) {
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
        if (!(top() instanceof ArrayList<?>)) {
            throw damaged("items for a list, and no list");
        }
        @SuppressWarnings("unchecked") // lists on the stack are made by this class
        List<Object> list = (List<Object>) top();
        return list;
    }

    private Map<Object, Object> dict() {
        if (!(top() instanceof LinkedHashMap<?, ?>)) {
            throw damaged("items for a dict, and no dict");
        }
        @SuppressWarnings("unchecked") // dicts on the stack are made by this package
        Map<Object, Object> dict = (Map<Object, Object>) top();
        return dict;
    }

    private void push(@Nullable Object value) {
        stack.add(value);
    }

    private @Nullable Object top() {
        if (stack.isEmpty() || stack.getLast() == MARK) {
            throw damaged("an operation without an operand");
        }
        return stack.getLast();
    }

    private @Nullable Object pop() {
        Object value = top();
        stack.removeLast();
        return value;
    }

    private List<Object> popLast(int count) {
        Object[] values = new Object[count];
        for (int i = count - 1; i >= 0; i--) {
            values[i] = pop();
        }
        return new ArrayList<>(java.util.Arrays.asList(values));
    }

    private List<Object> popToMark() {
        int mark = stack.lastIndexOf(MARK);
        if (mark < 0) {
            throw damaged("the end of a group that has no start");
        }
        List<Object> tail = stack.subList(mark + 1, stack.size());
        List<Object> items = new ArrayList<>(tail);
        stack.subList(mark, stack.size()).clear();
        return items;
    }

    private @Nullable Object memo(long index) {
        if (!memo.containsKey(index)) {
            throw damaged("a reference to the unknown object " + index);
        }
        return memo.get(index);
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
