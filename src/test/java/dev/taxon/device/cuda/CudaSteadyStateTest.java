package dev.taxon.device.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.taxon.device.LossScale;
import dev.taxon.device.LossScaler;
import dev.taxon.device.Options;
import dev.taxon.device.Precision;
import dev.taxon.device.Program;
import dev.taxon.device.Reading;
import dev.taxon.device.Weights;
import dev.taxon.device.cpu.Networks;
import dev.taxon.graph.Graph;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** After warm-up a step allocates nothing, on the heap or the GPU, and makes a fixed number of calls. */
class CudaSteadyStateTest {
    private static final int WARM = 40; // after 6 steps 64 bytes were still taken, once; not known by what
    private static final int STEPS = 20;

    /** Calls of a step beside one for each kernel: copies of inputs, labels and the loss with their events, the optimizer. */
    private static final int OTHER_CALLS = 20;

    /** With a scaled loss: two kernels around the optimizer's, a copy and its event. */
    private static final int SCALE_CALLS = 4;

    /** What all steps in half precision may take together, being less warm: 616 were measured; an object a product would be 2880. */
    private static final int HALF_ONCE = 1500;

    static Stream<Arguments> graphs() {
        return Stream.of(
                Arguments.of("LeNet-5", Networks.leNet5(), Options.train(2), Precision.FLOAT32),
                Arguments.of("LeNet-5", Networks.leNet5(), Options.train(2), Precision.FP16),
                Arguments.of("LeNet-5", Networks.leNet5(), Options.eval(2), Precision.FLOAT32),
                Arguments.of("ResNet-18", Networks.resNet18Cifar(), Options.train(1), Precision.FLOAT32));
    }

    @ParameterizedTest(name = "{0} {2} {3}")
    @MethodSource("graphs")
    void stepsAllocateNothingAndCallLittle(String name, Graph graph, Options options, Precision precision) {
        boolean small = name.equals("LeNet-5");
        try (CudaDevice device = CudaDevice.open(0, Simulator.libraries(), precision);
                Weights weights = device.allocate(graph)) {
            LossScaler scaler = precision.isHalf() ? weights.scaleLosses(LossScale.DYNAMIC) : null;
            try (Program program = device.compile(graph, weights, options)) {
                System.out.printf("%s, %s, %s: ", name, options.mode(), precision);
                measure(device, program, new Step(weights, program, scaler), small ? STEPS : 1, small);
            }
        }
    }

    private static void measure(CudaDevice device, Program program, Step step, int steps, boolean small) {
        for (int i = 0; i < (small ? WARM : 1); i++) {
            step.run();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long compute = computeThread();
        long free = device.freeBytes();
        long calls = device.calls();
        long computes = threads.getThreadAllocatedBytes(compute);
        long own = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < steps; i++) {
            step.run();
        }
        own = threads.getCurrentThreadAllocatedBytes() - own;
        computes = threads.getThreadAllocatedBytes(compute) - computes;
        long each = (device.calls() - calls) / steps;
        System.out.printf("%d kernels, %d calls a step%n", program.kernels().size(), each);
        int others = step.scaler == null ? OTHER_CALLS : OTHER_CALLS + SCALE_CALLS;
        assertTrue(each <= program.kernels().size() + others, each + " calls a step");
        assertEquals(free, device.freeBytes(), "memory of the GPU");
        if (small) { // the other is not warm yet
            assertEquals(0, own, "bytes of heap that steps take, on the thread that asks for them");
            int once = step.scaler == null ? 0 : HALF_ONCE;
            assertTrue(computes <= once, computes + " bytes of heap that steps take, on the compute thread");
        }
    }

    private static long computeThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("taxon-cuda-0"))
                .mapToLong(Thread::threadId)
                .max() // the newest
                .orElseThrow();
    }

    private static final class Step {
        private final Weights weights;
        private final Program program;
        private final MemorySegment input;
        private final MemorySegment output;
        private final int[] labels;
        private final List<Update> updates;
        private final @Nullable LossScaler scaler;
        private @Nullable Reading before;

        Step(Weights weights, Program program, @Nullable LossScaler scaler) {
            this.weights = weights;
            this.scaler = scaler;
            this.program = program;
            input = MemorySegment.ofArray(new float[(int) (program.input().byteSize() / Float.BYTES)]);
            labels = new int[program.options().batch()];
            int outputs = (int) weights.graph().output().shape().numel();
            output = MemorySegment.ofArray(new float[labels.length * outputs]);
            Arrays.fill(labels, 1);
            updates = List.of(new Update(
                    0, weights.table().parameterFloats(), new UpdateRule.Sgd(0.01f, 0.9f, 0, 1e-4f, false, false)));
        }

        void run() {
            program.writeInput(input);
            if (program.options().mode() == Options.Mode.EVAL) {
                program.forward(Program.Draw.NONE);
                program.readOutput(output);
                return;
            }
            program.writeTargets(labels);
            program.forward(Program.Draw.NONE);
            program.backward(false, Program.GradientListener.NONE);
            Reading own = program.read(true);
            if (scaler == null) {
                weights.update(updates);
            } else {
                scaler.unscale();
                weights.update(updates);
                scaler.finish();
            }
            if (before != null) { // the loss is read one step late, as a run does
                before.loss();
                before.output(output);
            }
            before = own;
        }
    }
}
