package dev.taxon;

import static dev.taxon.UserError.require;

import dev.taxon.device.Device;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.cuda.CudaDevice;
import dev.taxon.device.cuda.CudaLibraries;
import dev.taxon.device.reference.ReferenceDevice;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens devices by the name that {@code --device} takes. */
public final class Devices {
    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    private Devices() {}

    /**
     * A device, which the caller closes: {@code cpu}; {@code cuda} or {@code cuda:1}, a GPU; or {@code reference} (plain
     * Java, slow, the numerical truth). When none is named, the first GPU where there is one that can be used, else the CPU.
     *
     * @throws UserError for an unknown name, and for a GPU that cannot be used: why, and the cure
     */
    public static Device open(Settings settings) {
        return open(settings, CudaLibraries.of(System.getenv()));
    }

    /** The same with CUDA's libraries from elsewhere. */
    public static Device open(Settings settings, CudaLibraries libraries) {
        String name = settings.device();
        if (name == null) {
            return best(settings, libraries);
        }
        Matcher cuda = CUDA.matcher(name);
        if (cuda.matches()) {
            String index = cuda.group(1);
            return CudaDevice.open(index == null ? 0 : Integer.parseInt(index), libraries, settings.precision());
        }
        require(!name.startsWith("cuda"), "device '%s': expected cuda or cuda:N with the number of a GPU", name);
        return switch (name) {
            case "cpu" -> cpu(settings, "");
            case "reference" -> new ReferenceDevice();
            default -> throw UserError.of("device '%s' is not known; known are cpu, cuda:N, reference", name);
        };
    }

    private static Device best(Settings settings, CudaLibraries libraries) {
        if (!CudaLibraries.hasDriver()) {
            return cpu(settings, "");
        }
        try {
            return CudaDevice.open(0, libraries, settings.precision());
        } catch (UserError unusable) {
            return cpu(settings, "not on a GPU: " + unusable.getMessage());
        }
    }

    private static CpuDevice cpu(Settings settings, String note) {
        return CpuDevice.open(settings.threads(), settings.winograd(), note);
    }
}
