package dev.taxon;

/** Entry point on Java 25; {@code dev.taxon.launcher.Launcher} finds it one. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("Taxon");
    }
}
