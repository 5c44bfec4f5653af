package dev.taxon.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.cuda.CudaDevice;
import dev.taxon.device.cuda.Simulator;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole networks train on the simulated GPU as on the CPU. Both compute in float32 in other orders of summation: a loss is
 * off by some 2⁻²⁴ of its size for each of the few layers that it went through, and weights drift apart from step to step.
 */
class CudaTrainingTest {
    private static final double FIRST = 1e-5;
    private static final double LATER = 1e-4;

    /** {@link GoldenTrainingTest}'s ceiling: there, PyTorch's own float32 is 2e-2 off its float64 after five such steps. */
    private static final double CEILING = 1e-2;

    static Stream<Arguments> runs() {
        return Stream.of(
                Arguments.of(
                        "LeNet-5", new GoldenRun(GoldenModels.lenet5(), GoldenFormulas.SINE, 4, 0.01f), 100, LATER),
                Arguments.of(
                        "ResNet-18-CIFAR",
                        new GoldenRun(GoldenModels.resnet18Cifar(), GoldenFormulas.SINE, 4, 0.01f),
                        5,
                        CEILING),
                Arguments.of("depthwise", new GoldenRun(depthwise(), GoldenFormulas.HASH, 4, 0.01f), 2, LATER),
                Arguments.of(
                        "vision transformer",
                        new GoldenRun(GoldenModels.visionTransformer(), GoldenFormulas.HASH, 4, 0.0005f),
                        2,
                        LATER));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void lossesAreTheCpus(String name, GoldenRun run, int steps, double later) {
        List<Double> expected;
        try (Device cpu = DevicesUnderTest.CPU.open()) {
            expected = run.train(cpu, steps).losses();
        }
        List<Double> actual;
        try (Device cuda = Simulator.open()) {
            actual = run.train(cuda, steps).losses();
        }
        assertEquals(expected.getFirst(), actual.getFirst(), FIRST * expected.getFirst(), "the first loss");
        for (int i = 0; i < steps; i++) {
            double off = Math.abs(expected.get(i) - actual.get(i));
            int step = i + 1;
            assertTrue(off <= later, () -> "loss of step " + step + " is off by " + off);
        }
    }

    /** With products of FP16 the same networks, for fewer steps: as near as factors of 10 bits of mantissa allow. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void lossesInHalfPrecisionAreNear(String name, GoldenRun run, int steps, double later) {
        int few = Math.min(steps, 3);
        List<Double> expected;
        try (Device cuda = Simulator.open()) {
            expected = run.train(cuda, few).losses();
        }
        List<Double> actual;
        try (Device cuda = CudaDevice.open(0, Simulator.libraries(), Precision.FP16)) {
            actual = run.train(cuda, few).losses();
        }
        System.out.printf("%s: %s in float32, %s in fp16%n", name, expected, actual);
        for (int i = 0; i < few; i++) {
            assertEquals(expected.get(i), actual.get(i), 0.02 * expected.get(i), "step " + (i + 1));
        }
        assertNotEquals(expected, actual, "not in half precision");
    }

    /** Two inverted residual blocks behind a stem. Source: Sandler et al. 2018. */
    private static Graph depthwise() {
        GraphBuilder b = new GraphBuilder();
        Scope s = b.root();
        Node x = convolution(s.child("stem"), b.input(Shape.of(3, 32, 32)), 16, 3, 2, 1, true);
        for (int i = 0; i < 2; i++) {
            Scope block = s.child("block" + i);
            Node y = convolution(block.child("expand"), x, 64, 1, 1, 1, true);
            y = convolution(block.child("depthwise"), y, 64, 3, 1, 64, true);
            y = convolution(block.child("project"), y, 16, 1, 1, 1, false);
            x = block.child("add").apply(new Layer.Add(), x, y);
        }
        Node pooled = s.child("pool").apply(new Layer.GlobalAvgPool(), x);
        Node logits = s.child("fc").linear(pooled, new Layer.Linear(16, 10, true));
        Node target = b.target(10, false);
        LossLayer.SoftmaxCrossEntropy loss = new LossLayer.SoftmaxCrossEntropy(10, LossLayer.Smoothing.NONE, 1);
        return b.build(logits, s.child("loss").apply(loss, logits, target));
    }

    private static Node convolution(Scope s, Node x, int outC, int kernel, int stride, int groups, boolean relu6) {
        int inC = x.shape().size(0);
        Layer.Conv2d layer = new Layer.Conv2d(inC, outC, Kernel2d.square(kernel, stride, kernel / 2), groups, false);
        Node y = s.child("bn")
                .batchNorm2d(s.child("conv").conv2d(x, layer), new Layer.BatchNorm2d(outC, 1e-5, 0.1, false));
        return relu6 ? s.child("relu6").apply(new Layer.Activation(Layer.Activation.Function.RELU6), y) : y;
    }
}
