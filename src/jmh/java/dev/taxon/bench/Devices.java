package dev.taxon.bench;

import dev.taxon.device.Device;
import dev.taxon.device.reference.ReferenceDevice;

final class Devices {
    private Devices() {}

    static Device open(String name, int threads) {
        if (!name.equals("reference")) {
            throw new IllegalArgumentException("no device " + name + " with " + threads + " threads");
        }
        return new ReferenceDevice();
    }
}
