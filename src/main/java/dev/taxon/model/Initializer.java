package dev.taxon.model;

import dev.taxon.device.Weights;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Init;
import dev.taxon.graph.Parameter;
import dev.taxon.random.Philox;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Gives weights their start: parameters as their {@link Init} says, running means 0, running variances 1, counters 0. */
public final class Initializer {
    private Initializer() {}

    /**
     * Each parameter draws from a stream of its own, numbered by its place in the state dict: the same seed gives the
     * same weights on every device.
     *
     * @param inits by parameter name, from {@link ImageClassifier#inits}
     */
    public static void initialize(Weights weights, Map<String, Init> inits, long seed) {
        Graph graph = weights.graph();
        List<Parameter> parameters = graph.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter p = parameters.get(i);
            Init init = inits.getOrDefault(p.name(), p.init());
            float[] values = draw(init, p.shape(), new Rng(seed, Philox.stream(Philox.Purpose.INIT, i, 0)));
            weights.write(Weights.Slot.VALUE, p, MemorySegment.ofArray(values));
        }
        for (Buffer buffer : graph.executionBuffers()) {
            switch (buffer.role()) {
                case RUNNING_MEAN, CUM_SAMPLES -> weights.write(buffer, constant(buffer.shape(), 0));
                case RUNNING_VAR -> weights.write(buffer, constant(buffer.shape(), 1));
                case NUM_BATCHES_TRACKED -> weights.setCounter(buffer, 0);
            }
        }
    }

    private static MemorySegment constant(Shape shape, float value) {
        float[] values = new float[Math.toIntExact(shape.numel())];
        Arrays.fill(values, value);
        return MemorySegment.ofArray(values);
    }

    static float[] draw(Init init, Shape shape, Rng rng) {
        float[] v = new float[Math.toIntExact(shape.numel())];
        switch (init) {
            case Init.Constant c -> Arrays.fill(v, (float) c.value());
            case Init.Normal n -> normal(v, n.mean(), n.std(), rng);
            case Init.NormalByInputs n -> normal(v, 0, 1.0 / shape.dim(1), rng);
            case Init.Uniform u -> uniform(v, u.low(), u.high(), rng);
            case Init.TruncatedNormal t -> {
                for (int i = 0; i < v.length; i++) {
                    double x;
                    do {
                        x = t.mean() + t.std() * rng.nextGaussian();
                    } while (x < t.low() || x > t.high());
                    v[i] = (float) x;
                }
            }
            case Init.Kaiming k -> {
                double gain = k.relu() ? Math.sqrt(2) : Math.sqrt(2 / (1 + k.a() * k.a()));
                spread(v, gain / Math.sqrt((double) (k.fanOut() ? fanOut(shape) : fanIn(shape))), k.uniform(), rng);
            }
            case Init.Xavier x ->
                spread(v, x.gain() * Math.sqrt(2.0 / (fanIn(shape) + fanOut(shape))), x.uniform(), rng);
        }
        return v;
    }

    private static void spread(float[] v, double std, boolean uniform, Rng rng) {
        if (uniform) {
            uniform(v, -std * Math.sqrt(3), std * Math.sqrt(3), rng);
        } else {
            normal(v, 0, std, rng);
        }
    }

    private static void normal(float[] v, double mean, double std, Rng rng) {
        for (int i = 0; i < v.length; i++) {
            v[i] = (float) (mean + std * rng.nextGaussian());
        }
    }

    private static void uniform(float[] v, double low, double high, Rng rng) {
        for (int i = 0; i < v.length; i++) {
            v[i] = (float) rng.uniform(low, high);
        }
    }

    private static long fanIn(Shape s) {
        return s.rank() < 2 ? s.numel() : s.numel() / s.dim(0);
    }

    private static long fanOut(Shape s) {
        return s.rank() < 2 ? s.numel() : s.numel() / s.dim(1);
    }
}
