package dev.taxon.data;

import dev.taxon.config.Fields;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Config values by hand: {@code dict("type", "Resize", "size", 32)}; each key stands on a line of its own. */
public final class Configs {
    private Configs() {}

    public static Fields fields(Object... keysAndValues) {
        return new Fields(dict(keysAndValues), "data.train");
    }

    public static Value.Dict dict(Object... keysAndValues) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            entries.put((String) keysAndValues[i], value(keysAndValues[i + 1], new Position("c.py", i / 2 + 1, 1)));
        }
        return new Value.Dict(entries, new Position("c.py", 1, 1));
    }

    private static Value value(Object o, Position at) {
        return switch (o) {
            case Value v -> v;
            case String s -> new Value.Text(s, at);
            case Boolean b -> new Value.Bool(b, at);
            case Integer i -> new Value.Int(i, at);
            case Double d -> new Value.Real(d, at);
            case List<?> l ->
                new Value.Seq(l.stream().map(item -> value(item, at)).toList(), false, at);
            default -> throw new IllegalArgumentException(o.toString());
        };
    }
}
