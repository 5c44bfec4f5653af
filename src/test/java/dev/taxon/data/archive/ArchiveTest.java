package dev.taxon.data.archive;

import static dev.taxon.data.archive.TestArchives.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.source.FolderTree;
import dev.taxon.data.source.Images;
import dev.taxon.data.source.ReadBuffer;
import dev.taxon.data.source.Tree;
import dev.taxon.random.Rng;
import dev.taxon.report.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    private static final List<String> JPEG = List.of(".jpg", ".jpeg");

    @TempDir
    private Path dir;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Progress progress = Progress.on(new PrintStream(said, true, StandardCharsets.UTF_8), false);

    private String said() {
        String text = said.toString(StandardCharsets.UTF_8).replace(dir.toString(), "DIR");
        said.reset();
        return text;
    }

    /** Folders whose order differs from that of their paths, an empty one, hidden files, names that need more than ASCII. */
    private static Map<String, byte[]> members() {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("top/", bytes(""));
        members.put("top/b/2.jpg", bytes("two"));
        members.put("top/a b/x.jpg", bytes("axe"));
        members.put("top/a/é.JPG", bytes("accent"));
        members.put("top/a/deep/er/1.jpeg", bytes("deep"));
        members.put("top/a/.hidden.jpg", bytes("hidden"));
        members.put("top/a/readme.txt", bytes("text"));
        members.put("top/.cache/1.jpg", bytes("cache"));
        members.put("top/empty/", bytes(""));
        members.put("top/loose.jpg", bytes("loose"));
        members.put("top/b/" + "long".repeat(60) + ".jpg", bytes("a long name"));
        return members;
    }

    @Test
    void whatBelongsToAnArchiveInAReadOnlyFolderIsInTheUsersCache() throws IOException {
        Path archive = Files.createFile(dir.resolve("a.tar"));
        assertEquals(dir, Storage.beside(archive, folder -> true, dir.resolve("cache")));
        Path place = Storage.beside(archive, folder -> false, dir.resolve("cache"));
        assertTrue(Files.isDirectory(place) && place.startsWith(dir.resolve("cache/taxon/archives")), place.toString());
        assertEquals(place, Storage.beside(dir.resolve("./a.tar"), folder -> false, dir.resolve("cache")));
        Path other = Files.createFile(dir.resolve("b.tar"));
        assertFalse(place.equals(Storage.beside(other, folder -> false, dir.resolve("cache"))));
        Path file = Files.createFile(dir.resolve("file"));
        UserError error =
                assertThrows(UserError.class, () -> Storage.beside(archive, folder -> false, file.resolve("cache")));
        assertTrue(String.valueOf(error.getMessage()).contains("set XDG_CACHE_HOME"), error.getMessage());
    }

    private Path unpacked(Map<String, byte[]> members) throws IOException {
        Path root = dir.resolve("unpacked");
        for (Map.Entry<String, byte[]> member : members.entrySet()) {
            Path file = root.resolve(member.getKey());
            if (member.getKey().endsWith("/")) {
                Files.createDirectories(file);
            } else {
                Files.createDirectories(file.getParent());
                Files.write(file, member.getValue());
            }
        }
        return root;
    }

    private static List<String> contents(Tree tree, List<String> extensions) {
        Tree.ByFolder found = tree.byFolder(extensions);
        List<String> out = new ArrayList<>(List.of(found.folders().toString()));
        try (ReadBuffer buffer = new ReadBuffer()) {
            for (int i = 0; i < found.images().size(); i++) {
                String name = found.images().get(i).name();
                byte[] read = found.images().get(i).read(buffer).toArray(ValueLayout.JAVA_BYTE);
                out.add(name.substring(tree.name().length()) + ":" + found.labels()[i] + ":"
                        + new String(read, StandardCharsets.UTF_8));
            }
        }
        return out;
    }

    private Tree open(Path archive, String inner) {
        return new ArchiveTree(Archive.open(archive, progress), inner);
    }

    @Test
    void anArchiveIsItsFolder() throws IOException {
        List<String> expected = contents(new FolderTree(unpacked(members()).resolve("top")), JPEG);
        assertEquals("[a, a b, b, empty]", expected.getFirst());
        assertEquals(6, expected.size());
        Path tar = Files.write(dir.resolve("x.tar"), TestArchives.tar(members()));
        Path stored = Files.write(dir.resolve("stored.zip"), TestArchives.zip(members(), false));
        Path deflated = Files.write(dir.resolve("deflated.zip"), TestArchives.zip(members(), true));
        Path gzip = TestArchives.gzip(dir.resolve("y.tar.gz"), TestArchives.tar(members()));
        for (Path archive : List.of(tar, stored, deflated, gzip)) {
            try (Tree tree = open(archive, "top")) {
                assertEquals(expected, contents(tree, JPEG), archive.toString());
                assertEquals("text", new String(tree.read("a/readme.txt"), StandardCharsets.UTF_8));
            }
        }
        assertTrue(Files.exists(dir.resolve("x.tar.taxon-index")));
        try (Tree tree = open(tar, "./top//b/..")) {
            assertEquals(tar + "/top", tree.name());
        }
        assertThrows(UserError.class, () -> open(tar, "../top").close());
        UserError none = assertThrows(UserError.class, () -> open(tar, "bottom").close());
        assertEquals(tar + " has no folder bottom; it has top/", none.getMessage());
    }

    @Test
    void annotationsFindMembers() throws IOException {
        Path tar = Files.write(dir.resolve("x.tar"), TestArchives.tar(members()));
        try (Tree tree = open(tar, "top")) {
            Images.Builder builder = tree.images();
            builder.add("a/é.JPG", "l.txt:1");
            builder.add("./a b/x.jpg", "l.txt:2");
            Images images = builder.build();
            assertEquals(tar + "/top/a b/x.jpg", images.get(1).name());
            UserError error = assertThrows(UserError.class, () -> builder.add("a/none.jpg", "l.txt:3"));
            assertEquals("l.txt:3: " + tar + " has no member top/a/none.jpg", error.getMessage());
        }
    }

    @Test
    void aTarWithinATarIsAFolder() throws IOException {
        Map<String, byte[]> outer = new LinkedHashMap<>();
        outer.put("n02.tar", TestArchives.tar(Map.of("n02_1.JPEG", bytes("second"))));
        outer.put("n01.tar", TestArchives.tar(Map.of("n01_1.JPEG", bytes("first"))));
        Path tar = Files.write(dir.resolve("train.tar"), TestArchives.tar(outer));
        try (Tree tree = open(tar, "")) {
            assertEquals(
                    List.of("[n01, n02]", "/n01/n01_1.JPEG:0:first", "/n02/n02_1.JPEG:1:second"), contents(tree, JPEG));
        }
        assertEquals("DIR/train.tar: an index of 4 members is in DIR/train.tar.taxon-index\n", said());
    }

    @Test
    void anIndexIsMadeOnceAndAgainWhenTheArchiveChanges() throws IOException {
        Path tar = Files.write(dir.resolve("x.tar"), TestArchives.tar(members()));
        Path index = dir.resolve("x.tar.taxon-index");
        open(tar, "").close();
        assertTrue(said().contains("an index of 11 members"));
        open(tar, "").close();
        assertEquals("", said());
        Files.setLastModifiedTime(tar, FileTime.fromMillis(1_000_000));
        open(tar, "").close();
        assertTrue(
                said().startsWith("DIR/x.tar.taxon-index belongs to an archive of another size or time: it is made"));
        byte[] whole = Files.readAllBytes(index);
        Rng rng = new Rng(5, 0);
        for (int i = 0; i < 90; i++) {
            byte[] damaged = i < 30 ? Arrays.copyOf(whole, rng.nextInt(whole.length)) : whole.clone();
            for (int n = 0; i >= 30 && n < 3; n++) {
                damaged[rng.nextInt(damaged.length)] ^= (byte) (1 + rng.nextInt(255));
            }
            Files.write(index, damaged);
            try (Tree tree = open(tar, "top")) {
                assertEquals(6, contents(tree, JPEG).size());
            }
            assertArrayEquals(whole, Files.readAllBytes(index));
        }
    }

    @Test
    void hostileMembersAreLeftOut() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("/etc/a.jpg", bytes("absolute"));
        members.put("c/../../b.jpg", bytes("above"));
        members.put("./c//./1.jpg", bytes("old"));
        members.put("c/1.jpg", bytes("new"));
        members.put("c/2.jpg", bytes("->1.jpg"));
        members.put("c/3.jpg", bytes("->/etc/passwd"));
        members.put("c/4.jpg", bytes("->../../../etc/passwd"));
        members.put("c/5.jpg", bytes("->nothing.jpg"));
        members.put("c/6.jpg", bytes("=>c/2.jpg"));
        members.put("c/7.jpg", bytes("->8.jpg"));
        members.put("c/8.jpg", bytes("->7.jpg"));
        List<String> expected = List.of("[c]", "/c/1.jpg:0:new", "/c/2.jpg:0:new", "/c/6.jpg:0:new");
        try (Tree tree = open(Files.write(dir.resolve("x.tar"), TestArchives.tar(members)), "")) {
            assertEquals(expected, contents(tree, JPEG));
        }
        assertEquals("""
                DIR/x.tar: an index of 3 members is in DIR/x.tar.taxon-index
                  left out: 2 members whose names lead out of the archive (such as /etc/a.jpg)
                  left out: 2 members that are links out of the archive (such as c/3.jpg)
                  left out: 3 members that are links to no file in the archive (such as c/5.jpg)
                """, said());
        members.remove("c/6.jpg"); // a zip has no hard links
        try (Tree tree = open(Files.write(dir.resolve("x.zip"), TestArchives.zip(members, true)), "")) {
            assertEquals(expected.subList(0, 3), contents(tree, JPEG));
        }
    }

    @Test
    void damageIsOneSentence() throws IOException {
        Map<String, byte[]> members = members();
        members.put("z/big.jpg", new byte[5000]);
        damage(TestArchives.tar(members), "x.tar");
        damage(TestArchives.zip(members, true), "x.zip");
        damage(TestArchives.zip(members, false), "s.zip");
    }

    /** Cut and flipped bytes: read, or refused in a sentence. */
    private void damage(byte[] whole, String name) throws IOException {
        Rng rng = new Rng(11, 0);
        int refused = 0;
        for (int i = 0; i < 90; i++) {
            byte[] bytes = i < 40 ? Arrays.copyOf(whole, rng.nextInt(whole.length)) : whole.clone();
            for (int n = 0; i >= 40 && n < 4; n++) {
                bytes[rng.nextInt(bytes.length)] = (byte) rng.nextInt();
            }
            Path file = Files.write(dir.resolve(name), bytes);
            try (Tree tree = open(file, "")) {
                contents(tree, JPEG);
            } catch (UserError e) {
                refused++;
                assertFalse(String.valueOf(e.getMessage()).contains("\n"), e.getMessage());
            }
        }
        assertTrue(refused > 30, name + ": refused " + refused);
    }

    @Test
    void aCutTarIsNamedWithItsMember() throws IOException {
        byte[] whole = TestArchives.tar(Map.of("a/1.jpg", new byte[3000]));
        Path tar = Files.write(dir.resolve("x.tar"), Arrays.copyOf(whole, 2048));
        UserError error = assertThrows(UserError.class, () -> open(tar, "").close());
        assertEquals(
                tar
                        + " is cut off: its member a/1.jpg has 3000 bytes from byte 512 on, but the archive ends at byte 2048;"
                        + " copy or download it again",
                error.getMessage());
        Files.write(tar, Arrays.copyOf(whole, 512 + 3072));
        open(tar, "").close();
        assertTrue(said().contains("warning: the zeros that end a tar are missing"));
    }

    @Test
    void bombsAreNotUnpacked() throws IOException {
        byte[] zip = TestArchives.zip(Map.of("a/1.jpg", new byte[1 << 20]), true);
        int central = zip.length - 22 - 46 - "a/1.jpg".length();
        for (int i = 0; i < zip.length - 4; i++) {
            boolean header = zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2;
            if (header) {
                central = i;
            }
        }
        zip[central + 27] = 0x1F; // it claims 500 MB
        Path file = Files.write(dir.resolve("x.zip"), zip);
        UserError error = assertThrows(UserError.class, () -> {
            try (Tree tree = open(file, "")) {
                contents(tree, JPEG);
            }
        });
        assertTrue(error.getMessage().contains("claims an impossible size"), error.getMessage());
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        Path text = Files.writeString(dir.resolve("x.txt"), "hello");
        UserError error =
                assertThrows(UserError.class, () -> Archive.open(text, progress).close());
        assertEquals(
                text
                        + " is a file, but no archive: expected a folder, a .tar, .tar.gz or .zip, or a file of 'data prepare'",
                error.getMessage());
        Path xz = Files.write(dir.resolve("x.tar.xz"), new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0});
        error = assertThrows(UserError.class, () -> Archive.open(xz, progress).close());
        assertTrue(error.getMessage().contains("expand it to a .tar"), error.getMessage());
        Path gz = TestArchives.gzip(dir.resolve("notes.gz"), bytes("hello"));
        error = assertThrows(UserError.class, () -> Archive.open(gz, progress).close());
        assertTrue(error.getMessage().contains("notes.gz (expanded) is a file, but no archive"), error.getMessage());
        assertFalse(Files.exists(dir.resolve("notes.tar")));
    }

    @Test
    void gzippedTarsAreExpandedOnce() throws IOException {
        Path gz = TestArchives.gzip(dir.resolve("y.tgz"), TestArchives.tar(members()));
        open(gz, "").close();
        assertTrue(said().startsWith("Expanding DIR/y.tgz once to DIR/y.tar: about 0 MB ("));
        open(gz, "").close();
        assertEquals("", said());
        Files.setLastModifiedTime(gz, FileTime.fromMillis(5_000_000));
        UserError error = assertThrows(UserError.class, () -> open(gz, "").close());
        assertTrue(error.getMessage().contains("is not the expanded form of"), error.getMessage());
        Files.delete(dir.resolve("y.tar"));
        byte[] whole = Files.readAllBytes(gz);
        Files.write(gz, Arrays.copyOf(whole, whole.length / 2));
        error = assertThrows(UserError.class, () -> open(gz, "").close());
        assertEquals(gz + " is damaged or cut off: copy or download it again", error.getMessage());
        assertFalse(Files.exists(dir.resolve("y.tar")));
    }
}
