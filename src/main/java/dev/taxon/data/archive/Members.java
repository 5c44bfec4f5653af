package dev.taxon.data.archive;

import dev.taxon.data.source.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Collects the members of an archive while it is listed, and brings them into the order of an index. */
final class Members {
    /** Of {@code packed}: the member lies there as it is. */
    static final long STORED = -1;

    private static final int FIELDS = 4;
    private static final int MOST_LINKS = 16; // that lead to each other

    private final Names.Builder names = new Names.Builder();
    private long[] fields = new long[FIELDS << 8]; // (members, FIELDS): offset, size, packed, crc
    private final Map<String, String> links = new LinkedHashMap<>(); // name, name of the member that it stands for
    private final Map<String, Left> left = new LinkedHashMap<>(); // by reason

    private record Left(int count, String example) {}

    /**
     * Adds a file.
     *
     * @param stored its name in the archive
     * @param offset of its first byte in the archive
     * @param size bytes of the file
     * @param packed bytes of its deflated form, or {@link #STORED}
     * @param crc CRC-32 of the file; 0: unknown
     */
    void add(String stored, long offset, long size, long packed, int crc) {
        Optional<String> name = MemberName.clean(stored);
        if (name.isPresent()) {
            put(name.get(), offset, size, packed, crc);
        } else {
            leaveOut("whose names lead out of the archive", stored);
        }
    }

    /** Adds a folder: an empty one is a class, too. */
    void addFolder(String stored) {
        MemberName.clean(stored).ifPresent(name -> put(name + "/", 0, 0, STORED, 0));
    }

    /** Adds a second name for another member. */
    void addLink(String stored, Optional<String> target) {
        Optional<String> name = MemberName.clean(stored);
        if (name.isPresent() && target.isPresent()) {
            links.put(name.get(), target.get());
        } else {
            leaveOut("that are links out of the archive", stored);
        }
    }

    /** Notes that a member has no place in the index. */
    void leaveOut(String reason, String stored) {
        left.merge(reason, new Left(1, stored), (a, b) -> new Left(a.count + 1, a.example));
    }

    int size() {
        return names.size();
    }

    private void put(String name, long offset, long size, long packed, int crc) {
        int at = names.size() * FIELDS;
        if (at == fields.length) {
            fields = Arrays.copyOf(fields, 2 * at);
        }
        fields[at] = offset;
        fields[at + 1] = size;
        fields[at + 2] = packed;
        fields[at + 3] = crc;
        names.add(name);
    }

    /** All members in the order of their names; of several with one name the last, as unpacking would leave it. */
    Sorted sorted() {
        Sorted sorted = sort();
        if (links.isEmpty()) {
            return sorted;
        }
        for (String link : links.keySet()) {
            int target = sorted.find(end(link));
            if (target >= 0) {
                put(link, sorted.offset(target), sorted.size(target), sorted.packed(target), sorted.crc(target));
            } else {
                leaveOut("that are links to no file in the archive", link);
            }
        }
        return sort();
    }

    private String end(String link) {
        String at = link;
        for (int i = 0; i < MOST_LINKS && links.containsKey(at); i++) {
            at = links.get(at);
        }
        return at;
    }

    private Sorted sort() {
        Names all = names.build();
        int[] order = IntStream.range(0, all.size())
                .boxed()
                .sorted(all::compare)
                .mapToInt(i -> i)
                .toArray();
        int kept = 0;
        for (int i = 0; i < order.length; i++) {
            if (i + 1 == order.length || all.compare(order[i], order[i + 1]) != 0) {
                order[kept++] = order[i];
            }
        }
        return new Sorted(all, Arrays.copyOf(order, kept), fields);
    }

    /** What has no place in the index: "2 members whose names lead out of the archive (such as ../x)". */
    List<String> leftOut() {
        List<String> out = new ArrayList<>();
        left.forEach((reason, l) ->
                out.add(l.count + (l.count == 1 ? " member " : " members ") + reason + " (such as " + l.example + ")"));
        return out;
    }

    /** Members by place in the order of names. */
    @SuppressWarnings("ArrayRecordComponent") // a view of the collection
    record Sorted(Names names, int[] order, long[] fields) {
        int count() {
            return order.length;
        }

        String name(int place) {
            return names.get(order[place]);
        }

        int nameLength(int place) {
            return names.length(order[place]);
        }

        long offset(int place) {
            return fields[order[place] * FIELDS];
        }

        long size(int place) {
            return fields[order[place] * FIELDS + 1];
        }

        long packed(int place) {
            return fields[order[place] * FIELDS + 2];
        }

        int crc(int place) {
            return (int) fields[order[place] * FIELDS + 3];
        }

        private int find(String name) {
            int low = 0;
            int high = order.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                int c = Names.ORDER.compare(name(middle), name);
                if (c == 0) {
                    return middle;
                }
                low = c < 0 ? middle + 1 : low;
                high = c < 0 ? high : middle;
            }
            return -1;
        }
    }
}
