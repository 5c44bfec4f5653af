package dev.taxon.device.cuda;

import dev.taxon.device.ComputeThread;
import dev.taxon.device.LossScale;
import dev.taxon.device.LossScaler;
import dev.taxon.device.Weights.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.driver.CUevent;
import jcuda.driver.JCudaDriver;

/** The loss scale in the GPU's memory: four numbers, as {@code native/cuda/loss_scale.cu} has them, and a copy on its way to the host. */
final class CudaLossScaler implements LossScaler, AutoCloseable {
    private static final String FILE = "loss_scale";
    private static final int SCALE = 0;
    private static final int GOOD_STEPS = 1;
    private static final int SKIPPED = 2;
    private static final int OVERFLOW = 3;
    private static final long BYTES = 4L * Float.BYTES;

    private final CudaWeights weights;
    private final Gpu gpu;
    private final ComputeThread compute;
    private final Owned owned = new Owned();
    private final DeviceMemory state;
    private final HostMemory copy;
    private final CUevent copied = new CUevent();
    private final Kernel apply;
    private final Kernel remove;
    private final Kernel update;
    private final Runnable unscale = this::removeScale; // made once: a step allocates nothing
    private final Runnable finish = this::updateScale;
    private final Runnable arrive = this::arrive;
    private LossScale rule;

    /** Call it on the compute thread. */
    CudaLossScaler(CudaWeights weights, ComputeThread compute, LossScale from) {
        this.weights = weights;
        this.compute = compute;
        gpu = weights.gpu();
        rule = from;
        try {
            state = owned.own(new DeviceMemory(gpu, BYTES, "the loss scale"));
            copy = owned.own(new HostMemory(gpu, BYTES));
            gpu.driver(JCudaDriver.cuEventCreate(copied, InputBlock.NO_TIMING));
            owned.onClose(() -> gpu.release(JCudaDriver.cuEventDestroy(copied)));
            apply = gpu.kernel(FILE, "loss_scale_apply");
            remove = gpu.kernel(FILE, "loss_scale_remove");
            update = gpu.kernel(FILE, "loss_scale_update");
        } catch (RuntimeException e) {
            owned.close();
            throw e;
        }
    }

    @Override
    public void set(LossScale scale) {
        rule = scale;
        float[] values = {scale.scale(), scale.growthTracker(), 0, 0};
        weights.transfers().upload(MemorySegment.ofArray(values), state.pointer());
    }

    /** Where an optimizer's kernel reads whether its step is skipped. */
    long overflow() {
        return state.address() + (long) OVERFLOW * Float.BYTES;
    }

    /** dst = src times the scale; called on the compute thread. */
    void apply(Operand dst, Operand src, long count) {
        gpu.arguments().pointer(dst).pointer(src).int64(count).pointer(state).launchFlat(apply, count);
    }

    @Override
    public void unscale() {
        compute.run(unscale);
    }

    private void removeScale() {
        long count = weights.table().parameterFloats();
        gpu.arguments()
                .pointer(weights.region(Slot.GRADIENT))
                .int64(count)
                .pointer(state)
                .launchFlat(remove, count);
    }

    @Override
    public void finish() {
        compute.run(finish);
    }

    private void updateScale() {
        gpu.arguments()
                .pointer(state)
                .float64(rule.growthFactor())
                .float64(rule.backoffFactor())
                .int32(rule.dynamic() ? rule.growthInterval() : 0)
                .launch(update, 1, 1);
        gpu.driver(JCudaDriver.cuMemcpyDtoHAsync(copy.pointer(), state.pointer(), BYTES, gpu.stream()));
        gpu.driver(JCudaDriver.cuEventRecord(copied, gpu.stream()));
    }

    @Override
    public Outcome outcome() {
        compute.run(arrive);
        return new Outcome(number(SKIPPED) != 0, rule.at(number(SCALE), (int) number(GOOD_STEPS)));
    }

    private void arrive() {
        gpu.driver(JCudaDriver.cuEventSynchronize(copied));
    }

    private float number(int index) {
        return copy.segment().getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    @Override
    public void close() {
        owned.close();
    }
}
