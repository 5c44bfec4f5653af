package dev.taxon.launcher;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** A folder that holds a Java, as its {@code release} file tells; nothing is started to find out. */
final class JavaHome {
    final File folder;
    final String version;

    private JavaHome(File folder, String version) {
        this.folder = folder;
        this.version = version;
    }

    /** Reads {@code folder/release} (on macOS also {@code folder/Contents/Home/release}); null where no Java lies. */
    static JavaHome read(File folder) {
        JavaHome home = readHere(folder);
        return home != null ? home : readHere(new File(folder, "Contents/Home"));
    }

    private static JavaHome readHere(File folder) {
        Properties release = new Properties();
        try (InputStream in = new FileInputStream(new File(folder, "release"))) {
            release.load(in);
        } catch (IOException | IllegalArgumentException absentOrUnreadable) {
            return null;
        }
        String version =
                release.getProperty("JAVA_VERSION", "").replace("\"", "").trim();
        JavaHome home = new JavaHome(folder, version);
        return JavaVersion.feature(version) > 0 && home.java() != null ? home : null;
    }

    /** The program to start, or null. */
    File java() {
        for (String name : new String[] {"bin/java", "bin/java.exe"}) {
            File java = new File(folder, name);
            if (java.canExecute() && java.isFile()) {
                return java;
            }
        }
        return null;
    }

    boolean suitable() {
        return JavaVersion.feature(version) >= JavaVersion.NEEDED;
    }
}
