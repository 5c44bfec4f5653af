package dev.taxon.data.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.random.Rng;
import dev.taxon.report.Progress;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tar of 1000 tars with as many images as ILSVRC2012 has, of one byte each: 1.3 GB on the disk. */
@Tag("slow")
class ImageNetScaleTest {
    private static final int CLASSES = 1000;
    private static final int IMAGES = 1_281_167;
    private static final int RECORD = 512;

    @TempDir
    private Path dir;

    @Test
    void anIndexOfImageNetOpensInASecondAndTakesLittleMemory() throws Exception {
        Path tar = dir.resolve("train.tar");
        write(tar);
        long start = System.nanoTime();
        Archive.open(tar, Progress.none()).close();
        double indexed = (System.nanoTime() - start) / 1e9;
        long bytes = Files.size(dir.resolve("train.tar.taxon-index"));
        String[] numbers = run("open", tar, "-Xmx64m").getLast().split(" ", -1);
        System.out.printf(
                Locale.ROOT,
                "index made in %.1f s, %.1f MB; opened and listed in %s s with %s MB more, shuffled in %s s%n",
                indexed,
                bytes / 1e6,
                numbers[1],
                numbers[2],
                numbers[3]);
        assertEquals(IMAGES, Integer.parseInt(numbers[0]));
        assertTrue(Double.parseDouble(numbers[1]) < 1, "opened in " + numbers[1] + " s");
        assertTrue(Double.parseDouble(numbers[2]) < 100, numbers[2] + " MB more");
        assertTrue(Double.parseDouble(numbers[3]) < 1, "shuffled in " + numbers[3] + " s");
    }

    @Test
    void memoryIsFlatOverTwentyEpochs() throws Exception {
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int i = 0; i < 600; i++) {
            members.put("c" + i % 3 + "/" + i + ".jpg", jpeg(i));
        }
        Path tar = Files.write(dir.resolve("small.tar"), TestArchives.tar(members));
        double[] megabytes = run("epochs", tar, "-Xmx64m").stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
        System.out.println("MB after each epoch: " + Arrays.toString(megabytes));
        assertEquals(20, megabytes.length);
        double settled = Arrays.stream(megabytes, 5, 10).max().orElseThrow();
        double last = Arrays.stream(megabytes, 15, 20).max().orElseThrow();
        assertTrue(last - settled < 4, "from " + settled + " to " + last + " MB");
    }

    private static List<String> run(String what, Path file, String heap) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        heap.replace("-Xmx", "-Xms"),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1", // the second compiler takes memory of its own, at some time
                        "-XX:+AlwaysPreTouch", // else pages of the heap count only when they are first used
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ScaleProbe.class.getName(),
                        what,
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new ArrayList<>();
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(lines::add);
        }
        assertEquals(0, process.waitFor(), lines.toString());
        return lines;
    }

    private static byte[] jpeg(int seed) throws IOException {
        Rng rng = new Rng(seed, 0);
        var image = new BufferedImage(160 + seed % 40, 120, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 160 * 120; i++) {
            image.setRGB(i % 160, i / 160, rng.nextInt() & 0xFFFFFF);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", out);
        return out.toByteArray();
    }

    private static void write(Path tar) throws IOException {
        byte[] zeros = new byte[2 * RECORD];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(tar), 1 << 20)) {
            for (int c = 0; c < CLASSES; c++) {
                int images = IMAGES / CLASSES + (c < IMAGES % CLASSES ? 1 : 0);
                String name = String.format(Locale.ROOT, "n%08d", 1_440_764 + 7 * c);
                out.write(header(name + ".tar", images * 2L * RECORD + 2 * RECORD));
                byte[] contents = new byte[RECORD];
                for (int i = 0; i < images; i++) {
                    out.write(header(name + "_" + (i * 37 % 100_000) + ".JPEG", 1));
                    out.write(contents);
                }
                out.write(zeros);
            }
            out.write(zeros);
        }
    }

    /** A header of the ustar format. */
    private static byte[] header(String name, long size) {
        byte[] header = new byte[RECORD];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, octal(size));
        put(header, 136, octal(0));
        header[156] = '0';
        put(header, 257, "ustar");
        put(header, 263, "00");
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        put(header, 148, "0" + octal(sum).substring(6));
        header[154] = 0;
        return header;
    }

    private static String octal(long value) {
        String digits = Long.toOctalString(value);
        return "0".repeat(11 - digits.length()) + digits;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
