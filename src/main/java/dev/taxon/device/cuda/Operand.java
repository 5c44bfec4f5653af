package dev.taxon.device.cuda;

/** Memory of the GPU that an op reads or writes. Where it lies may change between two steps: ask each time. */
interface Operand {
    Address pointer();

    default long address() {
        return pointer().value();
    }
}
