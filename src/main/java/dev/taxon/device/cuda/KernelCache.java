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
 * Compiled kernels on disk, so that NVRTC runs once for a source, a GPU and a version of NVRTC. A file begins with the
 * SHA-256 of what follows; one that was cut or changed counts as missing. It is a convenience: where no folder can be written,
 * nothing is kept.
 *
 * @param roots folders to try, best first; files lie in {@code kernels} below
 */
record KernelCache(List<Path> roots) {
    private static final int DIGEST_BYTES = 32;

    KernelCache {
        roots = List.copyOf(roots);
    }

    /** The name of a file: {@code name} and a digest of everything that the compiled code depends on. */
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
                // missing, or not for us: the next root, or NVRTC
            }
        }
        return null;
    }

    /** Keeps an image in the first folder that takes it; other processes see it whole or not at all. */
    void keep(String key, byte[] image) {
        for (Path root : roots) {
            try {
                Path file = file(root, key);
                Path folder = Files.createDirectories(root.resolve("kernels"));
                Path part = Files.createTempFile(folder, key, ".part");
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

    private static Path file(Path root, String key) {
        return root.resolve("kernels").resolve(key);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
