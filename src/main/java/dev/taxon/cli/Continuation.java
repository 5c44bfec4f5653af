package dev.taxon.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command that goes on with a run that was stopped. */
final class Continuation {
    private static final String RESUME = "--resume-from";
    private static final String WORK_DIR = "--work-dir";

    private Continuation() {}

    /**
     * The same command with {@code --resume-from auto}, to be pasted into a shell.
     *
     * @param args of the command that was stopped
     */
    static String of(List<String> args, Path workDir) {
        List<String> words = new ArrayList<>(List.of("engine"));
        boolean skip = false; // the value of an option that is replaced
        for (String arg : args) {
            boolean replaced = arg.equals(RESUME) || arg.equals(WORK_DIR);
            if (!skip && !replaced && !arg.startsWith(RESUME + "=") && !arg.startsWith(WORK_DIR + "=")) {
                words.add(arg);
            }
            skip = !skip && replaced;
        }
        words.addAll(List.of(WORK_DIR, workDir.toString(), RESUME, "auto"));
        return words.stream().map(Continuation::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
