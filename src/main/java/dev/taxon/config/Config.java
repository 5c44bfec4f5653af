package dev.taxon.config;

import dev.taxon.UserError;
import dev.taxon.config.Value.Dict;
import dev.taxon.config.pretty.Identifiers;
import dev.taxon.config.pretty.PrettyText;
import dev.taxon.config.python.PythonFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A config: the tree of values that a file and the files it inherits from give, after {@code --cfg-options}. Immutable.
 * Python files are read as data, never run; JSON and YAML are read too. Source of the rules: mmcv 1.7's {@code Config}.
 */
public final class Config {
    private static final Set<String> RESERVED = Set.of("filename", "text", "pretty_text");

    private static final Set<String> UNUSABLE = Set.of("dict", "float", "int", "_base_");

    private final String name;
    private final Dict root;
    private final List<String> notes;

    private Config(String name, Dict root, List<String> notes) {
        this.name = name;
        this.root = checked(root);
        this.notes = List.copyOf(notes);
    }

    /**
     * Reads a {@code .py}, {@code .json}, {@code .yml} or {@code .yaml} config and its {@code _base_} files.
     *
     * @throws UserError with file, line and column, for anything that cannot be read
     */
    public static Config load(Path file) {
        ConfigFiles files = new ConfigFiles();
        Dict root = files.read(file, Position.UNKNOWN);
        return new Config(file.toString(), root, files.warnings());
    }

    /**
     * Reads Python text, such as a checkpoint's {@code meta.config}. It may name no {@code _base_}.
     *
     * @param name what error messages call the text
     */
    public static Config parse(String text, String name) {
        PythonFile file = PythonFile.read(text, name, Templates.NONE, bases -> {
            throw UserError.of("%s: a config that is no file cannot have a _base_", bases.at());
        });
        return new Config(name, Merge.merge(file.own(), file.base()), List.of());
    }

    /** A config of values made by the program. */
    public static Config of(String name, Dict root) {
        return new Config(name, Merge.plain(root), List.of());
    }

    /** The file's name as it was given, or the name of the text. */
    public String name() {
        return name;
    }

    public Dict root() {
        return root;
    }

    /** The top level, to be read key by key. Its {@code done()} is not for it: a name that nobody reads is a variable. */
    public Fields fields() {
        return new Fields(ImageBackend.spread(root), "");
    }

    /** With {@code key=value} words as {@code --cfg-options} takes them: see {@link CfgOptions}. */
    public Config with(List<String> cfgOptions) {
        Dict changed = root;
        List<String> said = new ArrayList<>(notes);
        for (String option : cfgOptions) {
            changed = CfgOptions.apply(changed, option);
            CfgOptions.withoutEffect(option).ifPresent(said::add);
        }
        return new Config(name, changed, said);
    }

    /** With one value replaced, or added: {@code with("data.train.pipeline.1.size", value)}. */
    public Config with(String path, Value value) {
        return new Config(name, CfgOptions.set(root, path, value), notes);
    }

    /** Python text that reads back as this tree, laid out as mmcv prints configs. Ends with a newline. */
    public String prettyText() {
        return PrettyText.of(root);
    }

    /**
     * What should be said once before a run: deprecated file names, options that change a variable that was read already, and
     * top-level names that nobody reads but that are one edit from a known one.
     */
    public List<String> warnings(Collection<String> knownKeys) {
        List<String> out = new ArrayList<>(notes);
        root.entries().forEach((key, value) -> {
            if (!knownKeys.contains(key)) {
                knownKeys.stream()
                        .filter(known -> Nearest.distance(key, known) == 1)
                        .sorted()
                        .findFirst()
                        .ifPresent(known ->
                                out.add(value.at() + ": nothing reads '" + key + "'; did you mean '" + known + "'?"));
            }
        });
        return out;
    }

    private static Dict checked(Dict root) {
        Map<String, Value> entries = new LinkedHashMap<>();
        root.entries().forEach((key, value) -> {
            UserError.require(
                    !RESERVED.contains(key), "%s: '%s' is reserved for config file; use another name", value.at(), key);
            UserError.require(
                    Identifiers.isName(key) && !UNUSABLE.contains(key),
                    "%s: '%s' cannot be a top-level name; use letters, digits and '_', and no word of Python's",
                    value.at(),
                    key);
            if (!key.startsWith("__")) {
                entries.put(key, value);
            }
        });
        return new Dict(entries, root.at());
    }
}
