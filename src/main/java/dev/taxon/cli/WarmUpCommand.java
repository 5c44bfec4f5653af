package dev.taxon.cli;

import dev.taxon.report.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** What most runs do at first, on a tiny network: the launcher records it for the cache that later starts are faster by. */
@Command(
        name = "warm-up",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Reads a config, a checkpoint and an image, and classifies it: recorded once, to start faster.")
final class WarmUpCommand implements Callable<Integer> {
    private static final List<String> FILES = List.of("warmup.jpg", "warmup.py", "warmup.pth");

    @Override
    public Integer call() {
        try {
            Path folder = Files.createTempDirectory("taxon-warm-up");
            try {
                for (String name : FILES) {
                    try (InputStream in = WarmUpCommand.class.getResourceAsStream("warmup/" + name)) {
                        if (in == null) {
                            throw new IllegalStateException("the jar lacks " + name);
                        }
                        Files.copy(in, folder.resolve(name));
                    }
                }
                String[] words = FILES.stream()
                        .map(name -> folder.resolve(name).toString())
                        .toArray(String[]::new);
                Version.current().line();
                Engine.run("train", "--help");
                return Engine.run("infer", words[0], words[1], words[2]);
            } finally {
                for (String name : FILES) {
                    Files.deleteIfExists(folder.resolve(name));
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
