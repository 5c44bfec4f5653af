package dev.taxon.device.cuda;

/**
 * Blocks of a launch and threads of a block.
 *
 * @param sharedBytes dynamic shared memory of a block
 */
record Grid(int blocksX, int blocksY, int threadsX, int threadsY, int sharedBytes) {
    static final int THREADS = 256;
    private static final long MAX_BLOCKS = 65_535; // kernels stride over what is left

    /** A thread an element; kernels whose loop is {@code FLAT}. */
    static Grid flat(long count) {
        return new Grid(flatBlocks(count), 1, THREADS, 1, 0);
    }

    /** Blocks of {@link #flat}. */
    static int flatBlocks(long count) {
        return (int) Math.clamp((count + THREADS - 1) / THREADS, 1, MAX_BLOCKS);
    }

    /** Kernels over {@code rows} of {@code columns} elements whose loops are {@code ROW} and {@code COLUMNS}. */
    static Grid rows(long rows, long columns) {
        int x = Math.clamp(Long.highestOneBit(Math.max(columns, 1)), 32, THREADS);
        int y = THREADS / x;
        return new Grid(
                Math.toIntExact((rows + y - 1) / y), (int) Math.clamp((columns + x - 1) / x, 1, MAX_BLOCKS), x, y, 0);
    }

    /** A warp a row; kernels whose loops are {@code ROW} and {@code LANES}. */
    static Grid warps(long rows) {
        int y = THREADS / 32;
        return new Grid(Math.toIntExact((rows + y - 1) / y), 1, 32, y, 0);
    }

    /** Blocks of 32 × 8 threads, 32 columns each, with rows shared out in {@code parts}: for sums over rows. */
    static Grid columns(long columns, int parts) {
        return new Grid(Math.toIntExact((columns + 31) / 32), parts, 32, 8, 0);
    }

    /** Blocks of 32 × 8 threads, a tile of 32 × 32 elements each, for {@code n} matrices: for transposition. */
    static Grid tiles(long n, long rows, long columns) {
        long tiles = (rows + 31) / 32 * ((columns + 31) / 32);
        return new Grid(Math.toIntExact(tiles), (int) Math.min(n, MAX_BLOCKS), 32, 8, 0);
    }

    /** {@code blocks} blocks of {@code threads} threads. */
    static Grid of(long blocks, int threads) {
        return new Grid(Math.toIntExact(blocks), 1, threads, 1, 0);
    }

    Grid withShared(int bytes) {
        return new Grid(blocksX, blocksY, threadsX, threadsY, bytes);
    }
}
