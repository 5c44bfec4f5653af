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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Grouped convolutions beside the reference's double precision: 3×3 with groups of 4 to 32 channels, also where vectors hold several
 * groups and the last vector overlaps the one before; images around the blocks of columns; every padding below the window; and 1×1.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupedTest {
    /** Largest error of one number over the root mean square; measured: 2e-6 for gradients that are sums of 2700 terms. */
    private static final double LARGEST = 1e-5;

    /** The same for gradients that are sums of 16 744 terms; measured: 2e-5, by oneDNN. */
    private static final double LARGEST_OF_LARGE = 5e-5;

    private final CpuDevice one = CpuDevice.open(1);
    private final CpuDevice two = CpuDevice.open(2);
    private final CpuDevice five = CpuDevice.open(5);
    private final Device reference = new ReferenceDevice();
    private final Map<Pass, Integer> own = new EnumMap<>(Pass.class);

    @AfterAll
    void close() {
        one.close();
        two.close();
        five.close();
        reference.close();
    }

    /** Two steps of training, the second adds to the gradients of the first. */
    @Test
    void training() {
        own.clear();
        for (long seed = 0; seed < 160; seed++) {
            Rng rng = new Rng(seed, 8);
            Layer.Conv2d conv = convolution(rng);
            Shape input = Shape.of(conv.inC(), 3 + rng.nextInt(18), 3 + rng.nextInt(34));
            GraphBuilder builder = new GraphBuilder();
            Node y = builder.root().child("conv").conv2d(builder.input(input), conv);
            Options options = Options.train(1 + rng.nextInt(4)).withInputGradient();
            check(seed, new Case("grouped", seed, builder.build(y), options, List.of(false, true)), LARGEST);
        }
        assertTrue(own.getOrDefault(Pass.FORWARD, 0) >= 80, own::toString);
        assertTrue(own.getOrDefault(Pass.BACKWARD_DATA, 0) >= 80, own::toString);
        assertTrue(own.getOrDefault(Pass.BACKWARD_WEIGHTS, 0) >= 20, own::toString);
    }

    /** The weights' gradient of 1×1 windows, at channels around vectors and rows, and pixels around blocks. */
    @Test
    void pointwise() {
        own.clear();
        for (long seed = 0; seed < 60; seed++) {
            Rng rng = new Rng(seed, 10);
            int groups = 2 + rng.nextInt(4);
            int inC = groups * (8 + rng.nextInt(rng.nextInt(2) == 0 ? 15 : 75));
            int outC = groups * (8 + rng.nextInt(rng.nextInt(2) == 0 ? 15 : 75));
            Layer.Conv2d conv = new Layer.Conv2d(inC, outC, Kernel2d.square(1, 1, 0), groups, rng.nextInt(2) == 0);
            Shape input = Shape.of(inC, 1 + rng.nextInt(19), 2 + rng.nextInt(19));
            GraphBuilder builder = new GraphBuilder();
            Node y = builder.root().child("conv").conv2d(builder.input(input), conv);
            Options options = Options.train(1 + rng.nextInt(4)).withInputGradient();
            check(seed, new Case("pointwise", seed, builder.build(y), options, List.of(false, true)), LARGEST);
        }
        assertEquals(60, own.getOrDefault(Pass.BACKWARD_WEIGHTS, 0));
    }

    /** conv → batch norm → perhaps + another convolution of x → ReLU, ReLU6, leaky ReLU, Tanh (not ours) or nothing. */
    @Test
    void inference() {
        own.clear();
        for (long seed = 0; seed < 60; seed++) {
            Rng rng = new Rng(seed, 9);
            Layer.Conv2d conv = convolution(rng);
            Shape input = Shape.of(conv.inC(), 3 + rng.nextInt(18), 3 + rng.nextInt(18));
            GraphBuilder builder = new GraphBuilder();
            Node x = builder.input(input);
            Node y = builder.root().child("conv").conv2d(x, conv);
            if (rng.nextInt(2) == 0) {
                y = builder.root().child("bn").batchNorm2d(y, new Layer.BatchNorm2d(conv.outC(), 1e-5, 0.1, false));
            }
            if (rng.nextInt(2) == 0) {
                Node other = builder.root().child("shortcut").conv2d(x, conv);
                y = builder.root().child("add").apply(new Layer.Add(), y, other);
            }
            Layer.Activation.Function function = switch (rng.nextInt(5)) {
                case 0 -> Layer.Activation.Simple.RELU;
                case 1 -> Layer.Activation.Simple.RELU6;
                case 2 -> new Layer.Activation.LeakyRelu(0.1);
                case 3 -> Layer.Activation.Function.TANH;
                default -> null;
            };
            if (function != null) {
                y = builder.root().child("act").apply(new Layer.Activation(function), y);
            }
            check(
                    seed,
                    new Case("grouped", seed, builder.build(y), Options.eval(1 + rng.nextInt(3)), List.of()),
                    LARGEST);
        }
        assertTrue(own.getOrDefault(Pass.FORWARD, 0) >= 30, own::toString);
    }

    /** Results, or gradients of the source, that are stored past the caches. */
    @Test
    void large() {
        for (int channels = 4; channels <= 32; channels *= 2) {
            for (int stride = 1; stride <= 2; stride++) {
                GraphBuilder builder = new GraphBuilder();
                Layer.Conv2d conv = new Layer.Conv2d(64, 64, Kernel2d.square(3, stride, 1), 64 / channels, false);
                Node y = builder.root().child("conv").conv2d(builder.input(Shape.of(64, 92, 91)), conv);
                Options options = Options.train(2).withInputGradient();
                check(channels, new Case("large", stride, builder.build(y), options, List.of(false)), LARGEST_OF_LARGE);
            }
        }
    }

    private static Layer.Conv2d convolution(Rng rng) {
        int channels = 4 << rng.nextInt(rng.nextInt(2) == 0 ? 2 : 4);
        int groups = Math.max(2, (16 + channels - 1) / channels + rng.nextInt(channels > 8 ? 3 : 9));
        int stride = 1 + rng.nextInt(2);
        Kernel2d kernel = new Kernel2d(3, 3, stride, stride, rng.nextInt(3), rng.nextInt(3), 1, 1);
        return new Layer.Conv2d(groups * channels, groups * channels, kernel, groups, rng.nextInt(2) == 0);
    }

    private void check(long seed, Case c, double largest) {
        Outcome expected = Trial.run(reference, c);
        Outcome actual = Trial.run(seed % 3 == 0 ? one : seed % 3 == 1 ? two : five, c);
        assertClose(expected.forward, actual.forward, c, largest);
        assertClose(expected.backward, actual.backward, c, largest);
        for (Pass pass : Pass.values()) {
            if (actual.kernels.stream()
                    .anyMatch(k -> k.pass() == pass && k.implementation().startsWith("taxon:group_"))) {
                own.merge(pass, 1, Integer::sum);
            }
        }
    }

    private static void assertClose(
            Map<String, double[]> expected, Map<String, double[]> actual, Case c, double allowed) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> {
            double[] got = actual.get(name);
            double squares = 0;
            double largest = 0;
            for (int i = 0; i < values.length; i++) {
                squares += values[i] * values[i];
                largest = Math.max(largest, Math.abs(got[i] - values[i]));
            }
            double relative = squares == 0 ? largest : largest / Math.sqrt(squares / values.length);
            assertTrue(relative <= allowed, () -> name + " has a number off by " + relative + " in " + c);
        });
    }
}
