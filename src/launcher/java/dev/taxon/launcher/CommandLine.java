package dev.taxon.launcher;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command line of this JVM, to be repeated on another Java. */
final class CommandLine {
    private CommandLine() {}

    /**
     * What followed {@code java}: JVM flags, {@code -jar} and the jar (or a class path and the main class), arguments.
     * Flags of JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS are not among them where /proc tells: the next Java reads those
     * variables itself.
     */
    static List<String> ofThisProcess(String[] args) {
        List<String> words = fromProc(Paths.get("/proc/self/cmdline"));
        if (words.size() > args.length + 1
                && words.subList(words.size() - args.length, words.size()).equals(Arrays.asList(args))) {
            return words.subList(1, words.size());
        }
        List<String> rebuilt =
                new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        rebuilt.add("-cp");
        rebuilt.add(System.getProperty("java.class.path"));
        rebuilt.add(Launcher.class.getName());
        rebuilt.addAll(Arrays.asList(args));
        return rebuilt;
    }

    /** Words of a Linux {@code /proc/PID/cmdline}, or none. */
    static List<String> fromProc(Path file) {
        List<String> words = new ArrayList<>();
        try {
            byte[] bytes = Files.readAllBytes(file);
            int start = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == 0) {
                    words.add(new String(bytes, start, i - start, nativeCharset()));
                    start = i + 1;
                }
            }
        } catch (IOException notLinux) {
            return new ArrayList<>();
        }
        return words;
    }

    /** How Java encodes arguments of programs that it starts. */
    private static Charset nativeCharset() {
        return Charset.forName(
                System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()));
    }

    /**
     * The same words without the flags that an old Java knew and the needed one refuses, or that two JVMs cannot share.
     * Unknown {@code -XX} flags stay: {@code -XX:+IgnoreUnrecognizedVMOptions} covers them.
     *
     * @param arguments how many words at the end are the program's own
     * @param dropped receives the flags left out
     */
    static List<String> forNewJava(List<String> words, int arguments, List<String> dropped) {
        List<String> kept = new ArrayList<>();
        kept.add("-XX:+IgnoreUnrecognizedVMOptions");
        int flags = words.size() - arguments;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (i < flags && unfit(word)) {
                dropped.add(word);
            } else {
                kept.add(word);
            }
        }
        return kept;
    }

    private static boolean unfit(String flag) {
        return gone(flag) || heldByThisJvm(flag);
    }

    /** Refused by Java 25: removed data models, incremental GC, boot class path edits, the security manager. */
    private static boolean gone(String flag) {
        return flag.equals("-d32")
                || flag.equals("-d64")
                || flag.equals("-Xincgc")
                || flag.startsWith("-Xbootclasspath:")
                || flag.startsWith("-Xbootclasspath/p:")
                || flag.startsWith("--illegal-access")
                || flag.startsWith("-Djava.ext.dirs")
                || flag.startsWith("-Djava.endorsed.dirs")
                || flag.startsWith("-Djava.security.manager");
    }

    /** Would listen on the port that this JVM holds. */
    private static boolean heldByThisJvm(String flag) {
        return flag.startsWith("-agentlib:jdwp")
                || flag.startsWith("-Xrunjdwp")
                || flag.startsWith("-Dcom.sun.management.jmxremote.port");
    }
}
