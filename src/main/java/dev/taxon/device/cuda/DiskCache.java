package dev.taxon.device.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What took time to find, on disk: kernels that NVRTC compiled, the algorithms that a search chose. A file begins with the
 * SHA-256 of what follows; one that was cut or changed counts as missing. It is a convenience: where no folder can be written,
 * nothing is kept.
 *
 * @param roots folders to try, best first
 * @param folder name of the folder below a root that holds the files
 */
record DiskCache(List<Path> roots, String folder) {
    private static final int DIGEST_BYTES = 32;

    DiskCache {
        roots = List.copyOf(roots);
    }

    /** The name of a file: {@code name} and a digest of everything that the contents depend on. */
    static String key(String name, List<String> dependencies) {
        byte[] digest = sha256(String.join("\0", dependencies).getBytes(StandardCharsets.UTF_8));
        return name + "-" + HexFormat.of().formatHex(digest, 0, 12) + ".bin";
    }

    /** What was kept under a key; null for nothing, or nothing whole. */
    byte @Nullable [] find(String key) {
        for (Path root : roots) {
            try {
                byte[] all = Files.readAllBytes(file(root, key));
                byte[] image = Arrays.copyOfRange(all, Math.min(DIGEST_BYTES, all.length), all.length);
                if (Arrays.equals(sha256(image), 0, DIGEST_BYTES, all, 0, Math.min(DIGEST_BYTES, all.length))) {
                    return image;
                }
            } catch (IOException e) {
                // missing, or not for us: the next root, or none
            }
        }
        return null;
    }

    /** Keeps contents in the first folder that takes it; other processes see it whole or not at all. */
    void keep(String key, byte[] image) {
        for (Path root : roots) {
            try {
                Path file = file(root, key);
                Path parent = Files.createDirectories(root.resolve(folder));
                Path part = Files.createTempFile(parent, key, ".part");
                try {
                    byte[] all = Arrays.copyOf(sha256(image), DIGEST_BYTES + image.length);
                    System.arraycopy(image, 0, all, DIGEST_BYTES, image.length);
                    Files.write(part, all);
                    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                    return;
                } finally {
                    Files.deleteIfExists(part);
                }
            } catch (IOException e) {
                // read-only or full: the next root, or none
            }
        }
    }

    private Path file(Path root, String key) {
        return root.resolve(folder).resolve(key);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
