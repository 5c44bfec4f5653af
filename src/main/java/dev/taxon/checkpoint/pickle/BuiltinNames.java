package dev.taxon.checkpoint.pickle;

import dev.taxon.checkpoint.pickle.Draft.Function;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plain containers of Python's standard library. */
final class BuiltinNames {
    /** Python 3 writes bytes in protocol 2 as a call of this. */
    static final Map<String, Draft> CODECS =
            Map.of("_codecs.encode", new Function("_codecs.encode", BuiltinNames::encode));

    static final Map<String, Draft> ALL = all();

    private BuiltinNames() {}

    private static Map<String, Draft> all() {
        Map<String, Draft> names = new HashMap<>(CODECS);
        names.put("collections.OrderedDict", new Function("OrderedDict", BuiltinNames::orderedDict));
        for (String module : List.of("builtins", "__builtin__")) {
            names.put(module + ".set", new Function("set", BuiltinNames::set));
            names.put(module + ".frozenset", new Function("frozenset", BuiltinNames::set));
            names.put(module + ".bytearray", new Function("bytearray", BuiltinNames::bytes));
            names.put(module + ".bytes", new Function("bytes", BuiltinNames::bytes));
        }
        return Map.copyOf(names);
    }

    private static byte[] encode(Args args) {
        String text = args.text(0);
        if (args.size() > 1 && !args.text(1).matches("latin-?1")) {
            throw args.wrong("the encoding " + args.text(1));
        }
        args.charge(text.length());
        return latin1(args, text);
    }

    static byte[] latin1(Args args, String text) {
        if (text.chars().anyMatch(c -> c > 0xFF)) {
            throw args.wrong("a character that is no byte");
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(Args args) {
        if (args.size() == 0) {
            return new byte[0];
        }
        if (args.any(0) instanceof byte[] bytes) {
            args.charge(bytes.length);
            return bytes.clone();
        }
        return encode(args);
    }

    private static OrderedDict orderedDict(Args args) {
        OrderedDict dict = new OrderedDict();
        if (args.size() > 0) {
            List<?> items = args.as(0, List.class);
            args.charge(64L * items.size());
            for (Object item : items) {
                if (!(item instanceof List<?> pair) || pair.size() != 2) {
                    throw args.wrong("an item that is no pair");
                }
                dict.put(args.key(pair.get(0)), pair.get(1));
            }
        }
        return dict;
    }

    private static Set<Object> set(Args args) {
        Set<Object> set = new LinkedHashSet<>();
        if (args.size() > 0) {
            List<?> items = args.as(0, List.class);
            args.charge(64L * items.size());
            items.forEach(item -> set.add(args.key(item)));
        }
        return set;
    }
}
