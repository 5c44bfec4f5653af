package dev.taxon.data.archive;

import dev.taxon.UserError;
import dev.taxon.checkpoint.AtomicFile;
import dev.taxon.report.Progress;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** The tar of a {@code .tar.gz}, expanded once: gzip cannot be read from the middle. */
final class Expansion {
    private static final int CHUNK = 1 << 20;
    private static final long RESERVE = 64L << 20; // bytes that stay free on the disk
    private static final long SIZE_MODULUS = 1L << 32; // gzip's trailer has the lower 32 bits of the size
    private static final int TAR_HEAD = 512;

    private final Path packed;
    private final Progress progress;

    Expansion(Path packed, Progress progress) {
        this.packed = packed;
        this.progress = progress;
    }

    /** The expanded tar, which lies beside the archive under its name without {@code .gz}. */
    Path tar() throws IOException {
        String name = packed.getFileName().toString();
        String stem = name.replaceFirst("(?i)\\.(tar\\.gz|tgz|gz)$", "");
        Path tar = Storage.beside(packed).resolve(stem + ".tar");
        FileTime time = Files.getLastModifiedTime(packed);
        if (Files.exists(tar)) {
            UserError.require(
                    Files.getLastModifiedTime(tar).toMillis() == time.toMillis(),
                    "%s is not the expanded form of %s: their times differ; use the .tar itself, or move it away so that"
                            + " the other is expanded",
                    tar,
                    packed);
            return tar;
        }
        expand(tar);
        Files.setLastModifiedTime(tar, time);
        return tar;
    }

    private void expand(Path tar) throws IOException {
        long expected = expectedSize();
        long free = freeSpace(tar);
        progress.line(String.format(
                Locale.ROOT,
                "Expanding %s once to %s: about %,d MB (%,d MB are free there)",
                packed,
                tar,
                expected >> 20,
                free >> 20));
        UserError.require(
                expected <= free - RESERVE,
                "%s needs about %d MB when it is expanded, but only %d MB are free beside it",
                packed,
                expected >> 20,
                free >> 20);
        AtomicFile.write(tar, channel -> copy(channel, tar, expected));
    }

    private void copy(FileChannel out, Path tar, long expected) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long done = 0;
        try (InputStream in = GzipCompressorInputStream.builder()
                .setInputStream(Files.newInputStream(packed))
                .setDecompressConcatenated(true)
                .get()) {
            for (int n = in.readNBytes(chunk, 0, CHUNK); n > 0; n = in.readNBytes(chunk, 0, CHUNK)) {
                if (done == 0) {
                    byte[] head = Arrays.copyOf(chunk, Math.min(n, TAR_HEAD));
                    UserError.require(Format.of(head, packed + " (expanded)") == Format.TAR, "%s holds no tar", packed);
                }
                UserError.require(
                        freeSpace(tar) > RESERVE + n,
                        "%s fills the disk when it is expanded: %d MB so far; nothing was kept",
                        packed,
                        done >> 20);
                ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, n);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                done += n;
                long now = done;
                progress.draw(() -> String.format(
                        Locale.ROOT, "Expanding %s: %,d of about %,d MB", packed, now >> 20, expected >> 20));
            }
        } catch (EOFException | ZipException e) {
            throw new UserError(packed + " is damaged or cut off: copy or download it again", e);
        }
    }

    /** The least size that the trailer allows and that is not smaller than the packed file: right for images. */
    private long expectedSize() throws IOException {
        try (FileChannel channel = FileChannel.open(packed)) {
            long size = channel.size();
            ByteBuffer trailer = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(trailer, Math.max(0, size - Integer.BYTES));
            long low = trailer.hasRemaining() ? 0 : trailer.getInt(0) & (SIZE_MODULUS - 1);
            long least = size - size / 1000 - CHUNK; // what does not compress grows a little
            return low >= least ? low : low + Math.ceilDiv(least - low, SIZE_MODULUS) * SIZE_MODULUS;
        }
    }

    /** Bytes free in the folder of a file. */
    private static long freeSpace(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent())
                .toFile()
                .getUsableSpace();
    }
}
