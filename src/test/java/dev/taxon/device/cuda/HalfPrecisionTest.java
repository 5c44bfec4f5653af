package dev.taxon.device.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.ComputeThread;
import dev.taxon.device.LossScale;
import dev.taxon.device.LossScaler;
import dev.taxon.device.Options;
import dev.taxon.device.Precision;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training programs in half precision beside those in float32, on the simulator, whose products round as theirs do. */
class HalfPrecisionTest {
    private static final int BATCH = 3;

    @BeforeAll
    static void clear() {
        Simulator.open().close();
        Simulator.clear();
    }

    /** Loss and gradients, of a step and of two that accumulate. */
    record Result(double loss, List<float[]> gradients, List<float[]> accumulated, Set<String> kernels) {}

    /** Factors off by 2⁻¹¹ (FP16) or 2⁻⁸ (BF16) at most, here through four layers: more than float32 is, and not by much. */
    @ParameterizedTest
    @CsvSource({"FP16, 4e-3", "BF16, 4e-2"})
    void lossAndGradientsAreFloat32sWithinTheFormatsRounding(Precision precision, double tolerance) {
        Result expected = run(Precision.FLOAT32, null);
        Result actual = run(precision, new LossScale(1024, 2, 0.5, 100, 0, true));
        assertEquals(expected.loss, actual.loss, tolerance * expected.loss);
        double largest = 0;
        for (int i = 0; i < expected.gradients.size(); i++) {
            double off = distance(expected.gradients.get(i), actual.gradients.get(i));
            assertTrue(off < tolerance, "gradient " + i + " is off by " + off);
            largest = Math.max(largest, off);
            float[] twice = actual.gradients.get(i).clone();
            for (int k = 0; k < twice.length; k++) {
                twice[k] *= 2;
            }
            assertTrue(distance(twice, actual.accumulated.get(i)) < 1e-6, "accumulated gradient " + i);
        }
        assertTrue(largest > tolerance / 100, "nothing is rounded: off by " + largest);
        String name = precision.name().toLowerCase(java.util.Locale.ROOT);
        assertTrue(actual.kernels.containsAll(Set.of("taxon:cast_to_" + name, "cublas:gemm_ex/" + name)));
        assertTrue(actual.kernels.stream().noneMatch(k -> k.contains("sgemm")), actual.kernels.toString());
        assertEquals("", Simulator.violation());
        assertEquals("", Simulator.leaks());
    }

    /** Where cuDNN has no algorithm in NHWC a convolution is in NCHW, with the same numbers but for the order of sums. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cudnnGetConvolutionForwardWorkspaceSize",
                "cudnnGetConvolutionBackwardDataWorkspaceSize",
                "cudnnGetConvolutionBackwardFilterWorkspaceSize"
            })
    void withoutAlgorithmsInNhwcConvolutionsAreInNchw(String function) {
        Result expected = run(Precision.FP16, null);
        Simulator.fail(function, 3000, 0); // CUDNN_STATUS_NOT_SUPPORTED, once: for the first convolution
        Result actual = run(Precision.FP16, null);
        assertEquals(expected.loss, actual.loss, 1e-3);
        for (int i = 0; i < expected.gradients.size(); i++) {
            assertTrue(distance(expected.gradients.get(i), actual.gradients.get(i)) < 2e-3, "gradient " + i);
        }
        assertEquals("", Simulator.violation());
        assertEquals("", Simulator.leaks());
    }

    /** Evaluation multiplies in float32: the same bits with and without. */
    @ParameterizedTest
    @EnumSource(names = {"FP16", "BF16"})
    void evaluationIsFloat32s(Precision precision) {
        assertArrayEquals(logits(Precision.FLOAT32), logits(precision));
    }

    /** Every half number to float32, and float32 of all sizes to half, to the bit, beside Java's own. */
    @Test
    void castsRoundAsJavaDoes() {
        Simulator.libraries().load();
        Random random = new Random(4);
        int count = 1 << 16;
        float[] wide = new float[count];
        short[] narrow = new short[count];
        for (int i = 0; i < count; i++) {
            narrow[i] = (short) i;
            int exponent = 127 - 30 + random.nextInt(50); // around half's range
            int bits = random.nextBoolean() ? random.nextInt() : exponent << 23 | random.nextInt(1 << 23);
            wide[i] = Float.intBitsToFloat(i % 5 == 0 ? bits & 0xFFFFF000 : bits); // many of them halfway
        }
        float[] widened = new float[count];
        short[] narrowed = new short[count];
        short[] bfloats = new short[count];
        try (ComputeThread compute = new ComputeThread("casts")) {
            Gpu gpu = compute.call(() -> new Gpu(0, Precision.FP16));
            Transfers transfers = compute.call(() -> new Transfers(gpu, compute));
            DeviceMemory f = compute.call(() -> new DeviceMemory(gpu, 4L * count, "floats"));
            DeviceMemory h = compute.call(() -> new DeviceMemory(gpu, 2L * count, "halves"));
            transfers.upload(MemorySegment.ofArray(narrow), h.pointer());
            compute.run(() -> gpu.arguments()
                    .pointer(f)
                    .pointer(h)
                    .int64(count)
                    .flag(false)
                    .flag(false)
                    .launchFlat(gpu.kernel("half", "half_widen"), count));
            transfers.download(f.pointer(), MemorySegment.ofArray(widened));
            transfers.upload(MemorySegment.ofArray(wide), f.pointer());
            for (boolean bfloat : new boolean[] {false, true}) {
                compute.run(() -> gpu.arguments()
                        .pointer(h)
                        .pointer(f)
                        .int64(count)
                        .flag(bfloat)
                        .launchFlat(gpu.kernel("half", "half_narrow"), count));
                transfers.download(h.pointer(), MemorySegment.ofArray(bfloat ? bfloats : narrowed));
            }
            transfers.close();
            compute.run(() -> {
                f.close();
                h.close();
                gpu.close();
            });
        }
        for (int i = 0; i < count; i++) {
            float expected = Float.float16ToFloat(narrow[i]);
            assertTrue(expected == widened[i] || Float.isNaN(expected) && Float.isNaN(widened[i]), "half " + i);
            boolean nan = Float.isNaN(wide[i]);
            short half = Float.floatToFloat16(wide[i]);
            assertTrue(
                    nan ? Float.isNaN(Float.float16ToFloat(narrowed[i])) : half == narrowed[i], wide[i] + " to half");
            float bfloat = Float.intBitsToFloat(bfloats[i] << 16);
            assertTrue(nan ? Float.isNaN(bfloat) : bfloats[i] == bfloat(wide[i]), wide[i] + " to bfloat16");
        }
        assertEquals("", Simulator.violation());
    }

