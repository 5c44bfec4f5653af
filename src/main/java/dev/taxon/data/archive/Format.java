package dev.taxon.data.archive;

import dev.taxon.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarUtils;

/** Kinds of archives, by what they begin with. */
enum Format {
    TAR,
    ZIP,
    PACKED,
    GZIP;

    private static final int BLOCK = 512; // of a tar
    private static final String OTHERS = "BZh,7z\u00bc\u00af,\u00fd7zXZ,Rar!,(\u00b5/\u00fd";

    /**
     * The format of a file.
     *
     * @throws UserError if it is none of these
     */
    static Format of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(BLOCK), file.toString());
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e, e);
        }
    }

    /** The format of a file that begins with these bytes: 512 of them, or all. */
    static Format of(byte[] head, String name) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("PK\003\004") || text.startsWith("PK\005\006")) {
            return ZIP;
        }
        if (text.startsWith(Packed.MAGIC)) {
            return PACKED;
        }
        if (text.startsWith("\u001f\u008b")) {
            return GZIP;
        }
        if (head.length == BLOCK && isTar(head)) {
            return TAR;
        }
        for (String other : OTHERS.split(",", -1)) {
            UserError.require(
                    !text.startsWith(other),
                    "%s is compressed in a way that cannot be read by offset; expand it to a .tar or a folder first",
                    name);
        }
        throw UserError.of(
                "%s is a file, but no archive: expected a folder, a .tar, .tar.gz or .zip, or a file of 'data prepare'",
                name);
    }

    private static boolean isTar(byte[] head) {
        boolean empty = true; // zeros alone are a tar without members
        for (byte b : head) {
            empty &= b == 0;
        }
        try {
            return empty || TarUtils.verifyCheckSum(head);
        } catch (IllegalArgumentException e) {
            return false; // its checksum is no number
        }
    }
}
