package dev.taxon.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A download over HTTP that goes on where it stopped: what has come lies in a {@code .part} file, and a cut connection
 * is taken up again with a Range request, in this run or a later one.
 *
 * @param connectMillis how long to wait for a connection: short, so that a machine without this host soon tries another
 * @param readMillis how long to wait for the next bytes
 */
public record Download(int connectMillis, int readMillis) {
    public static final Download DEFAULT = new Download(4_000, 20_000);

    private static final int ATTEMPTS = 4;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+)");

    /** Where the part of an address lies; another address has another part. */
    static Path part(Path scratch, String url) {
        CRC32 crc = new CRC32();
        crc.update(url.getBytes(StandardCharsets.UTF_8));
        return scratch.resolve(
                url.substring(url.lastIndexOf('/') + 1) + "-" + Long.toHexString(crc.getValue()) + ".part");
    }

    /**
     * Brings all of {@code url} into {@code part}.
     *
     * @throws IOException that says why in a few words, after several attempts if some bytes came
     */
    public void get(String url, Path part, TransferProgress progress) throws IOException {
        progress.begin(url.substring(url.lastIndexOf('/') + 1), size(part));
        IOException last = new IOException("nothing came");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long before = size(part);
            try {
                if (once(url, part, progress)) {
                    progress.finish();
                    return;
                }
            } catch (IOException e) {
                last = e;
            }
            if (size(part) == before) {
                break; // nothing came at all: this host will not do better in a second
            }
        }
        progress.finish();
        throw new IOException(reason(last), last);
    }

    /** One request. False: what lay there was of no use, begin again. */
    private boolean once(String url, Path part, TransferProgress progress) throws IOException {
        long have = size(part);
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        try {
            connection.setConnectTimeout(connectMillis);
            connection.setReadTimeout(readMillis);
            connection.setRequestProperty("Accept-Encoding", "identity");
            if (have > 0) {
                connection.setRequestProperty("Range", "bytes=" + have + "-");
            }
            int status = connection.getResponseCode();
            Matcher range = CONTENT_RANGE.matcher(String.valueOf(connection.getHeaderField("Content-Range")));
            boolean goesOn = status == 206 && range.matches() && Long.parseLong(range.group(1)) == have;
            if (have > 0 && (status == 416 || (status == 206 && !goesOn))) {
                Files.delete(part);
                return once(url, part, progress);
            }
            if (status != 200 && !goesOn) {
                throw new IOException("HTTP status " + status);
            }
            long total = goesOn ? Long.parseLong(range.group(2)) : connection.getContentLengthLong();
            copy(connection, part, goesOn, total, progress);
            if (total >= 0 && size(part) != total) {
                throw new IOException("the connection broke after " + size(part) + " of " + total + " bytes");
            }
            return true;
        } finally {
            connection.disconnect();
        }
    }

    private static void copy(
            HttpURLConnection connection, Path part, boolean append, long total, TransferProgress progress)
            throws IOException {
        StandardOpenOption how = append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        long done = append ? size(part) : 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = connection.getInputStream();
                OutputStream out =
                        Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                done += n;
                progress.at(done, total);
            }
        } catch (IOException e) {
            throw new IOException("stopped after " + done + " of " + total + " bytes: " + e.getMessage(), e);
        }
    }

    private String reason(IOException e) {
        return switch (e) {
            case UnknownHostException unknown -> "the host name is not known here";
            case SocketTimeoutException timeout -> "no answer (" + timeout.getMessage() + ")";
            case ConnectException refused -> "no connection";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
