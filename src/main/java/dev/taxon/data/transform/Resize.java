package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/** Changes the size of an image, by OpenCV's rules. Source: mmcls, Resize with backend cv2. */
public record Resize(Target target, Interpolation interpolation) implements Transform {
    /** How values between pixels are found. */
    public enum Interpolation {
        BILINEAR,
        NEAREST
    }

    /** The size asked for. */
    public sealed interface Target {
        /** Exactly this, whatever the shape of the image. */
        record Exact(int height, int width) implements Target {}

        /** One side gets this length, the other follows; an image whose side has it already is left alone. */
        record Side(int length, Which side) implements Target {}
    }

    /** The side that {@link Target.Side} speaks of: mmcls's {@code adaptive_side}. */
    public enum Which {
        SHORT,
        LONG,
        HEIGHT,
        WIDTH
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        return sample.with(to(sample.pixels(), target, interpolation));
    }

    /** The image in another size. */
    static Image to(Image image, Target target, Interpolation interpolation) {
        return switch (target) {
            case Target.Exact exact -> resized(image, exact.height, exact.width, interpolation);
            case Target.Side side -> bySide(image, side.length, side.side, interpolation);
        };
    }

    private static Image bySide(Image image, int length, Which side, Interpolation interpolation) {
        int h = image.height();
        int w = image.width();
        boolean fixWidth = switch (side) {
            case SHORT -> w < h;
            case LONG -> w > h;
            case HEIGHT -> false;
            case WIDTH -> true;
        };
        if ((fixWidth ? w : h) == length) {
            return image;
        }
        long other = (long) length * (fixWidth ? h : w) / (fixWidth ? w : h);
        UserError.require(other > 0, "Resize to %d makes an image of (%d, %d) vanish", length, h, w);
        return fixWidth
                ? resized(image, Math.toIntExact(other), length, interpolation)
                : resized(image, length, Math.toIntExact(other), interpolation);
    }

    private static Image resized(Image image, int height, int width, Interpolation interpolation) {
        return switch (interpolation) {
            case BILINEAR -> Bilinear.resize(image, height, width);
            case NEAREST -> image.gather(Gather.of(nearest(image.height(), height), nearest(image.width(), width)));
        };
    }

    /** Source: OpenCV, resizeNN. */
    private static int[] nearest(int input, int output) {
        double scale = 1 / (output / (double) input);
        int[] indices = new int[output];
        for (int i = 0; i < output; i++) {
            indices[i] = Math.min((int) Math.floor(i * scale), input - 1);
        }
        return indices;
    }
}
