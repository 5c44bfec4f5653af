package dev.taxon.data.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the machine's own package clients (npm, apt-get), which know the registries that this machine may reach. */
final class Client {
    private static final long LIMIT_SECONDS = 1800;

    private Client() {}

    /**
     * Runs a program to its end.
     *
     * @param folder where it runs
     * @return what it wrote to standard output
     * @throws IOException if it is not installed, fails or takes longer than half an hour
     */
    static String run(Path folder, TransferProgress progress, String label, List<String> command)
            throws IOException, InterruptedException {
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException(command.getFirst() + " is not installed", e);
        }
        try {
            process.getOutputStream().close();
            progress.begin(label, 0);
            for (int second = 0; !process.waitFor(1, TimeUnit.SECONDS); second++) {
                if (second == LIMIT_SECONDS) {
                    throw new IOException("not done after " + LIMIT_SECONDS / 60 + " minutes");
                }
                progress.at(-1, -1);
            }
        } finally {
            progress.finish();
            process.destroy();
        }
        if (process.exitValue() != 0) {
            throw new IOException("exit code " + process.exitValue() + ", " + lastLine(Files.readString(err)));
        }
        return Files.readString(out);
    }

    private static String lastLine(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .reduce("no message", (a, b) -> b)
                .strip();
    }
}
