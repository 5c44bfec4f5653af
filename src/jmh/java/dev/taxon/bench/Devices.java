package dev.taxon.bench;

import dev.taxon.device.Device;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.reference.ReferenceDevice;

/** Devices by name. */
final class Devices {
    private Devices() {}

    static Device open(String name, int threads) {
        return switch (name) {
            case "cpu" -> CpuDevice.open(threads);
            case "reference" -> new ReferenceDevice();
            default -> throw new IllegalArgumentException("no device " + name);
        };
    }
}
