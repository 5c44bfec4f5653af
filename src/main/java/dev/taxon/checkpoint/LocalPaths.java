package dev.taxon.checkpoint;

import dev.taxon.checkpoint.pickle.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Paths from the root of a machine say who trained where. Of each the last name is left: {@code '/home/me/imagenet/val'}
 * becomes {@code 'val'}. Relative paths and addresses stay.
 */
final class LocalPaths {
    private static final String ABSOLUTE = "(?:file:/+|/|~[\\w.-]*/|[A-Za-z]:[\\\\/]|\\\\\\\\)";
    private static final Pattern WHOLE = Pattern.compile(ABSOLUTE + "[^\\n]*");
    private static final Pattern QUOTED = Pattern.compile("(['\"])(" + ABSOLUTE + "[^'\"\\n]*)\\1");

    private LocalPaths() {}

    /** A tree without them: strings that are such a path, and quoted ones inside of longer texts, such as a config. */
    static @Nullable Object without(@Nullable Object value) {
        return switch (value) {
            case String text -> WHOLE.matcher(text).matches() ? last(text) : withoutQuoted(text);
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((key, item) -> plain.put(key, without(item)));
                yield plain;
            }
            case Tuple tuple -> tuple;
            case List<?> list -> {
                List<@Nullable Object> plain = new ArrayList<>();
                list.forEach(item -> plain.add(without(item)));
                yield plain;
            }
            case null, default -> value;
        };
    }

    private static String withoutQuoted(String text) {
        return QUOTED.matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(m.group(1) + last(m.group(2)) + m.group(1)));
    }

    private static String last(String path) {
        String trimmed = path.replaceAll("[\\\\/]+$", "");
        return trimmed.substring(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\')) + 1);
    }
}
