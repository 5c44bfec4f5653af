package dev.taxon.device.cpu;

import java.lang.invoke.MethodHandle;

/** Movement between channels, split attention, and pools of heads. Functions of {@code native/include/taxon_channels.h} that are linked when the first of them is needed. */
final class ChannelFunctions {
    static final MethodHandle CHANNELS_COPY = Native.handle("taxon_channels_copy", "IPPJJJJ");
    static final MethodHandle CHANNELS_ADD = Native.handle("taxon_channels_add", "IPPPJJJJJ");
    static final MethodHandle CHANNELS_ZERO = Native.handle("taxon_channels_zero", "IPJJJ");
    static final MethodHandle CHANNELS_INTERLEAVE = Native.handle("taxon_channels_interleave", "IPPPJJJJ");
    static final MethodHandle CHANNELS_SEPARATE = Native.handle("taxon_channels_separate", "IPPPJJJJ");
    static final MethodHandle CHANNEL_SHUFFLE = Native.handle("taxon_channel_shuffle", "IPPJJJ");
    static final MethodHandle RADIX_POOL_FORWARD = Native.handle("taxon_radix_pool_forward", "IPPJJJJ");
    static final MethodHandle RADIX_POOL_BACKWARD = Native.handle("taxon_radix_pool_backward", "IPPJJJJ");
    static final MethodHandle RADIX_SOFTMAX_FORWARD = Native.handle("taxon_radix_softmax_forward", "IPPJJJJ");
    static final MethodHandle RADIX_SOFTMAX_BACKWARD = Native.handle("taxon_radix_softmax_backward", "IPPPJJJJ");
    static final MethodHandle RADIX_SUM_FORWARD = Native.handle("taxon_radix_sum_forward", "IPPPJJJJ");
    static final MethodHandle RADIX_SUM_BACKWARD = Native.handle("taxon_radix_sum_backward", "IPPPPPJJJJ");
    static final MethodHandle CHANNEL_SCALE_FORWARD = Native.handle("taxon_channel_scale_forward", "IPPPJJJ");
    static final MethodHandle CHANNEL_SCALE_BACKWARD = Native.handle("taxon_channel_scale_backward", "IPPPPPJJJ");
    static final MethodHandle GENERALIZED_MEAN_FORWARD = Native.handle("taxon_generalized_mean_forward", "IPPPPJJJDI");
    static final MethodHandle GENERALIZED_MEAN_BACKWARD =
            Native.handle("taxon_generalized_mean_backward", "IPPPPPPPPIJJJDI");
    static final MethodHandle RESIDUAL_ATTENTION_FORWARD =
            Native.handle("taxon_residual_attention_forward", "IPPPPJJJJDD");
    static final MethodHandle RESIDUAL_ATTENTION_BACKWARD =
            Native.handle("taxon_residual_attention_backward", "IPPPPPJJJDD");
    static final MethodHandle RESIDUAL_ATTENTION_WEIGHTS = Native.handle("taxon_residual_attention_weights", "IPPPPJJ");

    private ChannelFunctions() {}
}
