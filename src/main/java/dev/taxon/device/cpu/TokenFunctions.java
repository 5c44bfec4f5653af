package dev.taxon.device.cpu;

import java.lang.invoke.MethodHandle;

/** Transformers. Functions of {@code native/include/taxon_tokens.h} that are linked when the first of them is needed. */
final class TokenFunctions {
    static final MethodHandle SLICE_FORWARD = Native.handle("taxon_slice_forward", "IPPJJJJ");
    static final MethodHandle SLICE_BACKWARD = Native.handle("taxon_slice_backward", "IPPJJJJ");
    static final MethodHandle CLASS_TOKEN_FORWARD = Native.handle("taxon_class_token_forward", "IPPPJJJ");
    static final MethodHandle CLASS_TOKEN_BACKWARD = Native.handle("taxon_class_token_backward", "IPPPIJJJ");
    static final MethodHandle POSITION_EMBEDDING_FORWARD =
            Native.handle("taxon_position_embedding_forward", "IPPPPPJJJJJ");
    static final MethodHandle POSITION_EMBEDDING_BACKWARD =
            Native.handle("taxon_position_embedding_backward", "IPPPPIJJJJJ");
    static final MethodHandle LAYER_NORM_SCRATCH_BYTES = Native.handle("taxon_layer_norm_scratch_bytes", "JJ");
    static final MethodHandle LAYER_NORM_FORWARD = Native.handle("taxon_layer_norm_forward", "IPPPPPPJJD");
    static final MethodHandle LAYER_NORM_BACKWARD = Native.handle("taxon_layer_norm_backward", "IPPPPPPPPPIJJ");
    static final MethodHandle DROP_PATH = Native.handle("taxon_drop_path", "IPPJJDJJ");
    static final MethodHandle ATTENTION_SCRATCH_BYTES = Native.handle("taxon_attention_scratch_bytes", "JJ");
    static final MethodHandle ATTENTION_FORWARD = Native.handle("taxon_attention_forward", "IPPPPJJJJDJJ");
    static final MethodHandle ATTENTION_BACKWARD = Native.handle("taxon_attention_backward", "IPPPPPJJJJDJJ");

    private TokenFunctions() {}
}
