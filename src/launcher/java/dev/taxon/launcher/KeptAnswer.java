package dev.taxon.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What {@code --help} and {@code --version} printed under the newer Java, kept in the user's cache folder, so that the next
 * time no second JVM is started for it. The key holds whatever the text may depend on: jar, Java, arguments, processor,
 * system, and whether there are colours. Whatever fails here, the answer is asked for anew.
 */
final class KeptAnswer {
    private static final int WORDS = 3; // engine data verify --help

    private final Path file;
    private final boolean terminal;

    private KeptAnswer(Path file, boolean terminal) {
        this.file = file;
        this.terminal = terminal;
    }

    /** @return null for a command that does more than to print such a text, or where nothing can be kept */
    static KeptAnswer of(JavaHome home, List<String> words, String[] args, Map<String, String> environment) {
        if (args.length == 0 || args.length > WORDS || "off".equals(environment.get(StartCache.VARIABLE))) {
            return null;
        }
        String last = args[args.length - 1];
        boolean help = last.equals("--help") || last.equals("-h");
        boolean version = args.length == 1 && (last.equals("--version") || last.equals("-V"));
        for (int i = 0; i < args.length - 1; i++) {
            help &= args[i].matches("[a-z-]*[a-z]") && !args[i].startsWith("-");
        }
        if (!(help || version)) {
            return null;
        }
        try {
            boolean terminal = System.console() != null;
            List<String> key = new ArrayList<>(words);
            key.add(StartCache.identity(home, words));
            key.add(System.getProperty("os.version"));
            key.add(System.getProperty("user.name"));
            key.add(Integer.toString(Runtime.getRuntime().availableProcessors()));
            key.add(processor());
            key.add(terminal ? "terminal " + environment.get("TERM") : "plain");
            for (String name :
                    new String[] {"NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TAXON_SIMD", "JAVA_TOOL_OPTIONS"}) {
                key.add(name + '=' + environment.get(name));
            }
            Path folder = StartCache.folder(environment);
            return folder == null
                    ? null
                    : new KeptAnswer(
                            folder.resolve("answer-" + StartCache.hash(String.join("\u0000", key)) + ".txt"), terminal);
        } catch (IOException | RuntimeException unreadable) {
            return null;
        }
    }

    private static String processor() throws IOException {
        for (String line : Files.readAllLines(Paths.get("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("flags")) {
                return line;
            }
        }
        return "";
    }

    /** Prints the text, if it was kept. */
    boolean print() {
        try {
            byte[] text = Files.readAllBytes(file);
            System.out.write(text, 0, text.length);
            System.out.flush();
            return true;
        } catch (IOException notThereYet) {
            return false;
        }
    }

    /** Flags for the Java whose output is read by {@link #pass}: it sees no terminal. */
    List<String> flags() {
        return terminal ? Arrays.asList("-Dpicocli.ansi=true") : Arrays.<String>asList();
    }

    /** Passes on what the child prints, and keeps it if it ends well. */
    int pass(Process child) throws IOException, InterruptedException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        try (InputStream in = child.getInputStream()) {
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                text.write(part, 0, n);
                System.out.write(part, 0, n);
            }
        }
        System.out.flush();
        int code = child.waitFor();
        if (code == 0) {
            keep(text.toByteArray());
        }
        return code;
    }

    private void keep(byte[] text) {
        try {
            Files.createDirectories(file.getParent());
            Path made = Files.createTempFile(file.getParent(), "answer", ".new");
            Files.write(made, text);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException noRoom) {
            // the next one asks again
        }
    }
}
