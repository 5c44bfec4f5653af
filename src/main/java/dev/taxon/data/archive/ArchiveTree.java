package dev.taxon.data.archive;

import dev.taxon.UserError;
import dev.taxon.data.source.Images;
import dev.taxon.data.source.Names;
import dev.taxon.data.source.ReadBuffer;
import dev.taxon.data.source.Source;
import dev.taxon.data.source.Tree;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** An archive, or a folder within it. Owns the archive. */
public final class ArchiveTree implements Tree {
    private final Archive archive;
    private final String prefix; // "" or a name that ends with /

    /**
     * A folder of an archive.
     *
     * @param inner its name; empty for the whole archive
     * @throws UserError if it has no such folder
     */
    public ArchiveTree(Archive archive, String inner) {
        this.archive = archive;
        String clean = Path.of(inner).normalize().toString().replace('\\', '/');
        this.prefix = clean.isEmpty() ? "" : clean + "/";
        if (first() == end(prefix) && archive.size() > 0) {
            throw UserError.of("%s has no folder %s; it has %s", archive.file(), clean, top());
        }
    }

    /** The archive, which is closed with this tree. */
    public Archive archive() {
        return archive;
    }

    /** What the archive holds at its top, for messages. */
    private String top() {
        Index index = archive.index();
        List<String> names = new ArrayList<>();
        int most = 5;
        for (int i = 0; i < index.count() && names.size() <= most; ) {
            String name = index.name(i);
            int slash = name.indexOf('/');
            String shown = slash < 0 ? name : name.substring(0, slash + 1);
            names.add(names.size() < most ? shown : "…");
            i = slash < 0 ? i + 1 : end(shown);
        }
        return String.join(", ", names);
    }

    private int first() {
        return archive.index().lowerBound(prefix);
    }

    /** Behind the last member whose name begins with {@code folder}. */
    private int end(String folder) {
        return folder.isEmpty()
                ? archive.size()
                : archive.index().lowerBound(folder.substring(0, folder.length() - 1) + (char) ('/' + 1));
    }

    @Override
    public String name() {
        return prefix.isEmpty()
                ? archive.file().toString()
                : archive.file() + "/" + prefix.substring(0, prefix.length() - 1);
    }

    /** Members {@code from} to {@code to} (not included), all below one folder. */
    private record Folder(String name, int from, int to) {}

    private List<Folder> folders() {
        Index index = archive.index();
        List<Folder> folders = new ArrayList<>();
        int last = end(prefix);
        for (int i = first(); i < last; ) {
            String name = index.name(i);
            int slash = name.indexOf('/', prefix.length());
            if (slash < 0) {
                i++;
                continue;
            }
            int next = end(name.substring(0, slash + 1));
            String folder = name.substring(prefix.length(), slash);
            if (!folder.isEmpty() && !folder.startsWith(".") && !folder.equals("__MACOSX")) {
                folders.add(new Folder(folder, i, next));
            }
            i = next;
        }
        folders.sort(Comparator.comparing(Folder::name, Names.ORDER));
        return folders;
    }

    @Override
    public ByFolder byFolder(List<String> extensions) {
        List<Folder> folders = folders();
        ImageFilter filter = new ImageFilter(archive.index(), extensions);
        int most = folders.stream().mapToInt(f -> f.to - f.from).sum();
        int[] members = new int[most];
        int[] labels = new int[most];
        int count = 0;
        for (int label = 0; label < folders.size(); label++) {
            Folder folder = folders.get(label);
            int before = count;
            count = filter.select(folder.from, folder.to, members, count);
            Arrays.fill(labels, before, count, label);
        }
        return new ByFolder(
                folders.stream().map(Folder::name).toList(),
                new Listed(archive, Arrays.copyOf(members, count)),
                Arrays.copyOf(labels, count));
    }

    @Override
    public Images.Builder images() {
        IntStream.Builder members = IntStream.builder();
        return new Images.Builder() {
            @Override
            public void add(String name, String where) {
                members.add(find(name, where));
            }

            @Override
            public Images build() {
                return new Listed(archive, members.build().toArray());
            }
        };
    }

    private int find(String name, String where) {
        int member = archive.index().find(prefix + MemberName.clean(name).orElse(name));
        UserError.require(member >= 0, "%s: %s has no member %s%s", where, archive.file(), prefix, name);
        return member;
    }

    @Override
    public byte[] read(String file) {
        int member = archive.index().find(prefix + file);
        UserError.require(member >= 0, "%s has no member %s%s", archive.file(), prefix, file);
        try (ReadBuffer buffer = new ReadBuffer()) {
            return archive.read(member, buffer).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    @Override
    public void close() {
        archive.close();
    }

    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Listed(Archive archive, int[] members) implements Images {
        @Override
        public int size() {
            return members.length;
        }

        @Override
        public Source get(int index) {
            return archive.source(members[index]);
        }
    }
}
