package dev.taxon.report;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine and who works on it, as logs name them. */
public final class Host {
    private static final Path KERNELS_NAME = Path.of("/proc/sys/kernel/hostname"); // asks no network

    private Host() {}

    /** {@code user@machine}. */
    public static String userAtMachine() {
        return System.getProperty("user.name") + "@" + machine();
    }

    /** The machine's name, {@code localhost} if it has none. */
    public static String machine() {
        try {
            return Files.readString(KERNELS_NAME).strip();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "localhost";
            }
        }
    }
}
