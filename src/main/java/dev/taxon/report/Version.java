package dev.taxon.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What runs here, for {@code engine --version} and the first lines of each run. The device adds its own line
 * ({@link dev.taxon.device.Device#describe}).
 *
 * @param taxon version of this build, as in pom.xml
 * @param java version and vendor's name of the JVM: {@code 25.0.3 (Temurin-25.0.3+9)}
 * @param os name, release and architecture: {@code Linux 6.1.0 amd64}
 */
public record Version(String taxon, String java, String os) {
    private static final String RESOURCE = "version.properties";

    public static Version current() {
        return new Version(taxonVersion(), javaVersion(), osVersion());
    }

    /** {@code Taxon 0.1.0, Java 25.0.3 (Temurin-25.0.3+9), Linux 6.1.0 amd64}. */
    public String line() {
        return "Taxon " + taxon + ", Java " + java + ", " + os;
    }

    /** The same in lines of their own, for a run's log: {@code Taxon: 0.1.0}. */
    public String lines() {
        return "Taxon: " + taxon + "\nJava: " + java + "\nOS: " + os;
    }

    private static String taxonVersion() {
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(
                        "resource dev/taxon/report/" + RESOURCE + " is missing from this build");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String javaVersion() {
        String build = System.getProperty("java.vendor.version", System.getProperty("java.vendor", "unknown vendor"));
        return System.getProperty("java.version") + " (" + build + ")";
    }

    private static String osVersion() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
    }
}
