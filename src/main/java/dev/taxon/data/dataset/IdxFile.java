package dev.taxon.data.dataset;

import dev.taxon.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of MNIST's idx format, plain or with {@code .gz} at its end: magic (0, 0, 8 = uint8, number of dimensions),
 * the sizes as big-endian int32, the elements. Source: yann.lecun.com/exdb/mnist.
 *
 * @param sizes one a dimension
 * @param data the elements, row-major
 */
@SuppressWarnings("ArrayRecordComponent") // a file's contents, not compared
record IdxFile(Path path, List<Integer> sizes, byte[] data) {
    private static final int UINT8 = 8;

    /**
     * Reads a whole file.
     *
     * @param dimensions how many the file must have: 3 for images, 1 for labels
     * @throws UserError if it is damaged or something else
     */
    static IdxFile read(Path path, int dimensions) {
        try (InputStream in = open(path)) {
            byte[] head = in.readNBytes(4 + 4 * dimensions);
            UserError.require(
                    head.length == 4 + 4 * dimensions
                            && head[0] == 0
                            && head[1] == 0
                            && head[2] == UINT8
                            && head[3] == dimensions,
                    "%s is no idx file of %d dimensions: expected magic 0x%08x, got %s; delete it and fetch it again",
                    path,
                    dimensions,
                    UINT8 << 8 | dimensions,
                    head.length < 4
                            ? head.length + " bytes"
                            : String.format("0x%08x", ByteBuffer.wrap(head).getInt()));
            List<Integer> sizes = new ArrayList<>();
            long count = 1;
            for (int i = 0; i < dimensions; i++) {
                int size = ByteBuffer.wrap(head).getInt(4 + 4 * i);
                UserError.require(size > 0, "%s is damaged: dimension %d has size %d", path, i, size);
                sizes.add(size);
                count = Math.min(count * size, Integer.MAX_VALUE);
            }
            byte[] data = in.readNBytes((int) count);
            UserError.require(
                    data.length == count && in.read() < 0,
                    "%s is damaged: its header %s promises %d bytes of data, it has %s; delete it and fetch it again",
                    path,
                    sizes,
                    count,
                    data.length == count ? "more" : String.valueOf(data.length));
            return new IdxFile(path, sizes, data);
        } catch (EOFException | ZipException e) {
            throw new UserError(
                    path + " is damaged or cut off (" + e.getMessage() + "); delete it and fetch it again", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private static InputStream open(Path path) throws IOException {
        InputStream file = Files.newInputStream(path);
        if (!path.toString().endsWith(".gz")) {
            return file;
        }
        try {
            return new GZIPInputStream(file, 1 << 16);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }
}
