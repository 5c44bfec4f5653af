package dev.taxon.launcher;

import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A JVM's AOT cache (JEP 483, 514, 515): classes already loaded and linked, and which methods are hot. One for each jar
 * and Java, in the user's cache folder. It is made in the background behind the first run, at the lowest priority, and
 * appears by rename; the JVM itself checks that it fits and goes on without it otherwise. Whatever fails here, no run
 * does. {@code TAXON_AOT=off} does without.
 */
final class StartCache {
    static final String VARIABLE = "TAXON_AOT";

    private static final long STALE_MILLIS = 10 * 60 * 1000L; // a maker that takes longer was killed
    /** $1: the file to make, $2: where it goes, $3: the lock; the rest is the command. */
    private static final String MAKE = "new=$1; cache=$2; lock=$3; shift 3; trap '' INT HUP; "
            + "if nice -n 19 \"$@\" && [ -s \"$new\" ]; then mv -f \"$new\" \"$cache\"; fi; rm -f \"$new\" \"$new.config\" \"$lock\"";

    private final File java;
    private final File jar;
    private final Path cache;

    private StartCache(File java, File jar, Path cache) {
        this.java = java;
        this.jar = jar;
        this.cache = cache;
    }

    /**
     * The cache for this jar under that Java, whether it is there yet or not.
     *
     * @param words what follows {@code java}: with flags about such caches of the user's own, or not of a jar, there is none
     * @return null for none
     */
    static StartCache of(JavaHome home, List<String> words, Map<String, String> environment) {
        if ("off".equals(environment.get(VARIABLE)) || home.java() == null || !new File("/bin/sh").canExecute()) {
            return null;
        }
        int option = words.indexOf("-jar");
        if (option < 0 || option + 1 >= words.size()) {
            return null;
        }
        for (String flag : words.subList(0, option)) {
            if (flag.startsWith("-XX:AOT")
                    || flag.startsWith("-XX:SharedArchive")
                    || flag.startsWith("-XX:ArchiveClasses")
                    || flag.startsWith("-Xshare")
                    || flag.startsWith("-agent")
                    || flag.startsWith("-javaagent")) {
                return null;
            }
        }
        File jar = new File(words.get(option + 1));
        try {
            Path folder = folder(environment);
            return folder == null
                    ? null
                    : new StartCache(home.java(), jar, folder.resolve("aot-" + hash(identity(home, words)) + ".aot"));
        } catch (IOException | RuntimeException unreadable) {
            return null;
        }
    }

    /** Tells this jar and that Java from others of the same names. */
    static String identity(JavaHome home, List<String> words) throws IOException {
        File jar = new File(words.get(words.indexOf("-jar") + 1));
        byte[] release = Files.readAllBytes(new File(home.folder, "release").toPath());
        return jar.getCanonicalPath()
                + ' '
                + jar.length()
                + ' '
                + jar.lastModified()
                + ' '
                + home.folder
                + ' '
                + new String(release, StandardCharsets.UTF_8);
    }

    /** Where the native libraries go, too; never a folder that others write to, since the JVM believes what it holds. */
    static Path folder(Map<String, String> environment) {
        String xdg = environment.get("XDG_CACHE_HOME");
        String home = System.getProperty("user.home", "");
        if (xdg != null && new File(xdg).isAbsolute()) {
            return new File(xdg, "taxon").toPath();
        }
        return new File(home).isAbsolute() ? new File(home, ".cache/taxon").toPath() : null;
    }

    /** Flags for the JVM that is started; what it says of a cache that does not fit is not for the user. */
    List<String> flags() {
        if (!Files.isReadable(cache)) {
            return Collections.emptyList();
        }
        return Arrays.asList("-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=error:stderr");
    }

    /** Starts to make the cache, unless it is there or another process is at it; returns at once. */
    void makeInBackground() {
        Path lock = cache.resolveSibling(cache.getFileName() + ".lock");
        try {
            if (Files.exists(cache)) {
                return;
            }
            Files.createDirectories(cache.getParent());
            if (Files.exists(lock)
                    && System.currentTimeMillis()
                                    - Files.getLastModifiedTime(lock).toMillis()
                            > STALE_MILLIS) {
                Files.delete(lock);
            }
            Files.createFile(lock);
        } catch (IOException madeElsewhereOrNoRoom) {
            return;
        }
        Path made = cache.resolveSibling(cache.getFileName() + "." + System.nanoTime() + ".new");
        List<String> command = new ArrayList<>(Arrays.asList("/bin/sh", "-c", MAKE, "sh", made.toString()));
        command.addAll(Arrays.asList(cache.toString(), lock.toString()));
        command.addAll(Arrays.asList(java.getPath(), "-XX:AOTCacheOutput=" + made, "-jar", jar.getPath(), "warm-up"));
        File nowhere = new File("/dev/null");
        ProcessBuilder maker = new ProcessBuilder(command)
                .redirectInput(nowhere)
                .redirectOutput(nowhere)
                .redirectError(nowhere);
        maker.environment().put("OMP_NUM_THREADS", "1");
        try {
            maker.start();
        } catch (IOException noShell) {
            try {
                Files.deleteIfExists(lock);
            } catch (IOException left) {
                // it is stale in ten minutes
            }
        }
    }

    static String hash(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, digest).toString(16).substring(0, 16); // no Formatter: it takes 30 ms at first
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
