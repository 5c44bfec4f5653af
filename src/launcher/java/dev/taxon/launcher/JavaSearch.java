package dev.taxon.launcher;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where a Java {@value JavaVersion#NEEDED} is looked for, in this order:
 *
 * <ol>
 *   <li>{@code ENGINE_JAVA_HOME}. Set, it decides: a folder with no suitable Java is a mistake, not passed over.
 *   <li>{@code JAVA_HOME}, when it holds a suitable Java.
 *   <li>The platform's usual folders, all of them: the newest suitable Java wins, the earlier folder when versions
 *       are equal.
 * </ol>
 */
final class JavaSearch {
    static final String OWN_VARIABLE = "ENGINE_JAVA_HOME";

    private final Map<String, String> env;
    private final List<File> parents;

    /** {@code parents}: folders whose children are Java homes. */
    JavaSearch(Map<String, String> env, List<File> parents) {
        this.env = env;
        this.parents = parents;
    }

    static JavaSearch ofThisMachine() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return new JavaSearch(System.getenv(), usualFolders(os, System.getProperty("user.home", ""), System.getenv()));
    }

    static List<File> usualFolders(String os, String userHome, Map<String, String> env) {
        List<File> folders = new ArrayList<>();
        if (os.startsWith("windows")) {
            String programs = env.containsKey("ProgramFiles") ? env.get("ProgramFiles") : "C:\\Program Files";
            for (String vendor :
                    Arrays.asList("Eclipse Adoptium", "Java", "Microsoft", "Zulu", "Amazon Corretto", "BellSoft")) {
                folders.add(new File(programs, vendor));
            }
        } else if (os.startsWith("mac")) {
            folders.add(new File("/Library/Java/JavaVirtualMachines"));
            folders.add(new File(userHome, "Library/Java/JavaVirtualMachines"));
            folders.add(new File("/opt/homebrew/opt"));
            folders.add(new File("/usr/local/opt"));
        } else {
            folders.add(new File("/usr/lib/jvm"));
            folders.add(new File("/usr/java"));
            folders.add(new File("/opt"));
            folders.add(new File("/opt/java"));
            folders.add(new File("/usr/local"));
        }
        folders.add(new File(userHome, ".sdkman/candidates/java"));
        folders.add(new File(userHome, ".jdks"));
        folders.add(new File(userHome, ".asdf/installs/java"));
        folders.add(new File(userHome, ".local/share/mise/installs/java"));
        return folders;
    }

    /**
     * Finds a suitable Java.
     *
     * @throws Missing with the sentence for the user
     */
    JavaHome find() throws Missing {
        String own = env.get(OWN_VARIABLE);
        if (own != null && !own.isEmpty()) {
            return required(new File(own));
        }
        String common = env.get("JAVA_HOME");
        if (common != null && !common.isEmpty()) {
            JavaHome home = JavaHome.read(new File(common));
            if (home != null && home.suitable()) {
                return home;
            }
        }
        JavaHome newest = newest();
        if (newest == null) {
            throw new Missing("no Java " + JavaVersion.NEEDED + " or newer was found in JAVA_HOME or under "
                    + join(parents)
                    + "; install one (for instance Eclipse Temurin " + JavaVersion.NEEDED + ") or set " + OWN_VARIABLE
                    + " to its folder");
        }
        return newest;
    }

    private static JavaHome required(File folder) throws Missing {
        JavaHome home = JavaHome.read(folder);
        if (home == null) {
            throw new Missing(
                    OWN_VARIABLE + " is " + folder + ", which holds no Java (no release file or no bin/java); "
                            + "set it to the folder of a Java " + JavaVersion.NEEDED + " or newer, or unset it");
        }
        if (!home.suitable()) {
            throw new Missing(OWN_VARIABLE + " is " + folder + ", which holds Java " + home.version
                    + "; set it to the folder of a Java " + JavaVersion.NEEDED + " or newer, or unset it");
        }
        return home;
    }

    private JavaHome newest() {
        JavaHome newest = null;
        for (File parent : parents) {
            File[] children = parent.listFiles();
            if (children == null) {
                continue;
            }
            Arrays.sort(children);
            for (File child : children) {
                JavaHome home = JavaHome.read(child);
                if (home != null
                        && home.suitable()
                        && (newest == null || JavaVersion.compare(home.version, newest.version) > 0)) {
                    newest = home;
                }
            }
        }
        return newest;
    }

    private static String join(List<File> folders) {
        StringBuilder text = new StringBuilder();
        for (File folder : folders) {
            text.append(text.length() == 0 ? "" : ", ").append(folder);
        }
        return text.toString();
    }

    /** No suitable Java; the message ends the sentence that starts "Taxon needs Java …". */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(String message) {
            super(message);
        }
    }
}
