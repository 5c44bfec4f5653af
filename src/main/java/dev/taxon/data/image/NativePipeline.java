package dev.taxon.data.image;

import dev.taxon.data.transform.Format;
import dev.taxon.data.transform.Geometric;
import dev.taxon.data.transform.Geometry;
import dev.taxon.data.transform.LoadImageFromFile;
import dev.taxon.data.transform.Normalize;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.RandomFlip;
import dev.taxon.data.transform.Transform;
import dev.taxon.random.Rng;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline that native code carries out in one go: load (or take from memory), move pixels, resize at most once,
 * normalize. Bit for bit what the transforms make one after the other. Immutable, for any thread.
 */
public final class NativePipeline {
    private static final int CHANNELS = 3;

    private final @Nullable LoadImageFromFile load;
    private final List<Geometric> moves;
    private final @Nullable Normalize normalize;
    private final boolean half;
    private final MemorySegment means; // float (C)
    private final MemorySegment scales; // double (C)
    private final MemorySegment border; // float (C), normalized

    private NativePipeline(
            @Nullable LoadImageFromFile load, List<Geometric> moves, @Nullable Normalize normalize, boolean half) {
        this.load = load;
        this.moves = List.copyOf(moves);
        this.normalize = normalize;
        this.half = half;
        Arena arena = Arena.ofAuto();
        means = arena.allocate(ValueLayout.JAVA_FLOAT, CHANNELS);
        scales = arena.allocate(ValueLayout.JAVA_DOUBLE, CHANNELS);
        border = arena.allocate(ValueLayout.JAVA_FLOAT, CHANNELS);
        List<Double> fill = moves.stream()
                .map(Geometric::border)
                .filter(b -> !b.isEmpty())
                .findFirst()
                .orElse(List.of(0.0));
        int channels = normalize == null ? CHANNELS : normalize.channels();
        for (int c = 0; c < channels; c++) {
            float mean = normalize == null ? 0 : normalize.mean(c);
            double scale = normalize == null ? 1 : normalize.scale(c);
            int stored = normalize != null && normalize.swap() ? channels - 1 - c : c;
            int shown = (int) Math.clamp(Math.rint(fill.get(fill.size() == 1 ? 0 : stored)), 0, 255);
            float value = (float) ((double) (shown - mean) * scale);
            means.setAtIndex(ValueLayout.JAVA_FLOAT, c, mean);
            scales.setAtIndex(ValueLayout.JAVA_DOUBLE, c, scale);
            border.setAtIndex(
                    ValueLayout.JAVA_FLOAT, c, half ? Float.float16ToFloat(Float.floatToFloat16(value)) : value);
        }
    }

    /** The native form of a pipeline; empty where a transform has none, or they come in another order. */
    public static Optional<NativePipeline> of(Pipeline pipeline) {
        List<Transform> all = new ArrayList<>();
        flatten(pipeline, all);
        Recognized found = new Recognized();
        for (Transform transform : all) {
            if (!found.takes(transform)) {
                return Optional.empty();
            }
        }
        return resizable(found.moves)
                ? Optional.of(new NativePipeline(found.load, found.moves, found.normalize, found.half))
                : Optional.empty();
    }

    /**
     * A pipeline whose beginning has a native form: what it makes of a file is a picture of uint8.
     *
     * @param beginning loads and moves pixels
     * @param rest what is left to do
     */
    public record Split(NativePipeline beginning, Pipeline rest) {}

    /** The beginning of a pipeline of files, as far as native code can carry it out; empty where that is not worth it. */
    public static Optional<Split> split(Pipeline pipeline) {
        List<Transform> all = new ArrayList<>();
        flatten(pipeline, all);
        if (all.isEmpty() || !(all.getFirst() instanceof LoadImageFromFile load) || load.toFloat32()) {
            return Optional.empty();
        }
        List<Geometric> moves = new ArrayList<>();
        while (1 + moves.size() < all.size() && all.get(1 + moves.size()) instanceof Geometric move) {
            moves.add(move);
            if (!resizable(moves)) {
                moves.removeLast();
                break;
            }
        }
        Pipeline rest = new Pipeline(all.subList(1 + moves.size(), all.size()));
        return moves.isEmpty()
                ? Optional.empty()
                : Optional.of(new Split(new NativePipeline(load, moves, null, false), rest));
    }

    /** What was found of a pipeline so far. */
    private static final class Recognized {
        private final List<Geometric> moves = new ArrayList<>();
        private @Nullable LoadImageFromFile load;
        private @Nullable Normalize normalize;
        private boolean half;
        private boolean real; // pixels are no uint8 any more

        boolean takes(Transform transform) {
            return switch (transform) {
                case LoadImageFromFile step
                when load == null && moves.isEmpty() && !real && !step.toFloat32() -> {
                    load = step;
                    yield true;
                }
                case Geometric step when !real -> moves.add(step);
                case Normalize step
                when normalize == null && !half -> {
                    normalize = step;
                    real = true;
                    yield true;
                }
                case Format step -> {
                    half |= step.values() == Format.Values.HALF;
                    real |= step.values() != Format.Values.KEPT;
                    yield true;
                }
                default -> false;
            };
        }
    }

    private static void flatten(Pipeline pipeline, List<Transform> all) {
        for (Transform transform : pipeline.transforms()) {
            if (transform instanceof Pipeline inner) {
                flatten(inner, all);
            } else {
                all.add(transform);
            }
        }
    }

    /** Whether there is one resize at most, nothing but windows before it, and one border at most. */
    private static boolean resizable(List<Geometric> moves) {
        int borders = 0;
        int resizes = 0;
        boolean windows = true;
        for (Geometric move : moves) {
            if (move.resizes() && (++resizes > 1 || !windows)) {
                return false;
            }
            borders += move.border().isEmpty() ? 0 : 1;
            windows &= !(move instanceof RandomFlip) && move.border().isEmpty();
        }
        return borders <= 1;
    }

    /** The step that reads files; null for a pipeline of pictures that are in memory. */
    public @Nullable LoadImageFromFile load() {
        return load;
    }

    /** Whether pictures of so many channels can be treated. */
    boolean takes(int channels) {
        return normalize == null || normalize.channels() == channels;
    }

    void plan(Geometry geometry, Rng rng) {
        for (int i = 0; i < moves.size(); i++) { // without an iterator
            moves.get(i).plan(geometry, rng);
        }
    }

    boolean swap() {
        return normalize != null && normalize.swap();
    }

    boolean half() {
        return half;
    }

    MemorySegment means() {
        return means;
    }

    MemorySegment scales() {
        return scales;
    }

    MemorySegment border() {
        return border;
    }
}
