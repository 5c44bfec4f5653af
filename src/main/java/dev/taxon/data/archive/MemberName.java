package dev.taxon.data.archive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Names of members as an index has them: parts divided by one {@code /}, none of them {@code .} or {@code ..}. */
final class MemberName {
    private MemberName() {}

    /** The name in that form; none where it leads out of the archive: absolute, or through {@code ..}. */
    static Optional<String> clean(String stored) {
        return stored.startsWith("/") ? Optional.empty() : resolve("", stored);
    }

    /**
     * What a link names.
     *
     * @param link the name of the link itself
     * @param target relative to its folder
     */
    static Optional<String> target(String link, String target) {
        return target.startsWith("/")
                ? Optional.empty()
                : resolve(link.substring(0, link.lastIndexOf('/') + 1), target);
    }

    private static Optional<String> resolve(String folder, String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : (folder + path).split("/", -1)) {
            switch (part) {
                case "", "." -> {}
                case ".." -> {
                    if (folder.isEmpty() || parts.pollLast() == null) {
                        return Optional.empty();
                    }
                }
                default -> parts.addLast(part);
            }
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("/", parts));
    }
}
