package dev.taxon.config;

import dev.taxon.UserError;
import dev.taxon.config.Value.Dict;
import dev.taxon.config.python.PythonFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a config file and the files that its {@code _base_} names, each once. */
final class ConfigFiles {
    private static final String BASE = "_base_";
    private static final String DEPRECATION = "_deprecation_";
    private static final int LONGEST_CHAIN = 50;

    private final Map<Path, Dict> read = new HashMap<>();
    private final Set<Path> open = new LinkedHashSet<>();
    private final List<String> warnings = new ArrayList<>();

    /** What should be said once about the files that were read: deprecated names. */
    List<String> warnings() {
        return warnings;
    }

    Dict read(Path file, Position askedAt) {
        Path path = file.toAbsolutePath().normalize();
        Dict done = read.get(path);
        if (done != null) {
            return done;
        }
        UserError.require(
                !open.contains(path),
                "%s: the configs inherit from one another in a circle: %s; take one `_base_` out",
                askedAt,
                circle(path));
        UserError.require(
                open.size() < LONGEST_CHAIN,
                "%s: more than %d configs inherit one from another",
                askedAt,
                LONGEST_CHAIN);
        open.add(path);
        Dict result = parse(text(path, file, askedAt), file);
        open.remove(path);
        read.put(path, result);
        return result;
    }

    private String circle(Path path) {
        return Stream.concat(open.stream(), Stream.of(path)).map(Path::toString).collect(Collectors.joining(" → "));
    }

    private static String text(Path path, Path shown, Position askedAt) {
        String where = askedAt.equals(Position.UNKNOWN) ? "" : askedAt + ": ";
        UserError.require(!Files.isDirectory(path), "%s%s is a folder, expected a config file", where, shown);
        UserError.require(Files.exists(path), "%sthe config file %s does not exist", where, shown);
        try {
            return Files.readString(path);
        } catch (CharacterCodingException e) {
            throw new UserError(where + shown + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UserError(where + "the config file " + shown + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Dict parse(String text, Path file) {
        String name = file.toString();
        String lower = name.toLowerCase(Locale.ROOT);
        Templates templates = Templates.of(file);
        if (lower.endsWith(".py")) {
            PythonFile python = PythonFile.read(text, name, templates, value -> bases(value, file));
            return joined(python.own(), python.base(), name);
        }
        UserError.require(
                lower.endsWith(".json") || lower.endsWith(".yml") || lower.endsWith(".yaml"),
                "%s: expected a config file that ends in .py, .json, .yml or .yaml",
                name);
        Dict own = YamlReader.read(text, name, lower.endsWith(".json"));
        Value base = own.get(BASE);
        Dict bases = base == null ? new Dict(Map.of(), own.at()) : bases(base, file);
        Dict filled = new Placeholders(templates, bases).fill(own);
        Map<String, Value> entries = new LinkedHashMap<>(filled.entries());
        entries.keySet().removeIf(key -> key.equals(BASE) || key.startsWith("__"));
        return joined(new Dict(entries, own.at()), bases, name);
    }

    private Dict joined(Dict own, Dict base, String name) {
        Map<String, Value> entries = new LinkedHashMap<>(own.entries());
        if (entries.remove(DEPRECATION) instanceof Dict deprecation) {
            warnings.add(deprecated(name, deprecation));
        }
        return Merge.merge(new Dict(entries, own.at()), base);
    }

    private static String deprecated(String name, Dict deprecation) {
        String sentence = "The config file " + name + " will be deprecated in the future.";
        if (deprecation.get("expected") instanceof Value.Text t) {
            sentence += " Please use " + t.value() + " instead.";
        }
        if (deprecation.get("reference") instanceof Value.Text t) {
            sentence += " More information can be found at " + t.value();
        }
        return sentence;
    }

    /** The joined values of the files that {@code _base_} names, relative to {@code file}. */
    private Dict bases(Value named, Path file) {
        List<Value> names = named instanceof Value.Seq s ? s.items() : List.of(named);
        Dict bases = new Dict(Map.of(), named.at());
        for (Value name : names) {
            if (!(name instanceof Value.Text t)) {
                throw UserError.of("%s: _base_ must be a file name or a list of them, got %s", name.at(), name.kind());
            }
            bases = Merge.sibling(bases, read(resolve(t, file), t.at()), t.at());
        }
        return bases;
    }

    private static Path resolve(Value.Text name, Path file) {
        try {
            String path = name.value();
            Path base = path.startsWith("~/")
                    ? Path.of(System.getProperty("user.home"), path.substring(2))
                    : file.resolveSibling(path);
            return base.normalize();
        } catch (InvalidPathException e) {
            throw new UserError(name.at() + ": _base_ is not a file name: " + e.getReason(), e);
        }
    }
}
