package dev.taxon.device;

import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.StateEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each parameter and each float32 buffer lies in its region. Values, gradients and optimizer slots share one
 * layout: parameters in execution order, in PyTorch's element order, each start aligned to 64 bytes; the gaps are and
 * stay zero. Running statistics have a region of their own, laid out the same way.
 */
public final class RegionTable {
    private static final int ALIGNMENT = 16; // floats

    private final Map<String, Slice> slices = new LinkedHashMap<>();
    private final long parameterFloats;
    private final long bufferFloats;

    /** Elements [offset, offset + length) of a region. */
    public record Slice(long offset, long length) {}

    public RegionTable(Graph graph) {
        parameterFloats = place(graph.executionParameters());
        List<Buffer> floats = graph.executionBuffers().stream()
                .filter(b -> b.role() != Buffer.Role.NUM_BATCHES_TRACKED)
                .toList();
        bufferFloats = place(floats);
    }

    /** Slice of a parameter (in value, gradient and slot regions) or of a float32 buffer (in the buffer region). */
    public Slice slice(StateEntry entry) {
        Slice slice = slices.get(entry.name());
        if (slice == null) {
            throw new IllegalArgumentException(entry.name() + " is not in this graph");
        }
        return slice;
    }

    /** Length of the value region (and of gradients and slots) in floats. */
    public long parameterFloats() {
        return parameterFloats;
    }

    /** Length of the buffer region in floats. */
    public long bufferFloats() {
        return bufferFloats;
    }

    /** Stretches of the regions without a frozen parameter, gaps included: those are zero. */
    public List<Slice> trainable(Graph graph) {
        List<Slice> ranges = new ArrayList<>();
        boolean open = false;
        for (Parameter parameter : graph.executionParameters()) {
            Slice slice = slice(parameter);
            if (parameter.trainable()) {
                Slice last = open ? ranges.removeLast() : slice;
                ranges.add(new Slice(last.offset(), slice.offset() + slice.length() - last.offset()));
            }
            open = parameter.trainable();
        }
        return ranges;
    }

    private long place(List<? extends StateEntry> entries) {
        long offset = 0;
        for (StateEntry entry : entries) {
            long length = entry.shape().numel();
            slices.put(entry.name(), new Slice(offset, length));
            offset += (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        return offset;
    }
}
