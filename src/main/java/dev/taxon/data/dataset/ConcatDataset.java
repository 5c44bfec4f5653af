package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import java.util.Arrays;
import java.util.List;

/** Several data sets, one behind the other. */
final class ConcatDataset implements Dataset {
    private final List<Dataset> parts;
    private final boolean separateEval;
    private final int[] starts; // (parts): the number of each one's first example
    private final Labels labels;

    /**
     * Takes the data sets over: they are closed with this one.
     *
     * @param separateEval metrics of each part for itself
     */
    ConcatDataset(List<Dataset> parts, boolean separateEval) {
        this.parts = List.copyOf(parts);
        this.separateEval = separateEval;
        this.starts = new int[parts.size()];
        Dataset first = parts.getFirst();
        for (int i = 1; i < starts.length; i++) {
            Dataset part = parts.get(i);
            UserError.require(
                    part.classes().equals(first.classes()),
                    "data sets of a ConcatDataset must have the same classes: the first (%s) has %s, number %d (%s) has"
                            + " %s; give both the same 'classes'",
                    first.name(),
                    shown(first.classes()),
                    i,
                    part.name(),
                    shown(part.classes()));
            UserError.require(
                    part.labels().getClass() == first.labels().getClass(),
                    "data sets of a ConcatDataset must be of one kind: only one of %s and %s has several labels a sample",
                    first.name(),
                    part.name());
            starts[i] = Math.addExact(starts[i - 1], parts.get(i - 1).size());
        }
        labels = Labels.concat(parts.stream().map(Dataset::labels).toList());
    }

    private static String shown(List<String> classes) {
        int most = 5;
        return classes.size() + " (" + String.join(", ", classes.subList(0, Math.min(most, classes.size())))
                + (classes.size() > most ? ", …)" : ")");
    }

    @Override
    public String name() {
        return "ConcatDataset of " + parts.getFirst().name();
    }

    @Override
    public List<String> classes() {
        return parts.getFirst().classes();
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public List<Dataset> evaluatedApart() {
        return separateEval ? parts : List.of(this);
    }

    @Override
    public List<Dataset> stored() {
        return parts.stream().flatMap(part -> part.stored().stream()).toList();
    }

    @Override
    public Sample sample(int index) {
        int part = part(index);
        return parts.get(part).sample(index - starts[part]);
    }

    @Override
    public Sample sample(int index, Rng rng) {
        int part = part(index);
        return parts.get(part).sample(index - starts[part], rng);
    }

    @Override
    public boolean offer(int index, Recipient to) {
        int part = part(index);
        return parts.get(part).offer(index - starts[part], to);
    }

    /** The last part that starts at or before an example; a part may be empty. */
    private int part(int index) {
        int found = Arrays.binarySearch(starts, index);
        if (found < 0) {
            return -found - 2;
        }
        while (found + 1 < starts.length && starts[found + 1] == index) {
            found++;
        }
        return found;
    }

    @Override
    public void close() {
        parts.forEach(Dataset::close);
    }
}
