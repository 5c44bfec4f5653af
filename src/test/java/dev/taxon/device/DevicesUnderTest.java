package dev.taxon.device;

import dev.taxon.device.Program.Kernel;
import dev.taxon.device.Program.Pass;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.cuda.Simulator;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The devices that must keep the contract, and which kernels they must not fall back to. */
enum DevicesUnderTest {
    /** Shows that the cases themselves are sound. */
    REFERENCE {
        @Override
        Device open() {
            return new ReferenceDevice();
        }

        @Override
        boolean accepted(Case c, Kernel kernel) {
            return kernel.implementation().equals("reference");
        }
    },

    /** oneDNN's generated kernels ({@code dnnl:jit…, brg…, gemm…}) or our own; never its plain loops ({@code ref}). */
    CPU {
        @Override
        Device open() {
            return CpuDevice.open(2);
        }

        @Override
        boolean accepted(Case c, Kernel kernel) {
            return isFast(kernel);
        }

        @Override
        double rounding() {
            return 4;
        }
    },

    /** Without Winograd's convolutions. */
    CPU_DIRECT {
        @Override
        Device open() {
            return CpuDevice.open(2, false, "");
        }

        @Override
        boolean accepted(Case c, Kernel kernel) {
            return isFast(kernel) && !kernel.implementation().contains("winograd");
        }
    },

    /** cuDNN, cuBLAS and our own kernels, through JCuda, on the simulator. */
    CUDA {
        @Override
        Device open() {
            return Simulator.open();
        }

        @Override
        boolean accepted(Case c, Kernel kernel) {
            return LIBRARIES.contains(kernel.implementation().split(":")[0]);
        }
    };

    private static final Set<String> LIBRARIES = Set.of("cudnn", "cublas", "taxon", "cuda");

    private static boolean isFast(Kernel kernel) {
        String name = kernel.implementation();
        return name.startsWith("taxon:") || (name.startsWith("dnnl:") && !name.contains("ref"));
    }

    abstract Device open();

    /** Whether the kernel is the fast path that this device should have for its node. */
    abstract boolean accepted(Case c, Kernel kernel);

    /**
     * How much further than a sum of products in another order a whole network may be from double. Winograd's transforms
     * round numbers that are larger than what they give; measured: up to twice as far.
     */
    double rounding() {
        return 1;
    }

    /** All; on a host with a card in the simulator's place (which may lack what the CPU device needs) that card alone. */
    static Stream<DevicesUnderTest> stream() {
        return Arrays.stream(values()).filter(d -> d == CUDA || !Simulator.isReplaced());
    }

    /**
     * How much further than the CPU's sums the results of this device may be off: a card's fast convolutions (Winograd's
     * among them, whose transforms amplify rounding) keep float32 to 1e-4.
     */
    double slack() {
        return this == CUDA && Simulator.isReplaced() ? 10 : 1;
    }

    /** Those that whole models are worth their time on in a plain build: all but the simulator, which has runs of its own. */
    static Stream<DevicesUnderTest> ofWholeModels() {
        return stream().filter(d -> d != CUDA);
    }

    /** Every computing node has a kernel of each pass that it needs, and none is a fallback. */
    void assertKernels(Case c, List<Kernel> kernels) {
        for (Kernel kernel : kernels) {
            if (!accepted(c, kernel)) {
                throw new AssertionError("a fallback ran: " + kernel);
            }
        }
        for (Node node : c.graph().nodes()) {
            if (!(node.layer() instanceof Layer.Conv2d || node.layer() instanceof Layer.Linear)) {
                continue;
            }
            requireKernel(kernels, node, Pass.FORWARD);
            if (c.training() && node.parameters().getFirst().trainable()) {
                requireKernel(kernels, node, Pass.BACKWARD_WEIGHTS);
            }
        }
    }

    private static void requireKernel(List<Kernel> kernels, Node node, Pass pass) {
        boolean found = kernels.stream()
                .anyMatch(
                        k -> k.pass() == pass && List.of(k.node().split("\\+")).contains(node.name()));
        if (!found) {
            throw new AssertionError("no kernel is named for " + node.name() + " " + pass + " among " + kernels);
        }
    }
}
