package dev.taxon.cam;

import dev.taxon.data.BatchWriter;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Sample;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Region;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Maps of one image by a network in its evaluation form. Values and gradients are the layers' own: pytorch-grad-cam on
 * a CPU sees what in-place layers behind them (a ReLU, a residual sum) made of the values.
 */
public final class CamRun implements AutoCloseable {
    private static final float[] FACTORS = {0.9f, 1, 1.1f}; // of pytorch-grad-cam's test-time augmentation

    private final Graph graph;
    private final List<Node> layers;
    private final int extraTokens;
    private final Program program;
    private final Region input;
    private final BatchWriter writer;

    /**
     * How values and gradients become a map.
     *
     * @param eigenSmooth the first principal component instead of the sum over channels
     * @param augSmooth the mean over the image and its mirror image, each at 0.9, 1 and 1.1 times its values
     */
    public record Settings(CamMethod method, boolean eigenSmooth, boolean augSmooth) {}

    /**
     * Compiles the network.
     *
     * @param graph an evaluation form
     * @param layers of the graph; the map is the mean of theirs
     * @param extraTokens tokens at the start that stand for no place
     * @param compile over weights that outlive this
     */
    public CamRun(Graph graph, List<Node> layers, int extraTokens, BiFunction<Graph, Options, Program> compile) {
        this.graph = graph;
        this.layers = List.copyOf(layers);
        this.extraTokens = extraTokens;
        program = compile.apply(graph, Options.train(1).capturing(Set.copyOf(layers)));
        input = Region.ofBytes(program.input().byteSize());
        writer = new BatchWriter(program.input());
    }

    /** Logits of a prepared image. */
    public float[] logits(Sample prepared) {
        writer.write(prepared, input.segment(), 0);
        program.writeInput(input.segment());
        program.forward(Program.Draw.NONE);
        float[] logits = new float[Math.toIntExact(graph.output().shape().numel())];
        program.readOutput(MemorySegment.ofArray(logits));
        return logits;
    }

    /** The map of a class for a prepared image, in the image's size. */
    public HeatMap map(Sample prepared, int label, Settings settings) {
        if (!settings.augSmooth) {
            return plain(prepared, label, settings);
        }
        Image.Floats image = prepared.pixels().toFloats();
        List<HeatMap> maps = new ArrayList<>();
        for (float factor : FACTORS) {
            maps.add(plain(prepared.with(scaled(image, factor, false)), label, settings));
            maps.add(plain(prepared.with(scaled(image, factor, true)), label, settings)
                    .mirrored());
        }
        return HeatMap.mean(maps);
    }

    private HeatMap plain(Sample prepared, int label, Settings settings) {
        float[] oneHot = new float[logits(prepared).length];
        oneHot[label] = 1;
        program.writeOutputGradient(MemorySegment.ofArray(oneHot));
        program.backward(false, Program.GradientListener.NONE);
        Image image = prepared.pixels();
        List<HeatMap> maps = new ArrayList<>();
        for (Node layer : layers) {
            FeatureMaps features = features(layer);
            double[] map = settings.method.map(features, settings.eigenSmooth);
            maps.add(HeatMap.of(map, features, image.height(), image.width()));
        }
        return HeatMap.ofLayers(maps);
    }

    private FeatureMaps features(Node layer) {
        float[] values = new float[Math.toIntExact(layer.shape().numel())];
        float[] gradients = new float[values.length];
        program.readValue(layer, MemorySegment.ofArray(values));
        program.readGradient(layer, MemorySegment.ofArray(gradients));
        return FeatureMaps.of(layer, values, gradients, extraTokens, grid());
    }

    /** (H, W) of the places that tokens stand for; one place where there are none. */
    private Shape grid() {
        return graph.nodes().stream()
                .filter(n -> n.layer() instanceof Layer.ImageToTokens)
                .map(n -> n.input().shape())
                .reduce((first, last) -> last)
                .map(s -> Shape.of(s.size(1), s.size(2)))
                .orElse(Shape.of(1, 1));
    }

    private static Image scaled(Image.Floats image, float factor, boolean mirror) {
        int channels = image.channels();
        int width = image.width();
        float[] values = new float[image.pixels().length];
        for (int i = 0; i < values.length; i++) {
            int x = i / channels % width;
            int from = mirror ? i + (width - 1 - 2 * x) * channels : i;
            values[i] = factor * image.pixels()[from];
        }
        return new Image.Floats(image.height(), width, image.order(), values);
    }

    @Override
    public void close() {
        program.close();
        input.close();
    }
}
