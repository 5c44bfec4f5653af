package dev.taxon.device.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.taxon.device.Options;
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

    static Stream<Arguments> graphs() {
        return Stream.of(
                Arguments.of("LeNet-5", Networks.leNet5(), Options.train(2)),
                Arguments.of("LeNet-5", Networks.leNet5(), Options.eval(2)),
                Arguments.of("ResNet-18", Networks.resNet18Cifar(), Options.train(1)));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("graphs")
    void stepsAllocateNothingAndCallLittle(String name, Graph graph, Options options) {
        boolean small = name.equals("LeNet-5");
        int steps = small ? STEPS : 1;
        try (CudaDevice device = Simulator.open();
                Weights weights = device.allocate(graph);
                Program program = device.compile(graph, weights, options)) {
            Step step = new Step(weights, program);
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
            System.out.printf(
                    "%s, %s: %d kernels, %d calls a step%n",
                    name, options.mode(), program.kernels().size(), each);
            assertTrue(each <= program.kernels().size() + OTHER_CALLS, each + " calls a step");
            assertEquals(free, device.freeBytes(), "memory of the GPU");
            if (small) { // the other is not warm yet
                assertEquals(0, own, "bytes of heap that steps take, on the thread that asks for them");
                assertEquals(0, computes, "bytes of heap that steps take, on the compute thread");
            }
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
        private @Nullable Reading before;

        Step(Weights weights, Program program) {
            this.weights = weights;
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
            weights.update(updates);
            if (before != null) { // the loss is read one step late, as a run does
                before.loss();
                before.output(output);
            }
            before = own;
        }
    }
}
