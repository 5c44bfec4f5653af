package dev.taxon.device.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** After warm-up a step allocates nothing natively and less than 1 KB on the heap. */
class SteadyStateTest {
    private static final int WARM = 3;
    private static final int STEPS = 100;

    /**
     * The compiler and collector of the JVM use malloc too, up and down, until they come to rest. A leak of a step shows
     * in each window of 100 steps; their noise does not.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long HEAP_BYTES = 1024;

    static Stream<Arguments> graphs() {
        return Stream.of(
                Arguments.of("LeNet-5", Networks.leNet5(), Options.train(8)),
                Arguments.of("LeNet-5", Networks.leNet5(), Options.eval(8)),
                Arguments.of("ResNet", Networks.tinyResNet(), Options.train(4)),
                Arguments.of("ResNet", Networks.tinyResNet(), Options.eval(4)));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("graphs")
    void stepsAllocateNothing(String name, Graph graph, Options options) {
        try (CpuDevice device = CpuDevice.open(2);
                Weights weights = device.allocate(graph);
                Program program = device.compile(graph, weights, options)) {
            Step step = new Step(weights, program);
            for (int i = 0; i < WARM; i++) {
                step.run();
            }
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long handles = CpuDevice.liveNativeBytes();
            long malloc = Long.MAX_VALUE;
            long heap = Long.MAX_VALUE;
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while ((malloc > 0 || heap >= HEAP_BYTES) && System.nanoTime() < deadline) {
                long mallocBefore = CpuDevice.mallocBytes();
                long heapBefore = threads.getTotalThreadAllocatedBytes();
                for (int i = 0; i < STEPS; i++) {
                    step.run();
                }
                heap = Math.min(heap, (threads.getTotalThreadAllocatedBytes() - heapBefore) / STEPS);
                malloc = Math.min(malloc, CpuDevice.mallocBytes() - mallocBefore);
            }
            assertEquals(handles, CpuDevice.liveNativeBytes(), "native handles");
            assertTrue(malloc <= 0, "every window of " + STEPS + " steps left at least " + malloc + " bytes in malloc");
            assertTrue(heap < HEAP_BYTES, heap + " bytes of heap a step");
        }
    }

    private static final class Step {
        private final Weights weights;
        private final Program program;
        private final MemorySegment input;
        private final MemorySegment output;
        private final int[] labels;
        private final List<Update> updates;

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
            weights.update(updates);
            program.loss();
        }
    }
}
