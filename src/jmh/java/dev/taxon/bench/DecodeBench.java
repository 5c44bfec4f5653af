package dev.taxon.bench;

import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Image;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decoding one picture of ImageNet's size, 500 x 375, from memory: ours beside the JDK's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecodeBench {
    private static final int WIDTH = 500;
    private static final int HEIGHT = 375;

    @Param({"jpg", "png"})
    public String format = "jpg";

    private final OpenCvDecoder decoder = new OpenCvDecoder();
    private byte[] file = new byte[0];
    private MemorySegment bytes = MemorySegment.NULL;

    @Setup
    public void write() throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            int x = i % WIDTH;
            int y = i / WIDTH;
            int noise = (i * 1_103_515_245 + 12_345 >>> 16) % 24; // edges and grain, as photographs have
            image.setRGB(x, y, ((x / 3 + noise) & 255) << 16 | ((y / 2 + noise) & 255) << 8 | (x * y / 700 & 255));
        }
        Graphics2D graphics = image.createGraphics();
        graphics.fillOval(WIDTH / 4, HEIGHT / 4, WIDTH / 3, HEIGHT / 3);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        file = out.toByteArray();
        bytes = Arena.ofAuto().allocate(file.length).copyFrom(MemorySegment.ofArray(file));
    }

    @Benchmark
    public Image.Bytes taxon() {
        return decoder.decode("x", bytes, ColorType.COLOR);
    }

    /** The JDK's decoder alone, without bringing its pixels into one order. */
    @Benchmark
    public BufferedImage imageIo() throws IOException {
        return ImageIO.read(new ByteArrayInputStream(file));
    }
}
