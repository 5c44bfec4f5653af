package dev.taxon.device.cuda;

/** Memory of the GPU that an op reads or writes. Where it lies may change between two steps: ask each time. */
interface Operand {
    Address pointer();

    default long address() {
        return pointer().value();
    }

    /** The part of it from byte {@code bytes} on. */
    default Operand from(long bytes) {
        return bytes == 0 ? this : new Part(this, bytes);
    }

    /** A part, whose pointer is made anew only when the whole has moved. */
    final class Part implements Operand {
        private final Operand whole;
        private final long bytes;
        private Address pointer = Address.NULL;

        private Part(Operand whole, long bytes) {
            this.whole = whole;
            this.bytes = bytes;
        }

        @Override
        public Address pointer() {
            long address = address();
            if (pointer.value() != address) {
                pointer = new Address(address);
            }
            return pointer;
        }

        @Override
        public long address() {
            return whole.address() + bytes;
        }
    }
}
