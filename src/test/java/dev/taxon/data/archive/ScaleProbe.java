package dev.taxon.data.archive;

import dev.taxon.data.Configs;
import dev.taxon.data.DataLoader;
import dev.taxon.data.Loading;
import dev.taxon.data.RandomSampler;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Datasets;
import dev.taxon.data.dataset.Provider;
import dev.taxon.device.InputSpec;
import dev.taxon.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Measures a process that opens a large archive, or trains from a small one; prints numbers. A process of its own. */
final class ScaleProbe {
    private ScaleProbe() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "open" -> open(Path.of(args[1]));
            case "epochs" -> epochs(Path.of(args[1]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static Dataset dataset(Path data, Object... pipeline) {
        return Datasets.build(
                Configs.fields("type", "CustomDataset", "data_prefix", data.toString(), "pipeline", List.of(pipeline)),
                Path.of(""),
                Provider.NONE,
                false);
    }

    /**
     * Images, seconds to open (the best of three: other work may share the machine), and megabytes that this added to the
     * process; then seconds to shuffle an epoch.
     */
    private static void open(Path data) throws Exception {
        Path small = Path.of(data + ".small.tar");
        Files.write(small, TestArchives.tar(java.util.Map.of("a/1.JPEG", new byte[1])));
        dataset(small).close(); // classes are loaded
        long before = residentKilobytes() + heapKilobytes();
        double opened = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            dataset(data).close();
            opened = Math.min(opened, (System.nanoTime() - start) / 1e9);
        }
        long start = System.nanoTime();
        try (Dataset dataset = dataset(data)) {
            opened = Math.min(opened, (System.nanoTime() - start) / 1e9);
            start = System.nanoTime();
            int[] order = new int[dataset.size()];
            new RandomSampler(1).fill(order, dataset.size(), 0);
            double shuffled = (System.nanoTime() - start) / 1e9;
            long after = residentKilobytes() + heapKilobytes();
            System.out.println(dataset.size() + " " + opened + " " + (after - before) / 1024.0 + " " + shuffled + " "
                    + dataset.sample(order[0]).name());
        }
    }

    /** Megabytes of the process after each of 20 epochs. */
    private static void epochs(Path data) throws Exception {
        InputSpec spec = new InputSpec(16, Shape.of(3, 64, 64), InputSpec.Layout.NHWC);
        try (Dataset dataset = dataset(
                        data,
                        Configs.dict("type", "LoadImageFromFile"),
                        Configs.dict("type", "RandomResizedCrop", "size", 64),
                        Configs.dict("type", "RandomFlip", "flip_prob", 0.5));
                DataLoader loader = new DataLoader(dataset, new RandomSampler(1), spec, Loading.training(2, 1))) {
            for (int epoch = 0; epoch < 20; epoch++) {
                try (var batches = loader.iterator(epoch)) {
                    while (batches.hasNext()) {
                        batches.next();
                    }
                }
                System.out.println(residentKilobytes() / 1024.0);
            }
        }
    }

    /** Of objects that are in use; the heap itself is resident from the start, so the sum of both is what was added. */
    private static long heapKilobytes() {
        System.gc();
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 10;
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                .sum();
    }
}
