package dev.taxon.device;

import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.StateEntry;
import dev.taxon.tensor.Region;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Weights whose regions lie in host memory. A device adds the arithmetic. */
public abstract class HostWeights implements Weights {
    private final Graph graph;
    private final RegionTable table;
    private final Map<Slot, Region> slots = new EnumMap<>(Slot.class);
    private final Region buffers;
    private final Map<String, long[]> counters = new HashMap<>(); // cells, so that counting allocates nothing

    protected HostWeights(Graph graph) {
        this.graph = graph;
        table = new RegionTable(graph);
        buffers = Region.ofFloats(table.bufferFloats());
    }

    /** A region of parameter layout, allocated when first asked for. */
    public final Region region(Slot slot) {
        return slots.computeIfAbsent(slot, s -> Region.ofFloats(table.parameterFloats()));
    }

    /** Called when regions were written by other ways than those of this class. */
    public void changed() {}

    /** The region of running statistics. */
    public final Region buffers() {
        return buffers;
    }

    @Override
    public final Graph graph() {
        return graph;
    }

    @Override
    public final RegionTable table() {
        return table;
    }

    @Override
    public void read(Slot slot, Parameter parameter, MemorySegment to) {
        to.copyFrom(view(region(slot), parameter));
    }

    @Override
    public void write(Slot slot, Parameter parameter, long first, MemorySegment from) {
        view(region(slot), parameter).asSlice(first * Float.BYTES).copyFrom(from);
    }

    @Override
    public void read(Buffer buffer, MemorySegment to) {
        to.copyFrom(view(buffers, buffer));
    }

    @Override
    public void write(Buffer buffer, MemorySegment from) {
        view(buffers, buffer).copyFrom(from);
    }

    @Override
    public long counter(Buffer buffer) {
        return counter(buffer.name())[0];
    }

    @Override
    public void setCounter(Buffer buffer, long value) {
        counter(buffer.name())[0] = value;
    }

    private long[] counter(String name) {
        return counters.computeIfAbsent(name, n -> new long[1]);
    }

    @Override
    public void close() {
        slots.values().forEach(Region::close);
        buffers.close();
    }

    private MemorySegment view(Region region, StateEntry entry) {
        RegionTable.Slice slice = table.slice(entry);
        return region.floats(slice.offset(), slice.length());
    }
}
