package dev.taxon.device.cpu;

import java.lang.invoke.MethodHandle;

/** Losses. Functions of {@code native/include/taxon_losses.h} that are linked when the first of them is needed. */
final class LossFunctions {
    static final MethodHandle SOFTMAX_CROSS_ENTROPY = Native.handle("taxon_softmax_cross_entropy", "IPPPPPPPJJDDD");
    static final MethodHandle BINARY_CROSS_ENTROPY = Native.handle("taxon_binary_cross_entropy", "IPPPPPPPPJJDD");
    static final MethodHandle FOCAL_LOSS = Native.handle("taxon_focal_loss", "IPPPPPPJJDDD");
    static final MethodHandle ASYMMETRIC_LOSS = Native.handle("taxon_asymmetric_loss", "IPPPPPPJJDDDDID");
    static final MethodHandle SEESAW_LOSS = Native.handle("taxon_seesaw_loss", "IPPPPPPJJDDDD");

    private LossFunctions() {}
}
