package dev.taxon.device.cuda;

import dev.taxon.device.ComputeThread;
import dev.taxon.device.Reading;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.driver.CUevent;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * What a program's passes gave, on its way to the host: two readings in turn, each in page-locked memory with an event behind
 * its copies. A step that asks for the reading of the step before never waits for its own kernels.
 */
final class Readings implements AutoCloseable {
    private final Gpu gpu;
    private final ComputeThread compute;
    private final Block loss;
    private final Block output;
    private final Owned owned = new Owned();
    private final One[] both;
    private int next;

    /** Call it on the compute thread. */
    Readings(Gpu gpu, ComputeThread compute, Block loss, Block output) {
        this.gpu = gpu;
        this.compute = compute;
        this.loss = loss;
        this.output = output;
        try {
            both = new One[] {new One(), new One()};
        } catch (RuntimeException e) {
            owned.close();
            throw e;
        }
    }

    /** Starts the copies behind what the compute stream has been given. */
    Reading start(boolean withOutput) {
        One one = both[next];
        next = 1 - next;
        compute.run(withOutput ? one.copyBoth : one.copyLoss);
        return one;
    }

    private final class One implements Reading {
        private final HostMemory lossValue = owned.own(new HostMemory(gpu, Double.BYTES));
        private final CUevent copied = new CUevent();
        private final Runnable copyLoss = this::copyLoss; // made once: a step allocates nothing
        private final Runnable copyBoth = this::copyBoth;
        private final Runnable arrive = this::arrive;
        private boolean arrived;
        private @Nullable HostMemory outputValue; // once it is asked for
        private boolean withOutput;

        One() {
            gpu.driver(JCudaDriver.cuEventCreate(copied, InputBlock.NO_TIMING));
            owned.onClose(() -> gpu.release(JCudaDriver.cuEventDestroy(copied)));
        }

        private void copyLoss() {
            withOutput = false;
            copy(lossValue, loss);
            copied();
        }

        private void copyBoth() {
            HostMemory to = outputValue;
            if (to == null) {
                to = owned.own(new HostMemory(gpu, output.bytes()));
                outputValue = to;
            }
            withOutput = true;
            copy(lossValue, loss);
            copy(to, output);
            copied();
        }

        private void copy(HostMemory to, Block from) {
            long bytes = to.segment().byteSize();
            gpu.driver(JCudaDriver.cuMemcpyDtoHAsync(to.pointer(), from.pointer(), bytes, gpu.stream()));
        }

        private void copied() {
            gpu.driver(JCudaDriver.cuEventRecord(copied, gpu.stream()));
            arrived = false;
        }

        private void arrive() {
            gpu.driver(JCudaDriver.cuEventSynchronize(copied));
        }

        private void await() {
            if (!arrived) {
                compute.run(arrive);
                arrived = true;
            }
        }

        @Override
        public double loss() {
            await();
            return lossValue.segment().get(ValueLayout.JAVA_DOUBLE, 0);
        }

        @Override
        public void output(MemorySegment to) {
            HostMemory from = outputValue;
            if (!withOutput || from == null) {
                throw new IllegalStateException("this reading was started without the output");
            }
            await();
            to.copyFrom(from.segment());
        }
    }

    @Override
    public void close() {
        owned.close();
    }
}
