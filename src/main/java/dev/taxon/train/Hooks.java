package dev.taxon.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The hooks of a run in the order in which they are called. */
public final class Hooks {
    private final Runner runner;
    private final List<Hook> hooks = new ArrayList<>();

    Hooks(Runner runner) {
        this.runner = runner;
    }

    /** Behind those of the same priority. */
    public void add(Hook hook) {
        hooks.add(hook);
        hooks.sort(Comparator.comparing(Hook::priority));
    }

    public List<Hook> list() {
        return List.copyOf(hooks);
    }

    /** Calls all of them, as {@code Hook::afterTrainIter}. */
    void call(BiConsumer<Hook, Runner> stage) {
        for (int i = 0; i < hooks.size(); i++) {
            stage.accept(hooks.get(i), runner);
        }
    }

    /** Which hooks run at which stage, as mmcv writes it at the start of a log. */
    String order() {
        Map<Stage, List<String>> lines = new EnumMap<>(Stage.class);
        for (Hook hook : hooks) {
            String line = String.format(Locale.ROOT, "(%-12s) %-35s", hook.priority(), hook.name());
            hook.stages()
                    .forEach(s ->
                            lines.computeIfAbsent(s, k -> new ArrayList<>()).add(line));
        }
        return lines.entrySet().stream()
                .map(e -> e.getKey() + ":\n" + String.join("\n", e.getValue()) + "\n -------------------- ")
                .collect(Collectors.joining("\n"));
    }

    /** By the names under which checkpoints keep their state; of several with one name, the later ones are numbered. */
    Map<String, Hook> named() {
        Map<String, Hook> named = new LinkedHashMap<>();
        for (Hook hook : hooks) {
            String name = hook.name();
            for (int i = 2; named.containsKey(name); i++) {
                name = hook.name() + "#" + i;
            }
            named.put(name, hook);
        }
        return named;
    }
}
