package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Nearest;
import dev.taxon.config.Position;
import dev.taxon.config.Templates;
import dev.taxon.config.Value;
import dev.taxon.config.python.Obj.DictObj;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The names of a file: its own, those of comprehensions around the current place, and the base configs' values. */
final class Scope {
    static final String BASE = "_base_";

    private final LinkedHashMap<String, Obj> globals = new LinkedHashMap<>();
    private final Deque<Map<String, Obj>> inner = new ArrayDeque<>();
    private final Templates templates;
    private final Supplier<Value.Dict> bases;
    private @Nullable DictObj base;

    /** @param bases loads the base configs and joins them; asked at most once */
    Scope(Templates templates, Supplier<Value.Dict> bases) {
        this.templates = templates;
        this.bases = bases;
    }

    Map<String, Obj> globals() {
        return globals;
    }

    /** The base configs, with what the file changed in them. */
    DictObj base() {
        if (base == null) {
            base = (DictObj) Trees.thaw(bases.get());
        }
        return base;
    }

    Optional<Obj> find(String name) {
        for (Map<String, Obj> names : inner) {
            if (names.containsKey(name)) {
                return Optional.ofNullable(names.get(name));
            }
        }
        return Optional.ofNullable(globals.get(name));
    }

    /** The value of a name. {@code __name__} is never {@code '__main__'}: a config is read, not run. */
    Obj read(String name, Position at) {
        if (name.equals("__name__")) {
            return Obj.of("config", at);
        }
        return find(name).orElseThrow(() -> unknown(name, at));
    }

    private UserError unknown(String name, Position at) {
        if (name.equals("__file__")) {
            return UserError.of("%s: __file__ has no meaning in a config; use '{{ fileDirname }}'", at);
        }
        if (Builtins.NAMES.contains(name)) {
            return UserError.of("%s: '%s' can only be called: %s(…)", at, name, name);
        }
        return UserError.of(
                "%s: the name '%s' is not defined above%s",
                at,
                name,
                Nearest.find(name, globals.keySet())
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse(""));
    }

    void write(String name, Obj value, Position at) {
        UserError.require(
                !Builtins.FIXED.contains(name), "%s: '%s' is a function's name; give this value another", at, name);
        if (inner.isEmpty()) {
            globals.put(name, value);
        } else {
            inner.getFirst().put(name, value);
        }
    }

    void delete(String name, Position at) {
        read(name, at);
        globals.remove(name);
    }

    /** Runs a comprehension, whose names end with it. */
    void inner(Runnable body) {
        inner.push(new LinkedHashMap<>());
        body.run();
        inner.pop();
    }

    /** The value of <code>{{ _base_.a.b }}</code>. */
    Obj base(String path, Position at) {
        Obj value = base();
        for (String key : path.split("\\.", -1)) {
            UserError.require(
                    value instanceof DictObj,
                    "%s: _base_.%s: '%s' is asked of %s, expected a dict",
                    at,
                    path,
                    key,
                    value.kind());
            Obj found = ((DictObj) value).entries().get(key);
            if (found == null) {
                throw UserError.of(
                        "%s: the base configs have no '%s' of _base_.%s; %s",
                        at,
                        key,
                        path,
                        Nearest.suggestion(key, ((DictObj) value).entries().keySet()));
            }
            value = found;
        }
        return value;
    }

    /** A string with {@code {{ fileDirname }}} and the like filled in; one that is a base's value as a whole is that. */
    Obj substitute(Value.Text text) {
        Optional<String> path = Templates.basePath(text.value());
        return path.isPresent()
                ? base(path.get(), text.at())
                : new Obj.Atom(new Value.Text(templates.fill(text.value()), text.at()));
    }
}
