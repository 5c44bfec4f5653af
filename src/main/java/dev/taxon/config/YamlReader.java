package dev.taxon.config;

import dev.taxon.UserError;
import dev.taxon.config.Value.Dict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** YAML and JSON configs, from the parser's events, so that every value knows its place. Tags run nothing: they are refused. */
final class YamlReader {
    private static final Pattern BASE = Pattern.compile("(?<![\"'])\\{(\\{\\s*_base_\\.[\\w.]+\\s*\\})\\}");
    private static final int DEEPEST = 100;
    private static final int MOST_VALUES = 1_000_000;

    private final String name;
    private final Iterator<Event> events;
    private final Map<Anchor, Value> anchors = new HashMap<>();
    private int values;

    private YamlReader(String text, String name) {
        this.name = name;
        this.events = new Parse(LoadSettings.builder().setLabel(name).build())
                .parseString(text)
                .iterator();
    }

    /** The mapping that a file holds. */
    static Dict read(String text, String name, boolean json) {
        try {
            YamlReader reader = new YamlReader(quoted(json ? untabbed(text) : text), name);
            return reader.document();
        } catch (MarkedYamlEngineException e) {
            Position at = e.getProblemMark().map(mark -> position(name, mark)).orElse(new Position(name, 0, 0));
            throw new UserError(at + ": this is no " + (json ? "JSON" : "YAML") + ": " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new UserError(name + ": this is no " + (json ? "JSON" : "YAML") + ": " + e.getMessage(), e);
        }
    }

    /** Makes <code>{{ _base_.a }}</code> a string of the same length: places stay. */
    private static String quoted(String text) {
        return BASE.matcher(text).replaceAll(m -> Matcher.quoteReplacement("\"" + m.group(1) + "\""));
    }

    /** JSON may be indented by tabs, YAML may not. A string of JSON cannot hold a tab. */
    private static String untabbed(String text) {
        return text.replace('\t', ' ');
    }

    private Dict document() {
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case StreamStart, DocumentStart, Comment -> {}
                case StreamEnd -> throw UserError.of("%s: the config is empty", name);
                default -> {
                    Value value = value(event, 0);
                    if (!(value instanceof Dict dict)) {
                        throw UserError.of(
                                "%s: a config must be a mapping of names to values, got %s", value.at(), value.kind());
                    }
                    onlyOne();
                    return dict;
                }
            }
        }
        throw UserError.of("%s: the config is empty", name);
    }

    private void onlyOne() {
        while (events.hasNext()) {
            Event event = events.next();
            UserError.require(
                    event.getEventId() != Event.ID.DocumentStart,
                    "%s: a config holds one document, here begins a second",
                    at(event));
        }
    }

    private Value value(Event event, int depth) {
        Position at = at(event);
        UserError.require(depth <= DEEPEST, "%s: nested deeper than %d levels", at, DEEPEST);
        UserError.require(++values <= MOST_VALUES, "%s: more than %d values", at, MOST_VALUES);
        if (event instanceof AliasEvent alias) {
            Value value = anchors.get(alias.getAlias());
            if (value == null) {
                throw UserError.of("%s: *%s names no value above", at, alias.getAlias());
            }
            values += size(value);
            return value;
        }
        Value value = switch (event) {
            case ScalarEvent e -> scalar(e, at);
            case SequenceStartEvent e -> sequence(e, at, depth);
            case MappingStartEvent e -> mapping(e, at, depth);
            default -> throw UserError.of("%s: expected a value", at);
        };
        if (event instanceof NodeEvent node) {
            node.getAnchor().ifPresent(anchor -> anchors.put(anchor, value));
        }
        return value;
    }

    /** Values in a tree, so that aliases of aliases cannot grow without end. */
    private static int size(Value value) {
        long size = switch (value) {
            case Dict d ->
                1L + d.entries().values().stream().mapToLong(YamlReader::size).sum();
            case Value.Seq s ->
                1L + s.items().stream().mapToLong(YamlReader::size).sum();
            default -> 1L;
        };
        return (int) Math.min(size, MOST_VALUES);
    }

    private Value sequence(SequenceStartEvent start, Position at, int depth) {
        boolean tuple = tag(start.getTag(), at).equals("tag:yaml.org,2002:python/tuple");
        List<Value> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            if (event.getEventId() != Event.ID.Comment) {
                items.add(value(event, depth + 1));
            }
        }
        return new Value.Seq(items, tuple, at);
    }

    private Value mapping(MappingStartEvent start, Position at, int depth) {
        tag(start.getTag(), at);
        Map<String, Value> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (event.getEventId() == Event.ID.Comment) {
                continue;
            }
            Position keyAt = at(event);
            String key = key(event, keyAt);
            UserError.require(!entries.containsKey(key), "%s: the key '%s' is given twice", keyAt, key);
            entries.put(key, value(events.next(), depth + 1));
        }
        return new Dict(entries, at);
    }

    /** A key is text as it stands: {@code on} and {@code 1} are names here. */
    private static String key(Event event, Position at) {
        if (event instanceof ScalarEvent scalar) {
            return scalar.getValue();
        }
        throw UserError.of("%s: a key must be one word or a string", at);
    }

    private static String tag(Optional<String> tag, Position at) {
        String name = tag.orElse("");
        UserError.require(
                name.isEmpty() || name.equals("!") || name.equals("tag:yaml.org,2002:python/tuple"),
                "%s: the tag %s cannot be used in a config: tags run code",
                at,
                name);
        return name;
    }

    private static Value scalar(ScalarEvent e, Position at) {
        String tag = e.getTag().orElse("");
        UserError.require(
                tag.isEmpty() || tag.equals("!") || tag.equals("tag:yaml.org,2002:str"),
                "%s: the tag %s cannot be used in a config: tags run code",
                at,
                tag);
        boolean plain = e.getScalarStyle() == ScalarStyle.PLAIN && tag.isEmpty();
        return plain ? PlainScalar.parse(e.getValue(), at) : new Value.Text(e.getValue(), at);
    }

    private Position at(Event event) {
        return event.getStartMark().map(mark -> position(name, mark)).orElse(new Position(name, 0, 0));
    }

    private static Position position(String name, Mark mark) {
        return new Position(name, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
