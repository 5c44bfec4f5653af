package dev.taxon.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.Trial.Outcome;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Convolutions by a 1×1 window beside the reference's double precision, at sizes around tiles, vectors, chunks and blocks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PointwiseTest {
    /** Largest error of one number over the root mean square; measured: 4e-6 for sums of 700 terms. */
    private static final double LARGEST = 1e-5;

    private final CpuDevice one = CpuDevice.open(1);
    private final CpuDevice two = CpuDevice.open(2);
    private final CpuDevice five = CpuDevice.open(5);
    private final Device reference = new ReferenceDevice();

    @AfterAll
    void close() {
        one.close();
        two.close();
        five.close();
        reference.close();
    }

    /** Any stride, number of threads, and more rows or more channels of the result: the threads share the larger. */
    @Test
    void agreesWithReference() {
        int own = 0;
        for (long seed = 0; seed < 90; seed++) {
            Rng rng = new Rng(seed, 7);
            boolean few = rng.nextInt(2) == 0;
            int inC = 16 + rng.nextInt(rng.nextInt(4) == 0 ? 700 : 150);
            int outC = 16 + rng.nextInt(few ? 300 : 60);
            int side = few ? 5 : 28;
            Kernel2d kernel = new Kernel2d(1, 1, 1 + rng.nextInt(2), 1 + rng.nextInt(2), 0, 0, 1, 1);
            Shape input = Shape.of(inC, 3 + rng.nextInt(side), 3 + rng.nextInt(side));
            Case c = block(seed, rng, input, outC, kernel, 1 + rng.nextInt(3));
            Outcome expected = Trial.run(reference, c);
            Outcome actual = Trial.run(seed % 3 == 0 ? one : seed % 3 == 1 ? two : five, c);
            assertClose(expected.forward, actual.forward, c);
            if (actual.kernels.stream()
                    .anyMatch(
                            k -> k.pass() == Pass.FORWARD && k.implementation().startsWith("taxon:pointwise"))) {
                own++;
            }
        }
        assertTrue(own >= 45, own + " of 90 by our kernel");
    }

    /** conv → batch norm → perhaps + another convolution of x → ReLU, ReLU6, leaky ReLU (not ours) or nothing. */
    private static Case block(long seed, Rng rng, Shape input, int outC, Kernel2d kernel, int batch) {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input(input);
        Layer.Conv2d conv = new Layer.Conv2d(input.size(0), outC, kernel, 1, rng.nextInt(2) == 0);
        Node y = builder.root().child("conv").conv2d(x, conv);
        if (rng.nextInt(2) == 0) {
            y = builder.root().child("bn").batchNorm2d(y, new Layer.BatchNorm2d(outC, 1e-5, 0.1, false));
        }
        if (rng.nextInt(2) == 0) {
            Node other = builder.root().child("shortcut").conv2d(x, conv);
            y = builder.root().child("add").apply(new Layer.Add(), y, other);
        }
        Layer.Activation.Function function = switch (rng.nextInt(4)) {
            case 0 -> Layer.Activation.Simple.RELU;
            case 1 -> Layer.Activation.Simple.RELU6;
            case 2 -> new Layer.Activation.LeakyRelu(0.1);
            default -> null;
        };
        if (function != null) {
            y = builder.root().child("act").apply(new Layer.Activation(function), y);
        }
        return new Case("pointwise", seed, builder.build(y), Options.eval(batch), List.of());
    }

    private static void assertClose(Map<String, double[]> expected, Map<String, double[]> actual, Case c) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> {
            double[] got = actual.get(name);
            double squares = 0;
            double largest = 0;
            for (int i = 0; i < values.length; i++) {
                squares += values[i] * values[i];
                largest = Math.max(largest, Math.abs(got[i] - values[i]));
            }
            double relative = largest / Math.sqrt(squares / values.length);
            assertTrue(relative <= LARGEST, () -> name + " has a number off by " + relative + " in " + c);
        });
    }
}
