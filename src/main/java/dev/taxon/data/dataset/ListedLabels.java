package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Labels.MultiLabel;
import dev.taxon.data.dataset.Labels.SingleLabel;
import dev.taxon.data.source.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Labels of a list as they are read: class indices or names, one or several an image. */
final class ListedLabels {
    private final List<String> given;
    private final Map<String, Integer> numbers;
    private final List<String> met = new ArrayList<>(); // in the order of their numbers, where no classes are given
    private final IntStream.Builder values = IntStream.builder(); // classes of all images
    private final IntStream.Builder ends = IntStream.builder(); // (images): in values
    private int count;
    private boolean several;
    private boolean single;

    /** A label, and its place as messages name it. */
    record Cell(Object value, String where) {}

    /**
     * Labels of these classes.
     *
     * @param classes empty: those that are met
     * @param several any number of labels an image
     */
    ListedLabels(List<String> classes, boolean several) {
        this.given = classes;
        this.numbers = new HashMap<>(Annotations.numbers(classes));
        this.several = several;
    }

    void addOne(Cell cell) {
        single |= !several;
        values.add(number(cell));
        ends.add(++count);
    }

    void addSeveral(List<Cell> cells, String where) {
        UserError.require(
                !single,
                "%s: has a list of labels, but images before it have one label; make all of them lists",
                where);
        several = true;
        for (Cell cell : cells) {
            values.add(number(cell));
            count++;
        }
        ends.add(count);
    }

    /** A value for each class: 1, 0, or −1 for difficult, which is kept as the number −1 − class. */
    void addColumns(List<Cell> cells) {
        for (int k = 0; k < cells.size(); k++) {
            Cell cell = cells.get(k);
            switch (String.valueOf(cell.value)) {
                case "1", "1.0", "true", "True" -> values.add(k);
                case "-1", "-1.0" -> values.add(-1 - k);
                case "0", "0.0", "false", "False", "" -> count--;
                default ->
                    throw UserError.of(
                            "%s: column '%s' must be 1, 0 or -1, got '%s'", cell.where, given.get(k), cell.value);
            }
            count++;
        }
        ends.add(count);
    }

    private int number(Cell cell) {
        String text = String.valueOf(cell.value);
        if (!given.isEmpty()) {
            return Annotations.label(text, numbers, given.size(), cell.where);
        }
        UserError.require(!text.isBlank(), "%s: the label is empty", cell.where);
        Integer known = numbers.get(text);
        if (known != null) {
            return known;
        }
        numbers.put(text, met.size());
        met.add(text);
        return met.size() - 1;
    }

    /** The classes: those given; else numbers up to the largest label; else all names, sorted. */
    List<String> classes() {
        if (!given.isEmpty()) {
            return given;
        }
        if (areNumbers()) {
            return FileDatasets.numbers(
                    met.stream().mapToInt(Integer::parseInt).max().orElse(-1) + 1);
        }
        return met.stream().sorted(Names.ORDER).toList();
    }

    private boolean areNumbers() {
        return met.stream().allMatch(m -> m.matches("[0-9]{1,6}"));
    }

    Labels build() {
        List<String> classes = classes();
        int[] all = values.build().toArray();
        if (given.isEmpty()) {
            boolean areNumbers = areNumbers();
            Map<String, Integer> places = Annotations.numbers(classes);
            int[] place = met.stream()
                    .mapToInt(m -> areNumbers ? Integer.parseInt(m) : places.getOrDefault(m, -1))
                    .toArray();
            Arrays.setAll(all, i -> place[all[i]]);
        }
        return several ? rows(all, ends.build().toArray(), classes.size()) : new SingleLabel(all);
    }

    private static MultiLabel rows(int[] all, int[] ends, int classes) {
        UserError.require(classes > 0, "no image of the list has a label");
        byte[] rows = new byte[Math.multiplyExact(ends.length, classes)];
        for (int i = 0; i < ends.length; i++) {
            for (int at = i == 0 ? 0 : ends[i - 1]; at < ends[i]; at++) {
                boolean difficult = all[at] < 0;
                int k = difficult ? -1 - all[at] : all[at];
                rows[i * classes + k] = difficult ? Labels.DIFFICULT : 1;
            }
        }
        return new MultiLabel(rows, classes);
    }
}
