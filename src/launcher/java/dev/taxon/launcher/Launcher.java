package dev.taxon.launcher;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Main class of our jars, in Java 8 byte code. Under Java 25 or newer it calls the jar's {@code Launcher-Main} in the
 * same JVM. Under an older one it finds a newer Java ({@link JavaSearch}) and repeats the command there: same
 * arguments, JVM flags, streams, signals and exit code. With none found it says what is missing and exits with 2.
 * The engine's short commands are repeated under Java 25 too: a JVM reads its AOT cache only when it is told at its
 * start ({@link StartCache}), and that saves more than a second JVM costs.
 */
public final class Launcher {
    private static final String ATTRIBUTE = "Launcher-Main";
    private static final String DEFAULT_MAIN = "dev.taxon.Main";
    /** Set for a JVM that a launcher started: the folder of the Java that it chose. */
    private static final String STARTED = "taxon.launcher.home";

    /** They go on for so long that their start does not matter. */
    private static final List<String> LONG = Arrays.asList("train", "test");

    private Launcher() {}

    public static void main(String[] args) throws Throwable {
        if (JavaVersion.feature(System.getProperty("java.specification.version")) < JavaVersion.NEEDED) {
            System.exit(relaunch(args));
        } else if (System.getProperty(STARTED) != null) {
            Orphan.endWithParent();
            callMain(args);
        } else {
            JavaHome same = startsFasterAgain(args) ? JavaHome.read(new File(System.getProperty("java.home"))) : null;
            if (same == null) {
                callMain(args);
            } else {
                System.exit(repeat(args, same));
            }
        }
    }

    /** A command of the engine that is not {@link #LONG}, given without flags for the JVM, where a cache may be kept. */
    private static boolean startsFasterAgain(String[] args) {
        return args.length > 0
                && !LONG.contains(args[0])
                && !"off".equals(System.getenv(StartCache.VARIABLE))
                && CommandLine.ofThisProcess(args).indexOf("-jar") == 0
                && isEngine();
    }

    private static void callMain(String[] args) throws Throwable {
        try {
            Class.forName(mainClass()).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException thrownByMain) {
            throw thrownByMain.getCause();
        }
    }

    /** The started jar's {@code Launcher-Main}; the engine's when started from a folder of classes. */
    private static String mainClass() throws IOException {
        File jar = new File(System.getProperty("java.class.path"));
        if (jar.isFile()) {
            try (JarFile file = new JarFile(jar)) {
                Manifest manifest = file.getManifest();
                String name =
                        manifest == null ? null : manifest.getMainAttributes().getValue(ATTRIBUTE);
                return name == null ? DEFAULT_MAIN : name;
            }
        }
        return DEFAULT_MAIN;
    }

    private static boolean isEngine() {
        try {
            return DEFAULT_MAIN.equals(mainClass());
        } catch (IOException unreadable) {
            return false; // the next Java will say so
        }
    }

    private static int relaunch(String[] args) throws InterruptedException {
        JavaHome home;
        try {
            if (System.getProperty(STARTED) != null) {
                throw new JavaSearch.Missing(
                        "the release file of " + System.getProperty(STARTED) + " says that it is newer than it is");
            }
            home = JavaSearch.ofThisMachine().find();
        } catch (JavaSearch.Missing missing) {
            return refuse(missing.getMessage());
        }
        return repeat(args, home);
    }

    private static int repeat(String[] args, JavaHome home) throws InterruptedException {
        List<String> dropped = new ArrayList<>();
        List<String> command = new ArrayList<>();
        command.add(home.java().getPath());
        command.add("-D" + STARTED + "=" + home.folder);
        List<String> words = CommandLine.ofThisProcess(args);
        StartCache cache = isEngine() ? StartCache.of(home, words, System.getenv()) : null;
        KeptAnswer answer = cache == null ? null : KeptAnswer.of(home, words, args, System.getenv());
        if (answer != null && answer.print()) {
            return 0;
        }
        if (cache != null) {
            command.addAll(cache.flags());
        }
        if (answer != null) {
            command.addAll(answer.flags());
        }
        command.addAll(CommandLine.forNewJava(words, args.length, dropped));
        if (!dropped.isEmpty()) {
            System.err.println("Taxon goes on with Java " + home.version + " (" + home.folder + "), without "
                    + String.join(" ", dropped) + ": start that Java yourself to use such flags.");
        }
        try {
            ProcessBuilder next = new ProcessBuilder(command).inheritIO();
            if (answer != null) {
                next.redirectOutput(ProcessBuilder.Redirect.PIPE);
            }
            Process child = next.start();
            Signals.forwardTo(child);
            int code = answer == null ? child.waitFor() : answer.pass(child);
            if (cache != null && code == 0) {
                cache.makeInBackground();
            }
            return code;
        } catch (IOException e) {
            return refuse("Java " + home.version + " in " + home.folder + " does not start: " + e.getMessage());
        }
    }

    private static int refuse(String why) {
        System.err.println("Taxon needs Java " + JavaVersion.NEEDED + " or newer and was started with Java "
                + System.getProperty("java.version") + " (" + System.getProperty("java.home") + "): " + why + ".");
        return 2;
    }
}
