package dev.taxon.data.archive;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Finds images among members by the ends of their names, without an object for each of millions. */
final class ImageFilter {
    private final Index index;
    private final List<byte[]> extensions; // in small letters, with their dots
    private byte[] names = new byte[1 << 16];

    ImageFilter(Index index, List<String> extensions) {
        this.index = index;
        this.extensions =
                extensions.stream().map(e -> e.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /**
     * Selects from members {@code from} to {@code to} (not included) those that end as images do and are not hidden.
     *
     * @param found gets their numbers from {@code at} on
     * @return the place behind the last one
     */
    int select(int from, int to, int[] found, int at) {
        int start = index.nameStart(from);
        int length = index.nameStart(to) - start;
        if (length > names.length) {
            names = new byte[length];
        }
        index.copyNames(start, length, names);
        int next = at;
        for (int i = from, begin = 0; i < to; i++) {
            int end = index.nameStart(i + 1) - start;
            if (isImage(begin, end)) {
                found[next++] = i;
            }
            begin = end;
        }
        return next;
    }

    private boolean isImage(int begin, int end) {
        int file = end;
        while (file > begin && names[file - 1] != '/') {
            file--;
        }
        if (file == end || names[file] == '.') {
            return false; // a folder, or a hidden file
        }
        for (byte[] extension : extensions) {
            int at = end - extension.length;
            boolean same = at >= file;
            for (int i = 0; same && i < extension.length; i++) {
                byte b = names[at + i];
                same = (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) == extension[i];
            }
            if (same) {
                return true;
            }
        }
        return false;
    }
}
