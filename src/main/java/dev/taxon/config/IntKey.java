package dev.taxon.config;

import dev.taxon.UserError;

/**
 * An int as a dict's key, such as RepVGG's {@code group_layer_map={2: 4}}. Dicts are keyed by text: an int is its digits
 * behind a mark that no written key begins with, so that {@code 2} and {@code '2'} stay two keys.
 */
public final class IntKey {
    private static final String MARK = "\0";

    private IntKey() {}

    /** The text under which a dict has this int. */
    public static String of(long key) {
        return MARK + key;
    }

    /** The text under which a dict has this string. */
    public static String of(String key, Position at) {
        UserError.require(!is(key), "%s: a dict's key cannot begin with the character \\0", at);
        return key;
    }

    /** Whether a dict's key is an int. */
    public static boolean is(String key) {
        return key.startsWith(MARK);
    }

    /** A key as messages show it: the digits of an int, a string itself. */
    public static String shown(String key) {
        return is(key) ? key.substring(MARK.length()) : key;
    }
}
