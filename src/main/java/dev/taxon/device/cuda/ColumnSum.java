package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Node;
import org.jspecify.annotations.Nullable;

/** Sums over rows, in an order that does not depend on the GPU: blocks of rows first, then the blocks. */
final class ColumnSum {
    private static final int ROWS_A_PART = 128;
    private static final int MAX_PARTS = 64;

    private ColumnSum() {}

    /** Into how many parts rows are shared out. */
    static int parts(long rows) {
        return Math.clamp((rows + ROWS_A_PART - 1) / ROWS_A_PART, 1, MAX_PARTS);
    }

    /**
     * dst (columns) = or, when a step accumulates gradients, += the sum over the rows of src.
     *
     * @param own dst where it is a block of the program: then it is assigned in any step
     * @param pitch elements from row to row of src
     */
    static void add(
            Lowering l, Node node, Operand dst, @Nullable Block own, Block src, long rows, long columns, long pitch) {
        Kernel kernel = l.gpu.kernel("column_sum", "column_sum_parts");
        int parts = parts(rows);
        Grid grid = Grid.columns(columns, parts);
        Block sums = l.timeline.bytes(parts * columns * Double.BYTES); // (parts, columns)
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_WEIGHTS,
                "taxon:column_sum_parts",
                s -> l.gpu.arguments()
                        .pointer(sums)
                        .pointer(src)
                        .int64(rows)
                        .int64(columns)
                        .int64(pitch)
                        .launch(kernel, grid),
                sums,
                src);
        total(l, node, dst, own, sums, 0, parts, columns, columns);
    }

    /** dst (columns) from the sums of parts, whose first is {@code from} doubles into the block and the others a pitch on. */
    static void total(
            Lowering l,
            Node node,
            Operand dst,
            @Nullable Block own,
            Block sums,
            long from,
            int parts,
            long columns,
            long pitch) {
        Kernel kernel = l.gpu.kernel("column_sum", "column_sum_total");
        Grid grid = Grid.flat(columns);
        Operand first = sums.from(from * Double.BYTES);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_WEIGHTS,
                "taxon:column_sum_total",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(first)
                        .int32(parts)
                        .int64(columns)
                        .int64(pitch)
                        .int32(own == null ? s.accumulateFlag() : 0)
                        .launch(kernel, grid),
                own,
                sums);
    }
}
