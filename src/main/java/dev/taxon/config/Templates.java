package dev.taxon.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code {{ fileDirname }}} and its three siblings stand for in the strings of a config file. */
public final class Templates {
    /** For a config that came from no file: the placeholders stay as they are. */
    public static final Templates NONE = new Templates(Map.of());

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*(\\w+)\\s*\\}\\}");
    private static final Pattern BASE = Pattern.compile("\\{?\\{\\s*_base_\\.([\\w.]+)\\s*\\}\\}?");

    private final Map<String, String> values;

    private Templates(Map<String, String> values) {
        this.values = values;
    }

    static Templates of(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        String name =
                absolute.getFileName() == null ? "" : absolute.getFileName().toString();
        int dot = name.lastIndexOf('.');
        Path folder = absolute.getParent();
        return new Templates(Map.of(
                "fileDirname", folder == null ? "" : folder.toString(),
                "fileBasename", name,
                "fileBasenameNoExtension", dot > 0 ? name.substring(0, dot) : name,
                "fileExtname", dot > 0 ? name.substring(dot) : ""));
    }

    /** The text with its placeholders filled in; unknown ones stay. */
    public String fill(String text) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(values.getOrDefault(m.group(1), m.group())));
    }

    /** The path {@code a.b} when the whole text is <code>{{ _base_.a.b }}</code>. */
    public static Optional<String> basePath(String text) {
        Matcher m = BASE.matcher(text);
        return m.matches() ? Optional.of(m.group(1)) : Optional.empty();
    }
}
