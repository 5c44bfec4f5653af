package dev.taxon.launcher;

/** Java 8 byte code: finds a JDK 25 and goes on there. */
public final class Launcher {
    private Launcher() {}

    public static void main(String[] args) throws Exception {
        Class.forName("dev.taxon.Main").getMethod("main", String[].class).invoke(null, (Object) args);
    }
}
