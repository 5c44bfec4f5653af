package dev.taxon.device.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Precision;
import dev.taxon.device.Program;
import dev.taxon.device.Program.Draw;
import dev.taxon.device.Weights;
import dev.taxon.device.Weights.Slot;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The CUDA device opens on the simulator, keeps weights, and runs a convolution and a kernel of ours. */
class CudaDeviceTest {
    @Test
    void describesTheCard() {
        try (CudaDevice device = Simulator.open()) {
            assertEquals("cuda:0", device.name());
            assertTrue(device.describe().startsWith("GPU 0, "), device.describe());
            assertTrue(
                    device.libraries().containsKey("libcudnn.so.9"),
                    device.libraries().toString());
        }
    }

    @Test
    void keepsAndScalesWeights() {
        Graph graph = convolution();
        try (CudaDevice device = Simulator.open();
                Weights weights = device.allocate(graph);
                Arena arena = Arena.ofConfined()) {
            Parameter weight = graph.parameters().getFirst();
            float[] values = random(Math.toIntExact(weight.shape().numel()), 1);
            weights.write(Slot.GRADIENT, weight, arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
            weights.scaleGradients(2);
            MemorySegment read = arena.allocate(4L * values.length, 4);
            weights.read(Slot.GRADIENT, weight, read);
            for (int i = 0; i < values.length; i++) {
                values[i] *= 2;
            }
            assertArrayEquals(values, read.toArray(ValueLayout.JAVA_FLOAT));
        }
    }

    @Test
    void convolves() {
        try (Device reference = new ReferenceDevice();
                Device cuda = Simulator.open()) {
            assertArrayEquals(run(reference), run(cuda), 1e-5f);
        }
    }

    /** Factors rounded to 10 bits of mantissa are off by 2⁻¹¹ at most: more than float32 is, and no more than 1e-2 here. */
    @Test
    void convolvesInTf32() {
        try (Device reference = new ReferenceDevice();
                Device cuda = CudaDevice.open(0, Simulator.libraries(), Precision.TF32)) {
            float[] expected = run(reference);
            float[] actual = run(cuda);
            double off = 0;
            for (int i = 0; i < expected.length; i++) {
                off = Math.max(off, Math.abs(expected[i] - actual[i]));
            }
            assertTrue(off > 1e-5 && off < 1e-2 * 5, "off by " + off + " beside sums of up to 27 products");
        }
    }

    private static float[] run(Device device) {
        Graph graph = convolution();
        try (Weights weights = device.allocate(graph);
                Program program = device.compile(graph, weights, Options.eval(2));
                Arena arena = Arena.ofConfined()) {
            long seed = 3;
            for (Parameter each : graph.parameters()) {
                float[] values = random(Math.toIntExact(each.shape().numel()), seed++);
                weights.write(Slot.VALUE, each, arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
            }
            program.writeInput(arena.allocateFrom(ValueLayout.JAVA_FLOAT, random(2 * 3 * 8 * 7, 9)));
            program.forward(Draw.NONE);
            MemorySegment output = arena.allocate(2 * graph.output().shape().numel() * 4, 4);
            program.readOutput(output);
            return output.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private static Graph convolution() {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input(Shape.of(3, 8, 7));
        Kernel2d kernel = Kernel2d.square(3, 2, 1);
        return builder.build(builder.root().child("conv").conv2d(x, new Layer.Conv2d(3, 4, kernel, 1, true)));
    }

    private static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
