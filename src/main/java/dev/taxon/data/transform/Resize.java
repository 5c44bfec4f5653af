package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import org.jspecify.annotations.Nullable;

/** Changes the size of an image, by OpenCV's or by Pillow's rules. Source: mmcls, Resize. */
public record Resize(Target target, Scaler scaler) implements Geometric {
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

        @Override
        public int @Nullable [] picks(int input, int output) {
            return this == NEAREST ? nearest(input, output) : null;
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
    public boolean resizes() {
        return true;
    }

    @Override
    public void plan(Geometry geometry, Rng rng) {
        switch (target) {
            case Target.Exact exact -> geometry.resize(exact.height, exact.width, scaler);
            case Target.Side side -> bySide(geometry, side.length, side.side);
        }
    }

    private void bySide(Geometry geometry, int length, Which side) {
        int h = geometry.height();
        int w = geometry.width();
        boolean fixWidth = switch (side) {
            case SHORT -> w < h;
            case LONG -> w > h;
            case HEIGHT -> false;
            case WIDTH -> true;
        };
        if ((fixWidth ? w : h) == length) {
            return;
        }
        long other = (long) length * (fixWidth ? h : w) / (fixWidth ? w : h);
        UserError.require(other > 0, "Resize to %d makes an image of (%d, %d) vanish", length, h, w);
        int following = Math.toIntExact(other);
        geometry.resize(fixWidth ? following : length, fixWidth ? length : following, scaler);
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
