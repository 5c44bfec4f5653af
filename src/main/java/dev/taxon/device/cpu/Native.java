package dev.taxon.device.cpu;

import dev.taxon.natives.NativeLibrary;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The functions of {@code native/include/taxon.h}, and what their status means. Pointers are plain {@code long}
 * addresses: operands are bound when a program is compiled, and a call costs no check or allocation.
 */
final class Native {
    static final NativeLibrary LIBRARY = CpuLibrary.load();

    // enum taxon_flag
    static final int BIAS = 1;
    static final int RELU = 2;
    static final int TANH = 4;
    static final int SUM = 8;
    static final int TRANS_A = 16;
    static final int TRANS_B = 32;
    static final int RUNNING = 64;
    static final int RELU6 = 128;
    static final int LEAKY_RELU = 256;
    static final int SIGMOID = 512;
    static final int HARD_SIGMOID = 1024;
    static final int HARD_SWISH = 2048;
    static final int SWISH = 4096;
    static final int GELU = 8192;
    static final int DIRECT = 16384;
    static final int ONEDNN_ONLY = 32768;

    private static final MethodHandle LAST_ERROR = handle("taxon_last_error", "S");
    private static final MethodHandle VERSION = handle("taxon_version", "S");
    static final MethodHandle SET_THREADS = handle("taxon_set_threads", "II");
    static final MethodHandle LIVE_BYTES = handle("taxon_live_bytes", "J");
    static final MethodHandle MALLOC_BYTES = handle("taxon_malloc_bytes", "J");

    static final MethodHandle MULTIPLY_ADDS = handle("taxon_multiply_adds", "JJ");
    static final MethodHandle STREAM_ADD = handle("taxon_stream_add", "IPPPJJ");

    static final MethodHandle OP_DESTROY = handle("taxon_op_destroy", "VP");
    static final MethodHandle OP_IMPLEMENTATION = handle("taxon_op_implementation", "SP");
    static final MethodHandle OP_SCRATCH_BYTES = handle("taxon_op_scratch_bytes", "JP");
    static final MethodHandle OP_PACKED_BYTES = handle("taxon_op_packed_bytes", "JP");
    static final MethodHandle OP_PACK = handle("taxon_op_pack", "IPPPP");

    static final MethodHandle CONV2D_FORWARD_CREATE = handle("taxon_conv2d_forward_create", "IPPIP");
    static final MethodHandle CONV2D_FORWARD = handle("taxon_conv2d_forward", "IPPPPPP");
    static final MethodHandle CONV2D_BACKWARD_DATA_CREATE = handle("taxon_conv2d_backward_data_create", "IPPI");
    static final MethodHandle CONV2D_BACKWARD_DATA = handle("taxon_conv2d_backward_data", "IPPPPP");
    static final MethodHandle CONV2D_BACKWARD_WEIGHTS_CREATE = handle("taxon_conv2d_backward_weights_create", "IPPI");
    static final MethodHandle CONV2D_BACKWARD_WEIGHTS = handle("taxon_conv2d_backward_weights", "IPPPPPIP");

    static final MethodHandle MATMUL_CREATE = handle("taxon_matmul_create", "IPJJJIP");
    static final MethodHandle MATMUL = handle("taxon_matmul", "IPPPPPP");
    static final MethodHandle COLUMN_SUM = handle("taxon_column_sum", "IPPIJJ");

    static final MethodHandle BATCH_NORM_SCRATCH_BYTES = handle("taxon_batch_norm_scratch_bytes", "JJ");
    static final MethodHandle BATCH_NORM_FORWARD = handle("taxon_batch_norm_forward", "IPPPPPPPPPPJJDDI");
    static final MethodHandle BATCH_NORM_BACKWARD = handle("taxon_batch_norm_backward", "IPPPPPPPPPPPPPIJJI");
    static final MethodHandle SYNC_BATCH_NORM_SUMS = handle("taxon_sync_batch_norm_sums", "IPPPJJ");
    static final MethodHandle SYNC_BATCH_NORM_STATISTICS = handle("taxon_sync_batch_norm_statistics", "IPPPPPDJD");
    static final MethodHandle SYNC_BATCH_NORM_BACKWARD = handle("taxon_sync_batch_norm_backward", "IPPPPPPPPPPDIJJ");
    static final MethodHandle BATCH_NORM_FOLD = handle("taxon_batch_norm_fold", "IPPPPPPPPJJD");

    static final MethodHandle ADD = handle("taxon_add", "IPPPJ");
    static final MethodHandle ACTIVATION_FORWARD = handle("taxon_activation_forward", "IPPJIP");
    static final MethodHandle ACTIVATION_BACKWARD = handle("taxon_activation_backward", "IPPPJIP");
    static final MethodHandle DROPOUT = handle("taxon_dropout", "IPPJJJDJJ");

    static final MethodHandle MAX_POOL2D_INDEX_BYTES = handle("taxon_max_pool2d_index_bytes", "JP");
    static final MethodHandle MAX_POOL2D_FORWARD = handle("taxon_max_pool2d_forward", "IPPPP");
    static final MethodHandle MAX_POOL2D_BACKWARD = handle("taxon_max_pool2d_backward", "IPPPP");
    static final MethodHandle AVG_POOL2D_FORWARD = handle("taxon_avg_pool2d_forward", "IPPIP");
    static final MethodHandle AVG_POOL2D_BACKWARD = handle("taxon_avg_pool2d_backward", "IPPIP");
    static final MethodHandle GLOBAL_AVG_POOL_FORWARD = handle("taxon_global_avg_pool_forward", "IPPJJJ");
    static final MethodHandle GLOBAL_AVG_POOL_BACKWARD = handle("taxon_global_avg_pool_backward", "IPPJJJ");

    static final MethodHandle TRANSPOSE = handle("taxon_transpose", "IPPJJJ");
    static final MethodHandle SHORTCUT_A_FORWARD = handle("taxon_shortcut_a_forward", "IPPP");
    static final MethodHandle SHORTCUT_A_BACKWARD = handle("taxon_shortcut_a_backward", "IPPP");

    private Native() {}

    /** A call of one native function. */
    @FunctionalInterface
    interface Call<T> {
        // Throwable is what MethodHandle.invokeExact declares.
        T run() throws Throwable;
    }

    /** The value of a call that has no status. */
    static <T> T value(Call<T> call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Turns a native status into an exception. */
    static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("native call failed: "
                    + value(() -> (MemorySegment) LAST_ERROR.invokeExact()).getString(0));
        }
    }

    /** Makes a call and checks its status. */
    static void call(Call<Integer> call) {
        check(value(call));
    }

    /** oneDNN's version and the instruction set that it uses. */
    static String version() {
        return value(() -> (MemorySegment) VERSION.invokeExact()).getString(0);
    }

    /** Links a function; that takes milliseconds, so functions that many runs do without have classes of their own. */
    static MethodHandle handle(String name, String type) {
        return LIBRARY.function(name, type);
    }
}
