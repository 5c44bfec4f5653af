package dev.taxon.device.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.device.cpu.Networks;
import dev.taxon.graph.Graph;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever fails, a sentence or the library's own name for the error comes out, and nothing stays behind. */
class CudaFaultTest {
    private static final long MEMORY = 4L << 30; // the simulator's usual
    private static final Graph GRAPH = Networks.leNet5();

    @BeforeEach
    @AfterEach
    void reset() {
        Simulator.set("memory", MEMORY);
        Simulator.clear();
    }

    @Test
    void nothingStaysBehindAndNoRuleIsBroken() {
        run();
        assertEquals("", Simulator.leaks());
        assertEquals("", Simulator.violation());
    }

    @ParameterizedTest(name = "{0} answers {1} after {2} calls")
    @CsvSource({
        "cuInit, 100, 0, shows no GPU that can be used",
        "cuDevicePrimaryCtxRetain, 2, 0, too little memory",
        "cuStreamCreate, 2, 1, too little memory",
        "cublasCreate_v2, 3, 0, too little memory",
        "cudnnCreate, 1003, 0, cuDNN",
        "cuMemHostAlloc, 2, 0, too little memory",
        "cuMemHostAlloc, 2, 2, too little memory",
        "cuMemAlloc_v2, 2, 0, running statistics",
        "cuMemAlloc_v2, 2, 1, parameters",
        "cuMemAlloc_v2, 2, 2, inputs",
        "cuMemAlloc_v2, 2, 3, inputs",
        "cuEventCreate, 2, 1, too little memory",
        "cudnnCreateTensorDescriptor, 2000, 3, cuDNN",
        "cudnnGetConvolutionForwardWorkspaceSize, 3000, 0, cuDNN",
        "cuModuleGetFunction, 500, 0, CUDA",
        "cudnnConvolutionForward, 5000, 1, cuDNN",
        "cublasSgemm_v2, 13, 2, cuBLAS",
        "cuLaunchKernel, 719, 0, stopped working",
        "cuStreamSynchronize, 719, 0, stopped working"
    })
    void failuresEndInAClearError(String function, int status, long after, String says) {
        Simulator.fail(function, status, after);
        RuntimeException error = assertThrows(RuntimeException.class, CudaFaultTest::run);
        assertTrue(error.getMessage().contains(says), error.getMessage());
        assertEquals("", Simulator.leaks());
        run(); // and a later run is as any other
    }

    /** Then nothing in its context can be freed; the context itself goes with all that is in it. */
    @Test
    void afterAFailureInTheMidstOfWorkTheNextRunIsAsAnyOther() {
        Simulator.fail("work", 719, 20);
        UserError error = assertThrows(UserError.class, CudaFaultTest::run);
        assertTrue(
                error.getMessage().startsWith("the GPU stopped working: CUDA_ERROR_LAUNCH_FAILED"), error.getMessage());
        run();
    }

    @Test
    void outOfMemorySaysWhichBatchFits() {
        Simulator.set("memory", 48 << 20);
        try (CudaDevice device = Simulator.open();
                Weights weights = device.allocate(GRAPH)) {
            UserError error = assertThrows(UserError.class, () -> device.compile(GRAPH, weights, Options.train(4096)));
            String message = error.getMessage();
            assertTrue(message.contains("activations of a batch of 4096"), message);
            String fitting = message.replaceAll(".*a batch of (\\d+) would fit.*", "$1");
            Options options = Options.train(Integer.parseInt(fitting));
            try (Program program = device.compile(GRAPH, weights, options)) {
                assertTrue(program.options().batch() > 100, fitting);
            }
        }
        assertEquals("", Simulator.leaks());
    }

    /** A training step and an evaluation, from opening the device to closing it. */
    private static void run() {
        int batch = 2;
        try (CudaDevice device = Simulator.open();
                Weights weights = device.allocate(GRAPH);
                Program train = device.compile(GRAPH, weights, Options.train(batch));
                Program eval = device.compile(GRAPH, weights, Options.eval(batch))) {
            MemorySegment input = MemorySegment.ofArray(new float[batch * 32 * 32]);
            train.writeInput(input);
            train.writeTargets(new int[batch]);
            train.forward(Program.Draw.NONE);
            train.backward(false, Program.GradientListener.NONE);
            weights.update(List.of(new Update(
                    0, weights.table().parameterFloats(), new UpdateRule.Sgd(0.01f, 0.9f, 0, 1e-4f, false, true))));
            double loss = train.loss();
            eval.writeInput(input);
            eval.forward(Program.Draw.NONE);
            eval.readOutput(MemorySegment.ofArray(new float[batch * 10]));
            assertEquals(Math.log(10), loss, 1e-6);
        }
    }
}
