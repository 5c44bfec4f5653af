package dev.taxon;

import dev.taxon.device.Device;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.reference.ReferenceDevice;

/** Opens devices by the name that {@code --device} takes. */
public final class Devices {
    private Devices() {}

    /**
     * A device, which the caller closes: {@code cpu} (also when none is named), or {@code reference} (plain Java, slow,
     * the numerical truth).
     *
     * @throws UserError for an unknown name
     */
    public static Device open(Settings settings) {
        String name = settings.device() == null ? "cpu" : settings.device();
        return switch (name) {
            case "cpu" -> CpuDevice.open(settings.threads());
            case "reference" -> new ReferenceDevice();
            default -> {
                if (name.startsWith("cuda")) {
                    throw UserError.of("device '%s': this version has no GPU device; use --device cpu", name);
                }
                throw UserError.of("device '%s' is not known; known are cpu, reference", name);
            }
        };
    }
}
