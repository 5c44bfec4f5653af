package dev.taxon.checkpoint;

import dev.taxon.graph.Graph;
import dev.taxon.graph.GridResize;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Position embeddings of a checkpoint that was trained at another image size, resized to the model's. The checkpoint's
 * grid is taken to be square. Source: mmcls VisionTransformer._prepare_pos_embed.
 */
final class PositionEmbeddings {
    private PositionEmbeddings() {}

    /** The same entries, position embeddings of another length but equal channels resized, with a note of each. */
    static Naming resized(Naming naming, Graph graph) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(naming.dict().tensors());
        List<String> notes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.layer() instanceof Layer.PositionEmbedding layer) {
                String name = node.parameters().getFirst().name();
                Tensor tensor = tensors.get(name);
                int side = tensor == null ? 0 : side(layer, tensor.shape());
                if (tensor != null && side > 0 && side * side != layer.resize().from()) {
                    Tensor resized = resize(layer, side, tensor);
                    notes.add("%s was resized from %s to %s".formatted(name, tensor.shape(), resized.shape()));
                    tensors.put(name, resized);
                }
            }
        }
        if (notes.isEmpty()) {
            return naming;
        }
        if (!naming.note().isEmpty()) {
            notes.addFirst(naming.note());
        }
        return new Naming(new StateDict(tensors), String.join("; ", notes));
    }

    /** Height and width of the grid that such a tensor is for; 0 when it is for none. */
    private static int side(Layer.PositionEmbedding layer, Shape shape) {
        if (shape.rank() != 3 || shape.dim(0) != 1 || shape.dim(2) != layer.channels()) {
            return 0;
        }
        long tokens = shape.dim(1) - layer.extra();
        int side = (int) Math.sqrt((double) Math.max(tokens, 0));
        return (long) side * side == tokens ? side : 0;
    }

    private static Tensor resize(Layer.PositionEmbedding layer, int side, Tensor tensor) {
        GridResize model = layer.resize();
        GridResize resize = new GridResize(side, side, model.fromH(), model.fromW(), model.mode());
        int channels = layer.channels();
        double[] from = tensor.toDoubles();
        double[] matrix = resize.matrix();
        float[] to = new float[(layer.extra() + resize.to()) * channels];
        int head = layer.extra() * channels;
        for (int i = 0; i < head; i++) {
            to[i] = (float) from[i];
        }
        for (int row = 0; row < resize.to(); row++) {
            double[] sum = new double[channels];
            for (int k = 0; k < resize.from(); k++) {
                double factor = matrix[row * resize.from() + k];
                for (int c = 0; factor != 0 && c < channels; c++) {
                    sum[c] += factor * from[head + k * channels + c];
                }
            }
            for (int c = 0; c < channels; c++) {
                to[head + row * channels + c] = (float) sum[c];
            }
        }
        return Tensor.of(Shape.of(1, layer.extra() + resize.to(), channels), to);
    }
}
