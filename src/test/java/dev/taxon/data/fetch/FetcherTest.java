package dev.taxon.data.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taxon.UserError;
import dev.taxon.data.dataset.Kind;
import dev.taxon.random.Rng;
import dev.taxon.report.Progress;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching against a server on loopback that cuts connections, ignores ranges or sends something else. */
class FetcherTest {
    private static final byte[] CONTENTS = random(300_000);
    private static final Download SHORT = new Download(10_000, 10_000);

    @TempDir
    private Path root;

    private HttpServer server;
    private final List<String> requests = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private byte[] body = new byte[0];
    private int cutAfter = Integer.MAX_VALUE; // bytes of a response before the connection breaks
    private boolean ranges = true;
    private int status = 200;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        body = gzip(CONTENTS);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(exchange.getRequestURI().getPath() + (range == null ? "" : " " + range));
        int from = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from > 0) {
            String value = "bytes " + from + "-" + (body.length - 1) + "/" + body.length;
            exchange.getResponseHeaders().set("Content-Range", value);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : status, body.length - from);
        exchange.getResponseBody().write(body, from, Math.min(cutAfter, body.length - from));
        exchange.close(); // breaks the connection if that is less than was promised
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private Mirror.Each mirror() {
        return new Mirror.Each(base(), SHORT);
    }

    private void fetch(Path folder, Source... sources) throws Exception {
        List<Wanted> files = List.of(new Wanted("sub/file", md5(CONTENTS)));
        TransferProgress progress =
                new TransferProgress(Progress.on(new PrintStream(said, true, StandardCharsets.UTF_8), false));
        new Fetcher(progress, kind -> new Catalog(files, List.of(sources))).fetch(Kind.MNIST, folder);
    }

    private String failure(Source... sources) {
        return String.valueOf(
                assertThrows(UserError.class, () -> fetch(root, sources)).getMessage());
    }

    private void assertFetched() throws IOException {
        assertArrayEquals(CONTENTS, Files.readAllBytes(root.resolve("sub/file")));
        assertFalse(Files.exists(root.resolve(".fetch")), "nothing is left over");
    }

    @Test
    void bringsUnpacksAndVerifies() throws Exception {
        fetch(root.resolve("new/folder"), mirror());
        assertArrayEquals(CONTENTS, Files.readAllBytes(root.resolve("new/folder/sub/file")));
        fetch(root.resolve("new/folder"), mirror());
        assertEquals(List.of("/file.gz"), requests, "what is there is not fetched again");
    }

    @Test
    void aCutConnectionIsTakenUpAgain() throws Exception {
        cutAfter = 120_000;
        fetch(root, mirror());
        assertFetched();
        assertEquals(List.of("/file.gz", "/file.gz bytes=120000-", "/file.gz bytes=240000-"), requests);
    }

    @Test
    void aLaterRunGoesOnWhereThisOneStopped() throws Exception {
        cutAfter = 60_000; // four attempts are not enough
        String message = failure(mirror());
        assertTrue(message.contains("stopped after 240000 of " + body.length + " bytes"), message);
        assertFalse(Files.exists(root.resolve("sub/file")));
        requests.clear();
        cutAfter = Integer.MAX_VALUE;
        fetch(root, mirror());
        assertFetched();
        assertEquals(List.of("/file.gz bytes=240000-"), requests);
    }

    @Test
    void aServerWithoutRangesSendsAllAgain() throws Exception {
        cutAfter = 60_000;
        failure(mirror());
        cutAfter = Integer.MAX_VALUE;
        ranges = false;
        fetch(root, mirror());
        assertFetched();
    }

    @Test
    void wrongContentsAreNeverData() throws Exception {
        byte[] wrong = CONTENTS.clone();
        wrong[5] ^= 1;
        body = gzip(wrong);
        assertEquals(
                "MNIST is not complete in " + root + " and could not be fetched (tried " + base()
                        + ": sent a wrong file (md5 expected " + md5(CONTENTS) + ", got " + md5(wrong)
                        + "; nothing of it was kept)); connect this machine and run again,"
                        + " or put sub/file there by hand",
                failure(mirror()));
        assertFalse(Files.exists(root.resolve("sub/file")));
        body = "<html>please log in</html>".getBytes(StandardCharsets.UTF_8);
        assertTrue(failure(mirror()).contains("Not in GZIP format"));
        body = Arrays.copyOf(gzip(CONTENTS), 1000); // whole as the server sees it
        assertTrue(failure(mirror()).contains("Unexpected end of ZLIB input stream"));
        body = gzip(CONTENTS);
        fetch(root, mirror());
        assertFetched();
    }

    @Test
    void theNextSourceIsTriedAndEachFailureIsListed() throws Exception {
        status = 404;
        Source unknown = new Mirror.Each("http://no-such-host.invalid/", SHORT);
        Source closed = new Mirror.Tar("http://127.0.0.1:1/all.tar.gz", SHORT);
        Source npm = new Source() {
            @Override
            public String name() {
                return "a client that is not there";
            }

            @Override
            public void bring(Delivery d, Path scratch, TransferProgress p) throws IOException, InterruptedException {
                var _ = Client.run(scratch, p, "x", List.of("taxon-no-such-program"));
            }
        };
        String message = failure(unknown, closed, mirror(), npm);
        assertTrue(message.contains("http://no-such-host.invalid/: the host name is not known here"), message);
        assertTrue(message.contains("all.tar.gz: no connection"), message);
        assertTrue(message.contains(base() + ": HTTP status 404"), message);
        assertTrue(message.contains("taxon-no-such-program is not installed"), message);
        status = 200;
        fetch(root, unknown, closed, mirror());
        assertFetched();
        assertTrue(said.toString(StandardCharsets.UTF_8).contains("failed: the host name is not known here"));
    }

    @Test
    void tarAndDebianArchivesGiveOnlyWhatIsWanted() throws Exception {
        body = gzip(tar("folder/file", CONTENTS, "../evil", new byte[9]));
        fetch(root, new Mirror.Tar(base() + "all.tar.gz", SHORT));
        assertFetched();
        assertFalse(Files.exists(root.resolveSibling("evil")));

        ByteArrayOutputStream deb = new ByteArrayOutputStream();
        try (ArArchiveOutputStream ar = new ArArchiveOutputStream(deb)) {
            byte[] data = xz(tar("./usr/share/x/file.gz", gzip(CONTENTS), "./usr/share/doc/y", new byte[9]));
            for (String name : List.of("debian-binary", "data.tar.xz")) {
                byte[] bytes = name.equals("data.tar.xz") ? data : new byte[] {'2'};
                ar.putArchiveEntry(new ArArchiveEntry(name, bytes.length));
                ar.write(bytes);
                ar.closeArchiveEntry();
            }
        }
        Path packageFile = Files.write(root.resolve("x.deb"), deb.toByteArray());
        Path scratch = Files.createDirectory(root.resolve("scratch"));
        var delivery = new Delivery(root.resolve("deb"), scratch, List.of(new Wanted("file", md5(CONTENTS))));
        Archives.deb(packageFile, Archives.to(delivery));
        assertArrayEquals(CONTENTS, Files.readAllBytes(root.resolve("deb/file")));
    }

    @Test
    void rowsOfPixelsBecomeCifarRecords() throws Exception {
        BufferedImage image = new BufferedImage(1024, 2, BufferedImage.TYPE_INT_ARGB);
        for (int x = 0; x < 1024; x++) {
            image.setRGB(x, 1, 0xFF000000 | (x & 0xFF) << 16 | (x >> 8) << 8 | 77);
        }
        Path png = root.resolve("rows.png");
        ImageIO.write(image, "png", png.toFile());
        byte[] records = CifarRows.records(png, new int[] {4, 9});
        assertEquals(2 * 3073, records.length);
        assertEquals(4, records[0]);
        assertEquals(9, records[3073]);
        assertEquals((byte) 200, records[3074 + 200]);
        assertEquals(3, records[3074 + 1024 + 1000]);
        assertEquals(77, records[3074 + 2048 + 5]);
    }

    private static byte[] random(int size) {
        Rng rng = new Rng(5, 0);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) rng.nextInt();
        }
        return bytes;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gz = new GZIPOutputStream(out)) {
            gz.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] xz(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream xz = new XZCompressorOutputStream(out)) {
            xz.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] tar(Object... namesAndBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                byte[] bytes = (byte[]) namesAndBytes[i + 1];
                TarArchiveEntry entry = new TarArchiveEntry((String) namesAndBytes[i], true);
                entry.setSize(bytes.length);
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }

    private static String md5(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    }
}
