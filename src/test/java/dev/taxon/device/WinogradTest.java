package dev.taxon.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.Program.Kernel;
import dev.taxon.device.Program.Pass;
import dev.taxon.device.Trial.Outcome;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Winograd's convolutions beside the reference's double precision, at channels around whole vectors, images around whole
 * tiles and each padding. Its sums run over transformed numbers that are larger than what they give, so it is allowed
 * more than a sum of products: at most {@link #LARGEST} of the result's root mean square for any one number.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WinogradTest {
    /** Measured: 7e-5 for F(4×4, 3×3) with 512 channels, 2e-5 with 64; F(2×2, 3×3) stays below 1e-5. */
    private static final double LARGEST = 1e-4;

    private static final int SEEDS = 100;

    private final CpuDevice cpu = CpuDevice.open(2);
    private final CpuDevice direct = CpuDevice.open(2, false, "");
    private final Device reference = new ReferenceDevice();

    @AfterAll
    void close() {
        cpu.close();
        direct.close();
        reference.close();
    }

    @Test
    void agreesWithReference() {
        Set<String> used = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Rng rng = new Rng(seed, 5);
            boolean few = rng.nextInt(3) == 0; // few tiles of many channels: all threads at one block
            Shape input = few
                    ? Shape.of(64 + rng.nextInt(200), 3 + rng.nextInt(7), 3 + rng.nextInt(7))
                    : Shape.of(16 + rng.nextInt(50), 3 + rng.nextInt(24), 3 + rng.nextInt(24));
            int outC = (few ? 64 : 16) + rng.nextInt(60);
            Kernel2d kernel = new Kernel2d(3, 3, 1, 1, 1 + rng.nextInt(2), rng.nextInt(3), 1, 1);
            Case c = convolution(rng, seed, input, outC, kernel, 1 + rng.nextInt(few ? 4 : 12));
            Outcome expected = Trial.run(reference, c);
            Outcome actual = Trial.run(cpu, c);
            assertClose(expected.forward, actual.forward, 1e-5, c);
            assertClose(expected.backward, actual.backward, 1e-4, c);
            actual.kernels.stream()
                    .filter(k -> k.pass() != Pass.REORDER)
                    .map(k -> k.pass() + " " + k.implementation())
                    .forEach(used::add);
        }
        for (Pass pass : EnumSet.of(Pass.FORWARD, Pass.BACKWARD_DATA, Pass.BACKWARD_WEIGHTS)) {
            String kernel = pass + " taxon:winograd:f";
            assertTrue(used.stream().anyMatch(u -> u.startsWith(kernel + "4")), () -> kernel + "4 in " + used);
        }
        assertTrue(used.stream().anyMatch(u -> u.startsWith("FORWARD taxon:winograd:f2")), used::toString);
    }

    /** Batch norm, sum and activation in the same kernel. */
    @Test
    void fusedInEvaluation() {
        for (long seed = 0; seed < 40; seed++) {
            Case c = block(seed);
            Outcome expected = Trial.run(reference, c);
            Outcome actual = Trial.run(cpu, c);
            assertClose(expected.forward, actual.forward, 1e-5, c);
            List<Kernel> forward = actual.kernels.stream()
                    .filter(k -> k.pass() == Pass.FORWARD)
                    .toList();
            assertTrue(forward.stream().anyMatch(k -> k.implementation().contains("winograd")), forward::toString);
        }
    }

    @Test
    void isTurnedOff() {
        for (long seed = 0; seed < 10; seed++) {
            Case c = block(seed);
            Outcome expected = Trial.run(reference, c);
            Outcome actual = Trial.run(direct, c);
            assertClose(expected.forward, actual.forward, 1e-5, c);
            assertFalse(actual.kernels.stream().anyMatch(k -> k.implementation().contains("winograd")));
        }
    }

    /** conv → batch norm → + x or another convolution of x → ReLU, ReLU6 or leaky ReLU. */
    private static Case block(long seed) {
        Rng rng = new Rng(seed, 6);
        int channels = 32 + rng.nextInt(40);
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input(Shape.of(channels, 8 + rng.nextInt(20), 8 + rng.nextInt(20)));
        Layer.Conv2d conv = new Layer.Conv2d(channels, channels, Kernel2d.square(3, 1, 1), 1, false);
        Node y = builder.root().child("conv").conv2d(x, conv);
        y = builder.root().child("bn").batchNorm2d(y, new Layer.BatchNorm2d(channels, 1e-5, 0.1, false));
        if (rng.nextInt(2) == 0) {
            Node other =
                    rng.nextInt(2) == 0 ? x : builder.root().child("shortcut").conv2d(x, conv);
            y = builder.root().child("add").apply(new Layer.Add(), y, other);
        }
        Layer.Activation.Function function = switch (rng.nextInt(3)) {
            case 0 -> Layer.Activation.Simple.RELU;
            case 1 -> Layer.Activation.Simple.RELU6;
            default -> new Layer.Activation.LeakyRelu(0.1);
        };
        y = builder.root().child("act").apply(new Layer.Activation(function), y);
        return new Case("block", seed, builder.build(y), Options.eval(1 + rng.nextInt(4)), List.of());
    }

    /** Two steps, the second adds to the gradients of the first. */
    private static Case convolution(Rng rng, long seed, Shape input, int outC, Kernel2d kernel, int batch) {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input(input);
        boolean bias = rng.nextInt(2) == 0;
        Node y = builder.root().child("conv").conv2d(x, new Layer.Conv2d(input.size(0), outC, kernel, 1, bias));
        Graph graph = builder.build(y);
        return new Case("conv", seed, graph, Options.train(batch).withInputGradient(), List.of(false, true));
    }

    private static void assertClose(
            Map<String, double[]> expected, Map<String, double[]> actual, double tolerance, Case c) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> {
            double[] got = actual.get(name);
            double distance = Data.distance(got, values);
            assertTrue(distance <= tolerance, () -> name + " is off by " + distance + " in " + c);
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
