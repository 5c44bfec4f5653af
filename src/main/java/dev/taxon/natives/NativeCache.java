package dev.taxon.natives;

import dev.taxon.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A folder of extracted libraries, keyed by their contents: {@code <root>/native-<hash of the index>}. Files appear by
 * rename, so processes that start together each see whole files. A marker notes the size and time of modification of
 * each file whose hash was checked; while both still hold, the next start trusts the file without reading its 90 MB.
 */
final class NativeCache {
    private static final String MARKER = "verified.txt";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final String resources;
    private final String index;
    private final List<Entry> entries = new ArrayList<>();

    /** One library: its file name, SHA-256 in hex, and size in bytes. */
    record Entry(String name, String sha256, long size) {}

    /** @param resources class path folder that holds {@code index.txt} and the libraries */
    NativeCache(String resources) {
        this.resources = resources;
        try (InputStream in = open("index.txt")) {
            index = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String line : index.lines().toList()) {
            String[] field = line.split(" ", 3);
            entries.add(new Entry(field[0], field[1], Long.parseLong(field[2])));
        }
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The folder that holds all libraries, whole, under the first root that can be written (or is complete already). */
    Path extract(List<Path> roots) {
        IOException failure = new IOException("no folder");
        for (Path root : roots) {
            try {
                return extract(root);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw new UserError(
                "cannot extract the native libraries to any of " + roots + ": " + failure
                        + "; set XDG_CACHE_HOME to a folder that can be written",
                failure);
    }

    private Path extract(Path root) throws IOException {
        Path folder = root.resolve("native-" + hex(sha256(), index.getBytes(StandardCharsets.US_ASCII)));
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        requireOwn(root);
        requireOwn(folder);
        Path marker = folder.resolve(MARKER);
        if (Files.exists(marker) && Files.readString(marker).equals(stamps(folder))) {
            return folder;
        }
        for (Entry entry : entries) {
            if (!isWhole(folder.resolve(entry.name()), entry)) {
                install(folder, entry);
            }
        }
        Path temporary = Files.createTempFile(folder, MARKER, ".tmp");
        Files.writeString(temporary, stamps(folder));
        Files.move(temporary, marker, StandardCopyOption.ATOMIC_MOVE);
        return folder;
    }

    /** A folder that someone else made, in a shared temporary folder for instance, may hold anything. */
    private static void requireOwn(Path folder) throws IOException {
        UserPrincipal owner = Files.getOwner(folder);
        if (!owner.equals(Files.getOwner(Path.of("/proc/self")))) { // which belongs to this process's user
            throw new IOException(folder + " belongs to " + owner + ", so its libraries cannot be trusted");
        }
    }

    private void install(Path folder, Entry entry) throws IOException {
        Path temporary = Files.createTempFile(folder, entry.name(), ".tmp");
        try {
            try (InputStream in = open(entry.name())) {
                Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!isWhole(temporary, entry)) {
                throw new IOException(entry.name() + " was written to " + temporary
                        + " with other contents than the jar's index says; is the disk full?");
            }
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(temporary, folder.resolve(entry.name()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static boolean isWhole(Path file, Entry entry) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != entry.size()) {
            return false;
        }
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest()).equals(entry.sha256());
    }

    private String stamps(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Entry entry : entries) {
            Path file = folder.resolve(entry.name());
            String stamp = Files.exists(file)
                    ? Files.size(file) + " " + Files.getLastModifiedTime(file).toInstant()
                    : "missing";
            lines.append(entry.name()).append(' ').append(stamp).append('\n');
        }
        return lines.toString();
    }

    private InputStream open(String name) throws IOException {
        InputStream in = NativeCache.class.getResourceAsStream(resources + "/" + name);
        if (in == null) {
            throw new IOException("the jar lacks " + resources + "/" + name + "; build it with mvn package");
        }
        return in;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    private static String hex(MessageDigest digest, byte[] data) {
        return HexFormat.of().formatHex(digest.digest(data), 0, 8);
    }
}
