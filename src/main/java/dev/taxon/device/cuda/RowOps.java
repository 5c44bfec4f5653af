package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Node;

/** Copies parts of rows between two pitches, all in elements: what slices and concatenations are in NCHW and in (N, L, C). */
final class RowOps {
    private RowOps() {}

    /**
     * Row r of dst, from element {@code dstFrom} of the row on, becomes {@code count} elements of row r of src; a
     * {@code srcPitch} of 0 copies one row to all.
     */
    record Copy(long rows, long count, long dstFrom, long dstPitch, long srcFrom, long srcPitch) {}

    static void copy(Lowering l, Node node, Pass pass, Copy c, Block dst, Block src) {
        copy(l, node, pass, c, dst, src.from(c.srcFrom * Float.BYTES), src);
    }

    /** From a parameter. */
    static void copy(Lowering l, Node node, Pass pass, Copy c, Block dst, Operand src) {
        copy(l, node, pass, c, dst, src, dst);
    }

    private static void copy(Lowering l, Node node, Pass pass, Copy c, Block dst, Operand from, Block used) {
        Kernel kernel = l.gpu.kernel("rows", "rows_copy");
        Grid grid = Grid.rows(c.rows, c.count);
        Operand to = dst.from(c.dstFrom * Float.BYTES);
        l.timeline.add(
                node.name(),
                pass,
                "taxon:rows_copy",
                s -> l.gpu.arguments()
                        .pointer(to)
                        .pointer(from)
                        .int64(c.rows)
                        .int64(c.count)
                        .int64(c.dstPitch)
                        .int64(c.srcPitch)
                        .launch(kernel, grid),
                dst,
                used);
    }
}
