package dev.taxon.checkpoint.pickle;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Python's collections.OrderedDict: a map in insertion order that also carries attributes. PyTorch keeps the versions
 * of a state dict's modules in the attribute {@code _metadata}.
 */
public final class OrderedDict extends LinkedHashMap<Object, Object> {
    private static final long serialVersionUID = 1;

    private final transient Map<Object, Object> attributes = new LinkedHashMap<>();

    /** Attributes of the object, such as {@code _metadata}; empty for most. */
    public Map<Object, Object> attributes() {
        return attributes;
    }
}
