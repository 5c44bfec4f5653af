package dev.taxon.data.fetch;

import dev.taxon.UserError;
import dev.taxon.data.archive.Archive;
import dev.taxon.data.archive.ArchiveTree;
import dev.taxon.data.source.ReadBuffer;
import dev.taxon.report.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** A folder with ILSVRC2012, the images of ImageNet's classification challenge: checked and made ready for training. */
public final class ImageNetFolder {
    private static final String LISTS = "caffe_ilsvrc12.tar.gz";
    private static final String LISTS_URL = "http://dl.caffe.berkeleyvision.org/" + LISTS;
    private static final Set<String> LIST_NAMES =
            Set.of("train.txt", "val.txt", "test.txt", "synsets.txt", "synset_words.txt");
    private static final List<String> JPEG = List.of(".jpeg", ".jpg");

    private final Path folder;
    private final Progress progress;
    private final Split train;
    private final Split val;

    /**
     * One of the two archives.
     *
     * @param bytes its length
     * @param images in it
     */
    record Split(String name, String file, long bytes, String md5, int images) {
        String described() {
            return String.format(Locale.ROOT, "%s (%,d bytes, md5 %s)", file, bytes, md5);
        }
    }

    /** The folder, which is made if it is absent. */
    public ImageNetFolder(Path folder, Progress progress) {
        this(
                folder,
                progress,
                new Split(
                        "train",
                        "ILSVRC2012_img_train.tar",
                        147_897_477_120L,
                        "1d675b47d978889d74fa0da5fadfb00e",
                        1_281_167),
                new Split("val", "ILSVRC2012_img_val.tar", 6_744_924_160L, "29b22e2961454d5413ddabcf34fc5622", 50_000));
    }

    ImageNetFolder(Path folder, Progress progress, Split train, Split val) {
        this.folder = folder;
        this.progress = progress;
        this.train = train;
        this.val = val;
    }

    /**
     * Does what can be done with what is there.
     *
     * @param checksums compare md5 sums, which reads all of the archives
     * @param unpack the images become files in folders
     * @param fetch download the lists if they are missing
     * @return what was found, line by line
     * @throws UserError that says what must be downloaded by hand, or what is wrong with a file
     */
    public List<String> prepare(boolean checksums, boolean unpack, boolean fetch) {
        List<String> said = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        try {
            Files.createDirectories(folder);
            for (Split split : List.of(val, train)) { // the small one first
                prepare(split, checksums, unpack, said, missing);
            }
            lists(fetch, said, missing);
        } catch (IOException e) {
            throw new UserError(folder + " cannot be used: " + e, e);
        }
        if (!missing.isEmpty()) {
            said.forEach(progress::line);
            throw UserError.of(
                    "%s lacks %s; for the images register at https://image-net.org, agree to its terms, and download them by"
                            + " hand from the page of ILSVRC2012; put all into the folder and run this again",
                    folder, String.join(", and ", missing));
        }
        return said;
    }

    private void prepare(Split split, boolean checksums, boolean unpack, List<String> said, List<String> missing)
            throws IOException {
        Path file = folder.resolve(split.file);
        Path unpacked = folder.resolve(split.name);
        if (!Files.exists(file)) {
            if (Files.isDirectory(unpacked)) {
                said.add(unpacked + " is there; its archive is not needed");
            } else {
                missing.add(split.described());
            }
            return;
        }
        long bytes = Files.size(file);
        UserError.require(
                bytes == split.bytes,
                "%s has %d bytes, expected %d: it was cut off, or is another file; download it again",
                file,
                bytes,
                split.bytes);
        if (checksums) {
            String md5 = md5(file);
            UserError.require(
                    md5.equals(split.md5),
                    "%s has md5 %s, expected %s: it is damaged; download it again",
                    file,
                    md5,
                    split.md5);
        }
        try (ArchiveTree tree = new ArchiveTree(Archive.open(file, progress), "")) {
            int images = split.equals(train)
                    ? tree.byFolder(JPEG).images().size()
                    : tree.archive().size();
            UserError.require(
                    images == split.images,
                    "%s has %d images, expected %d: is it another archive?",
                    file,
                    images,
                    split.images);
            said.add(String.format(Locale.ROOT, "%s: %,d images, indexed", file, images));
            if (unpack) {
                unpack(tree.archive(), unpacked);
                said.add(unpacked + ": unpacked");
            }
        }
    }

    /** Writes each member below {@code target}; a file of its length that is there is taken for it. */
    private void unpack(Archive archive, Path target) throws IOException {
        long[] done = new long[1];
        try (ReadBuffer buffer = new ReadBuffer()) {
            archive.forEachFile((name, source) -> {
                Path file = target.resolve(name);
                MemorySegment bytes = source.read(buffer);
                if (!Files.exists(file) || Files.size(file) != bytes.byteSize()) {
                    Files.createDirectories(file.getParent());
                    try (FileChannel out = FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                        var left = bytes.asByteBuffer();
                        while (left.hasRemaining()) {
                            out.write(left);
                        }
                    }
                }
                done[0]++;
                progress.draw(() ->
                        String.format(Locale.ROOT, "Unpacking to %s: %,d of %,d", target, done[0], archive.size()));
            });
        }
        progress.clear();
    }

    private void lists(boolean fetch, List<String> said, List<String> missing) throws IOException {
        Path meta = folder.resolve("meta");
        Path archive = folder.resolve(LISTS);
        if (!Files.exists(meta.resolve("train.txt")) || !Files.exists(meta.resolve("val.txt"))) {
            if (!Files.exists(archive) && !(fetch && fetched(archive))) {
                missing.add("meta/train.txt and meta/val.txt (from " + LISTS_URL + ")");
                return;
            }
            Files.createDirectories(meta);
            Archives.tarGz(archive, (name, contents) -> {
                if (LIST_NAMES.contains(name)) {
                    Files.write(meta.resolve(name), contents.readAllBytes());
                }
            });
        }
        for (Split split : List.of(train, val)) {
            Path list = meta.resolve(split.name + ".txt");
            UserError.require(
                    Files.exists(list), "%s holds no %s.txt; delete it and fetch it again", archive, split.name);
            try (Stream<String> lines = Files.lines(list)) {
                long count = lines.filter(l -> !l.isBlank()).count();
                UserError.require(
                        count == split.images,
                        "%s has %d lines, expected %d; delete it and run this again",
                        list,
                        count,
                        split.images);
            }
        }
        said.add(meta + ": lists of " + train.images + " and " + val.images + " images");
    }

    private boolean fetched(Path archive) throws IOException {
        Path part = Download.part(folder, LISTS_URL);
        try {
            Download.DEFAULT.get(LISTS_URL, part, new TransferProgress(progress));
        } catch (IOException e) {
            progress.line(LISTS + " could not be fetched: " + e.getMessage());
            return false;
        }
        Files.move(part, archive);
        return true;
    }

    private String md5(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
        long size = Files.size(file);
        long done = 0;
        byte[] chunk = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
                done += n;
                long now = done;
                progress.draw(() -> String.format(Locale.ROOT, "Checking %s: %d %%", file, 100 * now / size));
            }
        }
        progress.clear();
        return HexFormat.of().formatHex(digest.digest());
    }
}
