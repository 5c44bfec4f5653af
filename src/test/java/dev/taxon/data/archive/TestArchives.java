package dev.taxon.data.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Archives for tests, written by Commons Compress. Members by name in order: text is a file, a name that ends with / a
 * folder; a text that begins with "->" is a symbolic link, with "=>" a hard one.
 */
public final class TestArchives {
    private TestArchives() {}

    public static byte[] tar(Map<String, byte[]> members) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                String text = new String(member.getValue(), StandardCharsets.UTF_8);
                boolean symbolic = text.startsWith("->");
                if (symbolic || text.startsWith("=>")) {
                    byte kind = symbolic ? TarConstants.LF_SYMLINK : TarConstants.LF_LINK;
                    TarArchiveEntry link = new TarArchiveEntry(member.getKey(), kind, true);
                    link.setLinkName(text.substring(2));
                    tar.putArchiveEntry(link);
                } else {
                    TarArchiveEntry entry = new TarArchiveEntry(member.getKey(), true);
                    entry.setSize(member.getValue().length);
                    tar.putArchiveEntry(entry);
                    tar.write(member.getValue());
                }
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    public static byte[] zip(Map<String, byte[]> members, boolean deflated) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipArchiveEntry entry = new ZipArchiveEntry(member.getKey());
                byte[] contents = member.getValue();
                String text = new String(contents, StandardCharsets.UTF_8);
                if (text.startsWith("->")) {
                    entry.setUnixMode(0120777);
                    contents = text.substring(2).getBytes(StandardCharsets.UTF_8);
                }
                entry.setMethod(deflated ? ZipEntry.DEFLATED : ZipEntry.STORED);
                java.util.zip.CRC32 crc = new java.util.zip.CRC32();
                crc.update(contents);
                entry.setCrc(crc.getValue());
                entry.setSize(contents.length);
                zip.putArchiveEntry(entry);
                zip.write(contents);
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    public static Path gzip(Path file, byte[] contents) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(contents);
        }
        return file;
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
