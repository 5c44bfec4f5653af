package dev.taxon.data.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.config.Config;
import dev.taxon.data.BatchWriter;
import dev.taxon.data.Npz;
import dev.taxon.data.image.NativePipeline;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.image.Workbench;
import dev.taxon.device.InputSpec;
import dev.taxon.device.InputSpec.Layout;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Region;
import dev.taxon.tensor.Shape;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole test pipelines of configs, to the network's input, through the transforms and natively: equal bit for bit to what
 * OpenCV 4.6.0 and Pillow 9.4 make, whose script is checked against mmcls's own results. Recipe: scripts/golden/pipelines.py.
 */
class GoldenPipelineTest {
    private static final Npz GOLDEN = Npz.read("/golden/transform/pipelines.npz");
    private static final InputSpec SPEC = new InputSpec(1, Shape.of(3, 224, 224), Layout.NCHW);

    static Stream<String> cases() {
        return GOLDEN.images().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void testPipelineIsMmclss(String name) {
        int end = name.lastIndexOf('_');
        String[] sides = name.substring(end + 1).split("x");
        Image.Bytes image = PatternImage.of(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        String config = name.substring(0, end);
        Config read = Config.load(Path.of("configs", config.replaceFirst("50.*", ""), config + ".py"));
        Pipeline pipeline = new TransformReader(new OpenCvDecoder())
                .pipeline(read.fields().dict("data").dict("test").dicts("pipeline"));
        int expected = ByteBuffer.wrap(((Image.Bytes) GOLDEN.get(name)).pixels())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        try (Region region = Region.ofBytes(SPEC.byteSize());
                Workbench bench = new Workbench(SPEC)) {
            Sample made = pipeline.apply(Sample.of("x", image, 0), new Rng(0, 0));
            new BatchWriter(SPEC).write(made, region.segment(), 0);
            assertEquals(expected, crc(region), "by the transforms");
            region.segment().fill((byte) 0);
            NativePipeline whole = NativePipeline.of(pipeline).orElseThrow();
            assertTrue(bench.image(whole, image, new Rng(0, 0), region.segment(), 0));
            assertEquals(expected, crc(region), "natively");
        }
    }

    private static int crc(Region region) {
        CRC32 crc = new CRC32();
        crc.update(region.segment().toArray(ValueLayout.JAVA_BYTE));
        return (int) crc.getValue();
    }
}
