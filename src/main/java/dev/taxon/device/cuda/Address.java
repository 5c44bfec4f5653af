package dev.taxon.device.cuda;

import jcuda.driver.CUdeviceptr;

/** A pointer that JCuda takes, made from a number: memory of the GPU, or native memory of the host. */
final class Address extends CUdeviceptr {
    static final Address NULL = new Address(0);

    private final long value;

    Address(long value) {
        super(new CUdeviceptr(), value);
        this.value = value;
    }

    long value() {
        return value;
    }
}
