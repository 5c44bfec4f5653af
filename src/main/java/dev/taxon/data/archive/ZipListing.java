package dev.taxon.data.archive;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Lists a zip by its directory, and each member's own header, behind which its bytes begin. */
final class ZipListing {
    private static final int LONGEST_PATH = 4096;

    private ZipListing() {}

    /**
     * Lists a whole zip.
     *
     * @param progress told the place in the file, now and then
     */
    static void list(Path file, Members members, LongConsumer progress) {
        String archive = file.toString();
        try (FileChannel channel = FileChannel.open(file);
                ZipFile zip = ZipFile.builder().setSeekableByteChannel(channel).get()) {
            long end = channel.size();
            for (Enumeration<ZipArchiveEntry> e = zip.getEntriesInPhysicalOrder(); e.hasMoreElements(); ) {
                ZipArchiveEntry entry = e.nextElement();
                progress.accept(entry.getLocalHeaderOffset());
                add(archive, zip, entry, members, end);
            }
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException | IOException e) {
            throw new UserError(
                    archive + " is damaged or cut off (" + e.getMessage() + "); copy or download it again", e);
        }
    }

    private static void add(String archive, ZipFile zip, ZipArchiveEntry entry, Members members, long end)
            throws IOException {
        String name = entry.getName();
        if (entry.isDirectory()) {
            members.addFolder(name);
            return;
        }
        UserError.require(
                !entry.getGeneralPurposeBit().usesEncryption(),
                "%s is an encrypted archive (its member %s is); save it without a password",
                archive,
                name);
        if (entry.isUnixSymlink()) {
            boolean path = entry.getSize() <= LONGEST_PATH;
            members.addLink(name, path ? MemberName.target(name, zip.getUnixSymlink(entry)) : Optional.empty());
            return;
        }
        boolean stored = entry.getMethod() == ZipArchiveEntry.STORED;
        UserError.require(
                stored || entry.getMethod() == ZipArchiveEntry.DEFLATED,
                "%s: its member %s is packed by method %d, and only stored and deflated members can be read; zip the files"
                        + " again, best with 'zip -0'",
                archive,
                name,
                entry.getMethod());
        long offset = entry.getDataOffset();
        long packed = entry.getCompressedSize();
        UserError.require(
                offset >= 0 && packed >= 0 && entry.getSize() >= 0 && offset <= end - packed,
                "%s is damaged: its member %s would lie outside of it; copy or download it again",
                archive,
                name);
        members.add(name, offset, entry.getSize(), stored ? Members.STORED : packed, (int) entry.getCrc());
    }
}
