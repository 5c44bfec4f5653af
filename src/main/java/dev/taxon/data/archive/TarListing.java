package dev.taxon.data.archive;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Lists a tar by its headers alone. A {@code .tar} within it is a folder of that name without {@code .tar}: ILSVRC2012's. */
final class TarListing {
    private static final int RECORD = 512;
    private static final int BLOCK = 20 * RECORD;

    private final String archive;
    private final FileChannel channel;
    private final Members members;
    private final LongConsumer progress;
    private boolean endMissing;

    /** @param progress told the place in the file, now and then */
    TarListing(String archive, FileChannel channel, Members members, LongConsumer progress) {
        this.archive = archive;
        this.channel = channel;
        this.members = members;
        this.progress = progress;
    }

    /** Lists all of the file. */
    void list() throws IOException {
        list("", 0, channel.size(), true);
    }

    /** Whether the zeros that end a tar were not there: it may be cut off behind a member. */
    boolean endMissing() {
        return endMissing;
    }

    private void list(String folder, long start, long end, boolean nested) throws IOException {
        ChannelStream in = new ChannelStream(channel, start, end);
        long next = start;
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(in, BLOCK, RECORD, StandardCharsets.UTF_8.name(), true)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                long at = in.position();
                progress.accept(at);
                if (!entry.isCheckSumOK()) {
                    throw damaged("the header before byte " + at + " has a wrong checksum");
                }
                add(folder, entry, at, end, nested);
                next = at + Math.ceilDiv(sizeHere(entry), RECORD) * RECORD;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw damaged("behind byte " + next + ": " + e.getMessage());
        }
        endMissing |= !zeros(next, end);
    }

    private static long sizeHere(TarArchiveEntry entry) {
        return entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() ? entry.getSize() : 0;
    }

    private void add(String folder, TarArchiveEntry entry, long at, long end, boolean nested) throws IOException {
        String name = folder + entry.getName();
        if (entry.isDirectory()) {
            members.addFolder(name);
        } else if (entry.isLink()) {
            members.addLink(name, MemberName.clean(folder + entry.getLinkName()));
        } else if (entry.isSymbolicLink()) {
            members.addLink(name, MemberName.target(name, entry.getLinkName()));
        } else if (entry.isSparse()) {
            members.leaveOut("that are sparse files", name);
        } else if (entry.isFile()) {
            long size = entry.getSize();
            if (size < 0 || at > end - size) {
                throw UserError.of(
                        "%s is cut off: its member %s has %d bytes from byte %d on, but the archive ends at byte %d; copy"
                                + " or download it again",
                        archive, name, size, at, end);
            }
            if (nested && name.endsWith(".tar") && size > 0) {
                String inner = name.substring(0, name.length() - ".tar".length()) + "/";
                members.addFolder(inner);
                list(inner, at, at + size, false);
            } else {
                members.add(name, at, size, Members.STORED, 0);
            }
        }
    }

    private boolean zeros(long at, long end) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(RECORD);
        while (record.hasRemaining() && at + record.position() < end) {
            if (channel.read(record, at + record.position()) < 0) {
                break;
            }
        }
        for (int i = 0; i < record.position(); i++) {
            if (record.get(i) != 0) {
                return false;
            }
        }
        return record.position() == RECORD;
    }

    private UserError damaged(String why) {
        return UserError.of("%s is damaged or cut off (%s); copy or download it again", archive, why);
    }
}
