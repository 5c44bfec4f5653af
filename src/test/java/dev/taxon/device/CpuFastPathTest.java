package dev.taxon.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The CPU device's own convolutions beside the reference, where the contract test's small batches do not take it: few
 * channels with at least a vector of samples, and windows that are the whole image. Tolerances as in
 * {@link DeviceContractTest}.
 */
class CpuFastPathTest {
    private static final int SEEDS = 60;

    @Test
    void convolutionOfFewChannels() {
        try (Device cpu = CpuDevice.open(2);
                Device reference = new ReferenceDevice()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Rng rng = new Rng(seed, 1);
                int k = 1 + rng.nextInt(7);
                int kW = 1 + rng.nextInt(7);
                Kernel2d kernel = new Kernel2d(k, kW, 1, 1, rng.nextInt(k), rng.nextInt(kW), 1, 1);
                Shape input = Shape.of(1 + rng.nextInt(4), k + rng.nextInt(9), kW + rng.nextInt(9));
                Case c = convolution(rng, seed, input, 1 + rng.nextInt(8), kernel, 1, 16 + rng.nextInt(20));
                check(cpu, reference, c, "taxon:small_conv2d");
            }
        }
    }

    /** Channels around the widths of vectors, images around the blocks of 7 columns, every padding below the window. */
    @Test
    void depthwise() {
        try (Device cpu = CpuDevice.open(2);
                Device reference = new ReferenceDevice()) {
            for (long seed = 0; seed < 4 * SEEDS; seed++) {
                Rng rng = new Rng(seed, 3);
                int channels = 16 + rng.nextInt(rng.nextInt(4) == 0 ? 400 : 40);
                int k = rng.nextInt(2) == 0 ? 3 : 5;
                int stride = 1 + rng.nextInt(2);
                Kernel2d kernel = new Kernel2d(k, k, stride, stride, rng.nextInt(k), rng.nextInt(k), 1, 1);
                Shape input = Shape.of(channels, k + rng.nextInt(20), k + rng.nextInt(20));
                Case c = convolution(rng, seed, input, channels, kernel, channels, 1 + rng.nextInt(3));
                check(cpu, reference, c, "taxon:dwconv");
            }
        }
    }

    /** Results that are stored past the caches. */
    @Test
    void largeDepthwise() {
        try (Device cpu = CpuDevice.open(2);
                Device reference = new ReferenceDevice()) {
            for (int stride = 1; stride <= 2; stride++) {
                Rng rng = new Rng(stride, 4);
                Kernel2d kernel = Kernel2d.square(3, stride, 1);
                Shape input = Shape.of(32, 140 * stride, 121 * stride);
                Case c = convolution(rng, stride, input, 32, kernel, 32, 2);
                check(cpu, reference, c, "taxon:dwconv");
            }
        }
    }

    @Test
    void windowOfTheWholeImageIsAMatrixProduct() {
        try (Device cpu = CpuDevice.open(2);
                Device reference = new ReferenceDevice()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Rng rng = new Rng(seed, 2);
                Shape input = Shape.of(9 + rng.nextInt(9), 1 + rng.nextInt(5), 1 + rng.nextInt(5));
                Kernel2d kernel = new Kernel2d(input.size(1), input.size(2), 1, 1, 0, 0, 1, 1);
                Case c = convolution(rng, seed, input, 9 + rng.nextInt(40), kernel, 1, 1 + rng.nextInt(9));
                check(cpu, reference, c, "matmul");
            }
        }
    }

    /** Strided windows: the gradient of the weights by packed products. */
    @Test
    void packedGradient() {
        try (Device cpu = CpuDevice.open(2);
                Device reference = new ReferenceDevice()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Rng rng = new Rng(seed, 7);
                int k = 2 + rng.nextInt(4);
                Kernel2d kernel = new Kernel2d(k, k, 1 + rng.nextInt(2), 2, rng.nextInt(k), rng.nextInt(k), 1, 1);
                Shape input = Shape.of(16 + rng.nextInt(100), k + 3 + rng.nextInt(12), k + 3 + rng.nextInt(12));
                Case c = convolution(rng, seed, input, 16 + rng.nextInt(60), kernel, 1, 2 + rng.nextInt(9));
                Outcome expected = Trial.run(reference, c);
                Outcome actual = Trial.run(cpu, c);
                assertClose(expected.forward, actual.forward, 1e-5, c);
                assertClose(expected.backward, actual.backward, 1e-4, c);
                assertTrue(
                        actual.kernels.stream().anyMatch(n -> n.implementation().startsWith("taxon:packed_gradient")),
                        () -> actual.kernels + "\n" + c);
            }
        }
    }

    @Test
    void sameBitsInEachRun() {
        try (Device cpu = CpuDevice.open(2)) {
            for (long seed = 0; seed < 20; seed++) {
                Case c = CompositeCases.of(seed);
                Outcome first = Trial.run(cpu, c);
                Outcome second = Trial.run(cpu, c);
                first.forward.forEach((name, values) -> assertArrayEquals(values, second.forward.get(name), name));
                first.backward.forEach((name, values) -> assertArrayEquals(values, second.backward.get(name), name));
            }
        }
    }

    /** A convolution with or without bias and activation; two steps, the second adds to the gradients of the first. */
    private static Case convolution(Rng rng, long seed, Shape input, int outC, Kernel2d kernel, int groups, int batch) {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input(input);
        boolean bias = rng.nextInt(2) == 0;
        Node y = builder.root().child("conv").conv2d(x, new Layer.Conv2d(input.size(0), outC, kernel, groups, bias));
        if (rng.nextInt(2) == 0) {
            y = builder.root().child("tanh").apply(new Layer.Activation(Layer.Activation.Function.TANH), y);
        }
        Graph graph = builder.build(y);
        return new Case("conv", seed, graph, Options.train(batch).withInputGradient(), List.of(false, true));
    }

    /** Of a depthwise 3×3: backward weights over whole vectors of channels, and strided forward unless the result is large. */
    private static boolean oneDnnIsFaster(Case c, Pass pass) {
        return c.graph().nodes().stream()
                .anyMatch(n -> n.layer() instanceof Layer.Conv2d conv
                        && conv.groups() > 1
                        && conv.kernel().kH() == 3
                        && (pass == Pass.FORWARD
                                ? conv.kernel().strideH() == 2
                                : pass == Pass.BACKWARD_WEIGHTS && conv.inC() % 16 == 0));
    }

    private static void check(Device cpu, Device reference, Case c, String implementation) {
        Outcome expected = Trial.run(reference, c);
        Outcome actual = Trial.run(cpu, c);
        assertClose(expected.forward, actual.forward, 1e-5, c);
        assertClose(expected.backward, actual.backward, 1e-4, c);
        for (Pass pass : List.of(Pass.FORWARD, Pass.BACKWARD_DATA, Pass.BACKWARD_WEIGHTS)) {
            if (oneDnnIsFaster(c, pass)) {
                continue;
            }
            assertTrue(
                    actual.kernels.stream()
                            .anyMatch(
                                    k -> k.pass() == pass && k.implementation().contains(implementation)),
                    () -> pass + " in " + actual.kernels + "\n" + c);
        }
    }

    private static void assertClose(
            Map<String, double[]> expected, Map<String, double[]> actual, double tolerance, Case c) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> {
            double distance = Data.distance(actual.get(name), values);
            assertTrue(distance <= tolerance, () -> name + " is off by " + distance + " in " + c);
        });
    }
}