    /** The nearer one of the two neighbours; of two as near the even one. */
    private static short bfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int low = bits & 0xFFFF;
        int high = bits >>> 16;
        return (short) (low > 0x8000 || low == 0x8000 && (high & 1) == 1 ? high + 1 : high);
    }

    private static double distance(float[] a, float[] b) {
        double off = 0;
        double size = 0;
        for (int i = 0; i < a.length; i++) {
            off += (double) (a[i] - b[i]) * (a[i] - b[i]);
            size += (double) a[i] * a[i];
        }
        return Math.sqrt(off / size);
    }

    private static Result run(Precision precision, LossScale scale) {
        Graph graph = network();
        try (CudaDevice device = CudaDevice.open(0, Simulator.libraries(), precision);
                Weights weights = device.allocate(graph)) {
            fill(weights);
            LossScaler scaler = scale == null ? null : weights.scaleLosses(scale);
            try (Program program = device.compile(graph, weights, Options.train(BATCH))) {
                double loss = step(program, false);
                List<float[]> gradients = gradients(weights, scaler);
                step(program, false);
                step(program, true);
                Set<String> kernels = new TreeSet<>();
                program.kernels().forEach(k -> kernels.add(k.implementation()));
                return new Result(loss, gradients, gradients(weights, scaler), kernels);
            }
        }
    }

    private static List<float[]> gradients(Weights weights, LossScaler scaler) {
        if (scaler != null) {
            scaler.unscale();
        }
        List<float[]> gradients = new ArrayList<>();
        for (Parameter p : weights.graph().parameters()) {
            float[] values = new float[Math.toIntExact(p.shape().numel())];
            weights.read(Slot.GRADIENT, p, MemorySegment.ofArray(values));
            gradients.add(values);
        }
        return gradients;
    }

    private static double step(Program program, boolean accumulate) {
        program.writeInput(MemorySegment.ofArray(random(BATCH * 3 * 9 * 7, 9)));
        program.writeTargets(new int[] {1, 4, 2});
        program.forward(Program.Draw.NONE);
        program.backward(accumulate, Program.GradientListener.NONE);
        return program.loss();
    }

    private static float[] logits(Precision precision) {
        Graph graph = network();
        try (CudaDevice device = CudaDevice.open(0, Simulator.libraries(), precision);
                Weights weights = device.allocate(graph);
                Program program = device.compile(graph, weights, Options.eval(BATCH))) {
            fill(weights);
            program.writeInput(MemorySegment.ofArray(random(BATCH * 3 * 9 * 7, 9)));
            program.forward(Program.Draw.NONE);
            float[] logits = new float[BATCH * 5];
            program.readOutput(MemorySegment.ofArray(logits));
            return logits;
        }
    }

    private static void fill(Weights weights) {
        long seed = 3;
        for (Parameter each : weights.graph().parameters()) {
            float[] values = random(Math.toIntExact(each.shape().numel()), seed++);
            for (int i = 0; i < values.length; i++) {
                values[i] *= 0.3f;
            }
            weights.write(Slot.VALUE, each, MemorySegment.ofArray(values));
        }
    }

    private static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** A convolution of all channels, one of each, one of pixels, a linear layer; each has its gradient of data but the first. */
    private static Graph network() {
        GraphBuilder b = new GraphBuilder();
        Scope s = b.root();
        Node x = b.input(Shape.of(3, 9, 7));
        x = s.child("full").conv2d(x, new Layer.Conv2d(3, 8, Kernel2d.square(3, 2, 1), 1, true));
        x = s.child("relu").apply(new Layer.Activation(Layer.Activation.Function.RELU), x);
        x = s.child("depthwise").conv2d(x, new Layer.Conv2d(8, 8, Kernel2d.square(3, 1, 1), 8, false));
        x = s.child("pixels").conv2d(x, new Layer.Conv2d(8, 6, Kernel2d.square(1, 1, 0), 1, true));
        x = s.child("flatten").apply(new Layer.Flatten(), x);
        Node logits = s.child("fc").linear(x, new Layer.Linear(6 * 5 * 4, 5, true));
        LossLayer.SoftmaxCrossEntropy loss = new LossLayer.SoftmaxCrossEntropy(5, LossLayer.Smoothing.NONE, 1);
        return b.build(logits, s.child("loss").apply(loss, logits, b.target(5, false)));
    }
}
