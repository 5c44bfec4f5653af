package dev.taxon.device.cpu;

import java.lang.invoke.MethodHandle;

/** Optimizers, and what else runs over whole regions of parameters. Functions of {@code native/include/taxon_optimizer.h} that are linked when the first of them is needed. */
final class OptimizerFunctions {
    static final MethodHandle SGD = Native.handle("taxon_sgd", "IPPPJFFFFII");
    static final MethodHandle ADAM = Native.handle("taxon_adam", "IPPPPPJFFFFFFFF");
    static final MethodHandle RMSPROP = Native.handle("taxon_rmsprop", "IPPPPPJFFFFFF");
    static final MethodHandle ADAGRAD = Native.handle("taxon_adagrad", "IPPPJFFFIF");
    static final MethodHandle ADADELTA = Native.handle("taxon_adadelta", "IPPPPJFFFFF");
    static final MethodHandle ADAMAX = Native.handle("taxon_adamax", "IPPPPJFFFFF");
    static final MethodHandle NADAM = Native.handle("taxon_nadam", "IPPPPJFFFFFFFF");
    static final MethodHandle RADAM = Native.handle("taxon_radam", "IPPPPJFFFFFIFFFF");
    static final MethodHandle ASGD = Native.handle("taxon_asgd", "IPPPJFFFF");
    static final MethodHandle LAMB = Native.handle("taxon_lamb", "IPPPPJFFFFFFFFFFII");
    static final MethodHandle NORM = Native.handle("taxon_norm", "IPPJD");
    static final MethodHandle SCALE = Native.handle("taxon_scale", "IPJF");
    static final MethodHandle LIMIT = Native.handle("taxon_limit", "IPJF");
    static final MethodHandle AVERAGE = Native.handle("taxon_average", "IPPJFF");
    static final MethodHandle EXCHANGE = Native.handle("taxon_exchange", "IPPJ");

    private OptimizerFunctions() {}
}
