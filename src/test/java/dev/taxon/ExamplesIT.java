package dev.taxon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs under examples/ compile against engine.jar alone, with all of javac's warnings, and run. */
class ExamplesIT {
    private static final Path ENGINE =
            Path.of(System.getProperty("taxon.engineJar", "target/engine.jar")).toAbsolutePath();
    private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");
    private static final Path CONFIG =
            Path.of("configs/resnet/resnet20_cifar10.py").toAbsolutePath();

    @TempDir
    static Path dir;

    private static Path classes;
    private static Path weights;
    private static Path image;

    @BeforeAll
    static void compile() throws Exception {
        classes = Files.createDirectories(dir.resolve("classes"));
        List<String> command = new ArrayList<>(List.of(
                BIN.resolve("javac").toString(),
                "--release",
                "25",
                "-Xlint:all,-path",
                "-Werror",
                "-cp",
                ENGINE.toString(),
                "-d",
                classes.toString()));
        try (var sources = Files.walk(Path.of("examples/src/main/java"))) {
            sources.filter(f -> f.toString().endsWith(".java"))
                    .map(Path::toString)
                    .forEach(command::add);
        }
        run(command);
        weights = Files.write(dir.resolve("resnet20.th"), Golden.bytes("weights/resnet20-12fca82f.th"));
        BufferedImage picture = new BufferedImage(70, 50, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setColor(Color.CYAN);
        g.fillRect(5, 20, 50, 12);
        g.dispose();
        image = dir.resolve("picture.png");
        ImageIO.write(picture, "png", image.toFile());
    }

    private static List<String> java(Object... args) {
        List<String> command = new ArrayList<>(List.of(
                BIN.resolve("java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes + File.pathSeparator + ENGINE));
        Arrays.stream(args).map(String::valueOf).forEach(command::add);
        return command;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out;
    }

    @Test
    void classifyPrintsTheBestClasses() throws Exception {
        String out = run(java("example.Classify", CONFIG, weights, image, image));
        assertEquals(2, out.lines().filter(l -> l.equals(image.toString())).count(), out);
        assertEquals(
                6, out.lines().filter(l -> l.matches(" +\\d+[.,]\\d %  \\w+")).count(), out);
    }

    @Test
    void trainShowsStepsAndMetrics() throws Exception {
        Path data = SyntheticMnist.write(dir.resolve("mnist"), 256, 64);
        String out = run(java(
                "example.Train",
                Path.of("configs/lenet/lenet5_mnist.py").toAbsolutePath(),
                dir.resolve("work"),
                "data.train.data_prefix=" + data,
                "data.val.data_prefix=" + data,
                "data.test.data_prefix=" + data,
                "runner.max_epochs=1",
                "evaluation.interval=1"));
        assertTrue(out.contains("2/2  loss "), out);
        assertTrue(out.contains("epoch 1: {accuracy_top-1="), out);
        assertTrue(Files.exists(dir.resolve("work/latest.pth")), out);
    }

    @Test
    void serveAnswersManyAtOnce() throws Exception {
        Process server = new ProcessBuilder(java("example.Serve", CONFIG, weights, 0))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
                HttpClient client = HttpClient.newHttpClient()) {
            String line = String.valueOf(out.readLine());
            assertTrue(line.startsWith("listening on http://localhost:"), line);
            URI address = URI.create(line.replace("listening on ", ""));
            HttpRequest good = HttpRequest.newBuilder(address)
                    .POST(HttpRequest.BodyPublishers.ofFile(image))
                    .build();
            var replies = IntStream.range(0, 40)
                    .mapToObj(i -> client.sendAsync(good, HttpResponse.BodyHandlers.ofString()))
                    .toList();
            for (var reply : replies) {
                HttpResponse<String> response = reply.get();
                assertEquals(200, response.statusCode(), response.body());
                assertTrue(
                        response.body().matches("\\{\"class\": \"\\w+\", \"score\": 0\\.\\d+(E-\\d+)?}\\s"),
                        response.body());
                assertEquals(replies.getFirst().get().body(), response.body());
            }
            HttpRequest bad = HttpRequest.newBuilder(address)
                    .POST(HttpRequest.BodyPublishers.ofString("no image"))
                    .build();
            HttpResponse<String> refused = client.send(bad, HttpResponse.BodyHandlers.ofString());
            assertEquals(400, refused.statusCode());
            assertTrue(refused.body().contains("cannot be decoded"), refused.body());
        } finally {
            server.destroy();
        }
        assertTrue(server.waitFor(20, TimeUnit.SECONDS));
    }
}
