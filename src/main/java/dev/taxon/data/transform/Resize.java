package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/** Changes the size of an image, by OpenCV's or by Pillow's rules. Source: mmcls, Resize. */
public record Resize(Target target, Scaler scaler) implements Transform {
    /** How backend {@code cv2} finds values between pixels: as OpenCV 4.6 does, bit for bit. */
    public enum Interpolation implements Scaler {
        BILINEAR,
        NEAREST,
        BICUBIC,
        AREA,
        LANCZOS;

        @Override
        public Image resize(Image image, int height, int width) {
            return switch (this) {
                case BILINEAR -> Bilinear.resize(image, height, width);
                case BICUBIC -> KernelResize.resize(image, height, width, Kernel.CUBIC);
                case AREA -> AreaResize.resize(image, height, width);
                case LANCZOS -> KernelResize.resize(image, height, width, Kernel.LANCZOS4);
                case NEAREST -> image.gather(Gather.of(nearest(image.height(), height), nearest(image.width(), width)));
            };
        }
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
        return sample.with(to(sample.pixels(), target, scaler));
    }

    /** The image in another size. */
    static Image to(Image image, Target target, Scaler scaler) {
        return switch (target) {
            case Target.Exact exact -> scaler.resize(image, exact.height, exact.width);
            case Target.Side side -> bySide(image, side.length, side.side, scaler);
        };
    }

    private static Image bySide(Image image, int length, Which side, Scaler scaler) {
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
                ? scaler.resize(image, Math.toIntExact(other), length)
                : scaler.resize(image, length, Math.toIntExact(other));
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
