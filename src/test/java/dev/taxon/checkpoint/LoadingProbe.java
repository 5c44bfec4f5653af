package dev.taxon.checkpoint;

import dev.taxon.device.Weights;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A program of its own: loads files into a model of one large layer, and prints by how much its anonymous memory grew. */
final class LoadingProbe {
    static final int IN = 4096;
    static final int OUT = 6400;
    static final String WEIGHT = "head.fc.weight";

    private LoadingProbe() {}

    /** Integers that every floating-point type holds exactly. */
    static float element(long i) {
        return i % 251 - 125;
    }

    private static Graph graph() {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.root().child("flat").apply(new Layer.Flatten(), builder.input(Shape.of(1, 64, IN / 64)));
        return builder.build(builder.root().child("head").child("fc").linear(x, new Layer.Linear(IN, OUT, true)));
    }

    /** For each file a line: growth in bytes while the file is still open. */
    public static void main(String[] files) throws IOException {
        try (ReferenceDevice device = new ReferenceDevice()) {
            load(device, Path.of(files[0])); // classes and buffers are there from now on
            for (String file : files) {
                long before = anonymous();
                System.out.println(load(device, Path.of(file)) - before);
            }
        }
    }

    private static long load(ReferenceDevice device, Path file) throws IOException {
        try (Weights weights = device.allocate(graph());
                Checkpoint checkpoint = Checkpoint.open(file);
                Arena arena = Arena.ofConfined()) {
            Loading.into(weights, checkpoint.stateDict(), true);
            long after = anonymous();
            MemorySegment loaded = arena.allocate((long) IN * OUT * Float.BYTES, Float.BYTES);
            weights.read(Weights.Slot.VALUE, weights.graph().parameters().getFirst(), loaded);
            for (long i = 0; i < (long) IN * OUT; i++) {
                if (loaded.getAtIndex(Tensor.FLOAT, i) != element(i)) {
                    throw new AssertionError(file + ": element " + i + " is " + loaded.getAtIndex(Tensor.FLOAT, i));
                }
            }
            return after;
        }
    }

    private static long anonymous() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.toLowerCase(Locale.ROOT).startsWith("rssanon:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("no RssAnon in /proc/self/status");
    }
}
