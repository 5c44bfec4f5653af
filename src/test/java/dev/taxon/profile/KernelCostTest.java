package dev.taxon.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.Program.Kernel;
import dev.taxon.device.Program.Pass;
import dev.taxon.device.Roofline;
import dev.taxon.device.Roofline.Bandwidth;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Costs that one can count by hand. */
class KernelCostTest {
    private static final int BATCH = 3;
    private static final long IN = BATCH * 4 * 6 * 6;
    private static final long OUT = BATCH * 8 * 6 * 6;
    private static final long WEIGHTS = 8 * 4 * 3 * 3;
    private static final long SUMS = OUT * (2 * 4 * 9 - 1); // 36 products and 35 additions an element

    private final Graph graph = graph();
    private final KernelCost.Counter counter = new KernelCost.Counter(graph, BATCH);

    private static Graph graph() {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(Shape.of(4, 6, 6));
        Node y = b.root().child("conv").conv2d(x, new Layer.Conv2d(4, 8, Kernel2d.square(3, 1, 1), 1, false));
        Node z = b.root().child("relu").apply(new Layer.Activation(Layer.Activation.Simple.RELU), y);
        return b.build(z);
    }

    private KernelCost of(String nodes, Pass pass) {
        return counter.of(new Kernel(nodes, pass, "any"));
    }

    @Test
    void convolution() {
        assertEquals(new KernelCost(SUMS, IN + OUT + WEIGHTS), of("conv", Pass.FORWARD));
        assertEquals(new KernelCost(SUMS, OUT + IN + WEIGHTS), of("conv", Pass.BACKWARD_DATA));
        assertEquals(new KernelCost(SUMS, OUT + IN + WEIGHTS), of("conv", Pass.BACKWARD_WEIGHTS));
        assertEquals(new KernelCost(2 * SUMS, OUT + 2 * IN + WEIGHTS), of("conv", Pass.BACKWARD));
        assertEquals(new KernelCost(0, 2 * WEIGHTS), of("conv", Pass.REORDER));
    }

    /** What lies between fused nodes is neither written nor read. */
    @Test
    void fused() {
        assertEquals(new KernelCost(SUMS + OUT, IN + OUT + WEIGHTS), of("conv+relu", Pass.FORWARD));
        assertEquals(new KernelCost(OUT, 2 * OUT), of("relu", Pass.FORWARD));
        assertEquals(new KernelCost(OUT, 3 * OUT), of("relu", Pass.BACKWARD_DATA));
    }

    @Test
    void whatIsNotOfTheGraphHasNoCost() {
        assertEquals(new KernelCost(0, 0), of("elsewhere", Pass.FORWARD));
    }

    @Test
    void kinds() {
        List<Node> conv = counter.nodes(new Kernel("conv+relu", Pass.FORWARD, "any"));
        assertEquals("Conv2d 3x3", KernelCost.kind(conv, Pass.FORWARD));
        assertEquals("reorder", KernelCost.kind(conv, Pass.REORDER));
        assertEquals(
                "backbone.layer1.0.conv1+bn1+head.relu",
                ProfileTable.shortName("backbone.layer1.0.conv1+backbone.layer1.0.bn1+head.relu"));
    }

    /** 100 operations a second; 50 bytes a second for 10 bytes, 20 for more. */
    @Test
    void roofline() {
        Roofline r = new Roofline(100, List.of(new Bandwidth(1000, 20), new Bandwidth(10, 50)), 4);
        assertEquals(0.2, r.leastSeconds(1, 10), 1e-12);
        assertEquals(2, r.leastSeconds(200, 40), 1e-12);
        assertEquals(100, r.leastSeconds(200, 2000), 1e-12);
        assertTrue(r.isComputeBound(200, 40));
        assertFalse(r.isComputeBound(199, 40));
        assertEquals(20, r.memoryBandwidth());
    }
}
