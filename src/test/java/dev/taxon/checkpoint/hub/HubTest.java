package dev.taxon.checkpoint.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taxon.UserError;
import dev.taxon.checkpoint.FileHash;
import dev.taxon.data.fetch.Download;
import dev.taxon.random.Rng;
import dev.taxon.report.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints by name, against a server on loopback that cuts connections, lacks files or sends something else. */
class HubTest {
    private static final byte[] CONTENTS = random(300_000);
    private static final Download SHORT = new Download(10_000, 10_000);

    @TempDir
    private Path root;

    private HttpServer server;
    private final List<String> requests = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private int cutAfter = Integer.MAX_VALUE; // bytes of a response before the connection breaks
    private int status = 200;
    private String name;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        Path file = Files.write(root.resolve("contents"), CONTENTS);
        name = "net-" + FileHash.sha256(file).substring(0, 8) + ".pth";
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        Rng rng = new Rng(1, 2);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) rng.nextInt(256);
        }
        return bytes;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(exchange.getRequestURI() + (range == null ? "" : " " + range));
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from > 0) {
            String value = "bytes " + from + "-" + (CONTENTS.length - 1) + "/" + CONTENTS.length;
            exchange.getResponseHeaders().set("Content-Range", value);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : status, CONTENTS.length - from);
        exchange.getResponseBody().write(CONTENTS, from, Math.min(cutAfter, CONTENTS.length - from));
        exchange.close(); // breaks the connection if that is less than was promised
    }

    private String url(String file) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/zoo/" + file;
    }

    private Hub hub() {
        Progress progress = Progress.on(new PrintStream(said, true, StandardCharsets.UTF_8), false);
        return new Hub(cache(), progress, SHORT);
    }

    private Path cache() {
        return root.resolve("hub/checkpoints");
    }

    private String failure(String checkpoint) {
        return String.valueOf(
                assertThrows(UserError.class, () -> hub().locate(checkpoint)).getMessage());
    }

    private List<String> cached() throws IOException {
        try (Stream<Path> files = Files.list(cache())) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }

    @Test
    void downloadsOnceIntoPyTorchsFolder() throws IOException {
        Path file = hub().locate(url(name));
        assertEquals(cache().resolve(name), file);
        assertArrayEquals(CONTENTS, Files.readAllBytes(file));
        assertEquals(file, hub().locate(url(name)));
        assertEquals(List.of("/zoo/" + name), requests, "what is there is not fetched again");
        assertEquals(List.of(name), cached(), "nothing is left over");
        assertEquals(
                "Downloading: \"" + url(name) + "\" to " + file,
                said.toString(StandardCharsets.UTF_8).strip());
    }

    @Test
    void aCutDownloadGoesOnWhereItStopped() throws IOException {
        cutAfter = 60_000; // four attempts are not enough
        String message = failure(url(name));
        assertTrue(message.startsWith("cannot download " + url(name) + ": stopped after 240000 of 300000"), message);
        assertTrue(message.contains("put the file at " + cache().resolve(name) + " by hand"), message);
        requests.clear();
        cutAfter = Integer.MAX_VALUE;
        assertArrayEquals(CONTENTS, Files.readAllBytes(hub().locate(url(name))));
        assertEquals(List.of("/zoo/" + name + " bytes=240000-"), requests);
        assertEquals(List.of(name), cached());
    }

    @Test
    void aWrongHashKeepsNothing() throws IOException {
        String message = failure(url("net-01234567.pth"));
        assertTrue(
                message.startsWith(
                        url("net-01234567.pth")
                                + " sent a wrong file: its SHA-256 should begin with 01234567 as its name says, and begins with "),
                message);
        assertFalse(Files.exists(cache().resolve("net-01234567.pth")));
        assertFalse(Files.exists(cache().resolve("net-01234567.pth.part")));
    }

    @Test
    void failuresAreOneSentence() {
        status = 404;
        String message = failure(url(name));
        assertTrue(message.startsWith("cannot download " + url(name) + ": HTTP status 404; "), message);
        message = failure("http://nowhere.invalid/a-0123abcd.pth");
        assertTrue(message.contains(": the host name is not known here; connect this machine"), message);
        int port = server.getAddress().getPort();
        server.stop(0);
        message = failure("http://127.0.0.1:" + port + "/a-0123abcd.pth");
        assertTrue(message.contains(": no connection; connect this machine"), message);
        assertTrue(failure("https://host.invalid/").contains("names no file"));
        assertTrue(failure("s3://bucket/a.pth").contains("Taxon reads paths, http://"), "another scheme");
        assertTrue(failure("http://a b/c.pth").contains("is no address"));
    }

    @Test
    void namesWithoutAHashDoNotShareAFile() throws IOException {
        Path a = hub().locate(url("a/latest.pth?download=1"));
        Path b = hub().locate(url("b/latest.pth"));
        assertEquals("latest.pth", a.getFileName().toString());
        assertFalse(Files.isSameFile(a, b));
        assertEquals(a, hub().locate(url("a/latest.pth?download=1")));
        assertEquals(List.of("/zoo/a/latest.pth?download=1", "/zoo/b/latest.pth"), requests);
        assertEquals(Optional.of("f707e7126e"), Hub.hash("shufflenetv2_x0.5-f707e7126e.pth"));
        assertEquals(Optional.empty(), Hub.hash("net-20210928.pth"), "a date");
        assertEquals(Optional.empty(), Hub.hash("resnet50.pth"));
    }

    @Test
    void pathsStayPaths() {
        assertEquals(Path.of("work_dirs/epoch_1.pth"), hub().locate("work_dirs/epoch_1.pth"));
        assertEquals(Path.of(System.getProperty("user.home"), "a.pth"), hub().locate("~/a.pth"));
        assertFalse(Hub.isRemote("C:/x.pth"));
        assertTrue(Hub.isRemote("torchvision://resnet50"));
    }

    @Test
    void zoosAreMmcvs() {
        assertEquals(
                "https://download.pytorch.org/models/resnet50-0676ba61.pth",
                Zoo.address("torchvision://resnet50").orElseThrow());
        assertEquals(
                "https://download.pytorch.org/models/resnet50-11ad3fa6.pth",
                Zoo.address("torchvision://ResNet50_Weights.IMAGENET1K_V2").orElseThrow());
        assertEquals(Zoo.address("torchvision://vgg16"), Zoo.address("modelzoo://vgg16"));
        assertEquals(Zoo.address("open-mmlab://resnet50_v1c"), Zoo.address("openmmlab://resnet50_v1c"));
        assertTrue(Zoo.address("mmcls://mobilenet_v2").orElseThrow().contains("/mmclassification/v0/mobilenet_v2/"));
        assertEquals(Optional.empty(), Zoo.address("https://host/a.pth"));
        assertEquals(
                "mmcls://resnet5 is no name that Taxon knows; did you mean 'resnet50'?", failure("mmcls://resnet5"));
        for (Zoo zoo : Zoo.values()) {
            assertTrue(
                    zoo.addresses().size() >= 30,
                    zoo + " has " + zoo.addresses().size());
            zoo.addresses().forEach((model, url) -> assertTrue(url.matches("https://\\S+\\.pth"), model));
        }
    }

    @Test
    void whatPyTorchDownloadedIsUsed() throws IOException {
        Path file = Files.createDirectories(cache()).resolve("resnet50-0676ba61.pth");
        Files.write(file, CONTENTS);
        assertEquals(file, hub().locate("torchvision://resnet50"));
        assertEquals("", said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theCacheIsPyTorchs() {
        assertEquals(Path.of("/h/.cache/torch/hub/checkpoints"), Hub.folder(Map.of("HOME", "/h")));
        assertEquals(Path.of("/x/torch/hub/checkpoints"), Hub.folder(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x")));
        assertEquals(Path.of("/h/t/hub/checkpoints"), Hub.folder(Map.of("HOME", "/h", "TORCH_HOME", "~/t")));
    }
}
