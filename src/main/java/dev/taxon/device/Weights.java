package dev.taxon.device;

import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Update;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Everything that training changes: parameter values, gradients, optimizer slots and buffers, in regions on the
 * device. Host copies are float32 in PyTorch's order and shape.
 */
public interface Weights extends AutoCloseable {
    Graph graph();

    RegionTable table();

    /** Copies a parameter's part of a region to the host. {@code to} holds exactly its elements. */
    void read(Slot slot, Parameter parameter, MemorySegment to);

    /** Copies a parameter's part of a region from the host. */
    default void write(Slot slot, Parameter parameter, MemorySegment from) {
        write(slot, parameter, 0, from);
    }

    /** Copies some of a parameter's elements from the host: from element {@code first} on, as many as {@code from} holds. */
    void write(Slot slot, Parameter parameter, long first, MemorySegment from);

    /** Copies a float32 buffer to the host; not for counters. */
    void read(Buffer buffer, MemorySegment to);

    /** Copies a float32 buffer from the host; not for counters. */
    void write(Buffer buffer, MemorySegment from);

    /** Value of a {@code num_batches_tracked}; training programs count it up. */
    long counter(Buffer buffer);

    void setCounter(Buffer buffer, long value);

    /** Applies an optimizer step to the named ranges: reads gradients, changes values and slots. */
    void update(List<Update> updates);

    /**
     * Starts to scale losses, once: programs that are compiled from now on multiply the gradient of their loss.
     *
     * @throws UnsupportedOperationException on a device that computes in float32 alone, which needs no scale
     */
    default LossScaler scaleLosses(LossScale from) {
        throw new UnsupportedOperationException("this device does not scale losses");
    }

    /** p-norm of the gradients of all trainable parameters, as torch.nn.utils.clip_grad_norm_ computes it (p = ∞: largest magnitude). */
    double gradientNorm(double p);

    /** Multiplies all gradients. */
    void scaleGradients(float factor);

    /** Limits each element of all gradients to [−limit, limit]. */
    void limitGradients(float limit);

    /**
     * Moves an average towards the values of all parameters: average ← average · (1 − momentum) + momentum · value, float32 with
     * two roundings.
     *
     * @param average a region of its own, {@link Slot#AVERAGE}
     */
    void average(Slot average, double momentum);

    /** Exchanges the values of all parameters with those of another region. */
    void exchange(Slot other);

    @Override
    void close();

    /** A region of parameter layout. The optimizer's are its state's tensors in PyTorch's order: see {@link dev.taxon.optim.Method#slots}. */
    enum Slot {
        VALUE,
        GRADIENT,
        OPTIM_0,
        OPTIM_1,
        OPTIM_2,
        /** Running averages of the values (EMA). */
        AVERAGE
    }
}
