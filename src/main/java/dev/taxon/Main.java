package dev.taxon;

import dev.taxon.cli.Engine;

/** Entry point on Java 25; {@code dev.taxon.launcher.Launcher} finds it one. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(Engine.run(args));
    }
}
