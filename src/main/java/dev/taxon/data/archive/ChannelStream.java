package dev.taxon.data.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Part of a file as a stream that knows where it is, and skips without reading. Does not own the channel. */
final class ChannelStream extends InputStream {
    private final FileChannel channel;
    private final long end;
    private long position;

    ChannelStream(FileChannel channel, long start, long end) {
        this.channel = channel;
        this.position = start;
        this.end = end;
    }

    /** The place in the file of the byte that is read next. */
    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
        if (position >= end) {
            return length == 0 ? 0 : -1;
        }
        int n = channel.read(ByteBuffer.wrap(to, at, (int) Math.min(length, end - position)), position);
        position += Math.max(n, 0);
        return n;
    }

    @Override
    public long skip(long bytes) {
        long n = Math.clamp(bytes, 0, end - position);
        position += n;
        return n;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, end - position);
    }
}
