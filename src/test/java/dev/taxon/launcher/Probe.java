package dev.taxon.launcher;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Stands for the engine in {@link LauncherIT}: prints what it was given; the first argument says how it ends. */
public final class Probe {
    private Probe() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println("feature " + Runtime.version().feature());
        System.out.println("args " + String.join("|", args));
        System.out.println("heap " + Runtime.getRuntime().maxMemory() / (1 << 20));
        System.out.println("flags " + ManagementFactory.getRuntimeMXBean().getInputArguments());
        System.out.println("property " + System.getProperty("probe.property"));
        System.err.println("on stderr");
        switch (args[0]) {
            case "exit" -> System.exit(Integer.parseInt(args[1]));
            case "throw" -> throw new IllegalStateException("thrown by the program");
            case "echo" ->
                System.out.println("stdin " + new String(System.in.readAllBytes(), StandardCharsets.UTF_8).trim());
            case "wait" -> waitForASignal(Path.of(args[1]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Ends its work when asked to, which takes a moment. */
    private static void waitForASignal(Path done) throws InterruptedException, IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Thread.sleep(300);
                Files.writeString(done, "finished " + ProcessHandle.current().pid());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        System.out.println("waiting");
        System.out.flush();
        Thread.sleep(60_000);
    }
}
