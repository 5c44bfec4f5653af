package dev.taxon.data.image;

import dev.taxon.data.transform.ImageError;
import dev.taxon.natives.NativeLibrary;
import dev.taxon.natives.Platform;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The functions of {@code native/include/taxon_image.h}. */
final class ImageLibrary {
    private static final NativeLibrary LIBRARY = load();

    // enum taxon_image_order
    static final int BGR = 0;
    static final int RGB = 1;
    static final int GREY = 2;
    static final int CMYK = 3;
    static final int STORED = 4;

    // enum taxon_jpeg_info
    static final int JPEG_WIDTH = 0;
    static final int JPEG_HEIGHT = 1;
    static final int JPEG_SCALED_WIDTH = 2;
    static final int JPEG_SCALED_HEIGHT = 3;
    static final int JPEG_COMPONENTS = 4;
    static final int JPEG_ORIENTATION = 5;
    static final int JPEG_INFO = 7;

    static final int KEEP_CUT_OFF = 1; // enum taxon_jpeg_flag

    // enum taxon_png_info
    static final int PNG_WIDTH = 0;
    static final int PNG_HEIGHT = 1;
    static final int PNG_CHANNELS = 2;
    static final int PNG_BITS = 3;
    static final int PNG_TRANSPARENT = 4;
    static final int PNG_ORIENTATION = 5;
    static final int PNG_INFO = 6;

    // enum taxon_webp_info
    static final int WEBP_WIDTH = 0;
    static final int WEBP_HEIGHT = 1;
    static final int WEBP_ALPHA = 2;
    static final int WEBP_INFO = 3;

    private static final int CUT_OFF = 2; // TAXON_IMAGE_CUT_OFF

    static final MethodHandle JPEG_CREATE = LIBRARY.function("taxon_jpeg_create", "A");
    static final MethodHandle JPEG_DESTROY = LIBRARY.function("taxon_jpeg_destroy", "VA");
    static final MethodHandle JPEG_ERROR = LIBRARY.function("taxon_jpeg_error", "SA");
    static final MethodHandle JPEG_OPEN = LIBRARY.function("taxon_jpeg_open", "IAAAJI");
    static final MethodHandle JPEG_DECODE = LIBRARY.function("taxon_jpeg_decode", "IAAJAII");

    static final MethodHandle PNG_CREATE = LIBRARY.function("taxon_png_create", "A");
    static final MethodHandle PNG_DESTROY = LIBRARY.function("taxon_png_destroy", "VA");
    static final MethodHandle PNG_ERROR = LIBRARY.function("taxon_png_error", "SA");
    static final MethodHandle PNG_OPEN = LIBRARY.function("taxon_png_open", "IAAAJ");
    static final MethodHandle PNG_DECODE = LIBRARY.function("taxon_png_decode", "IAAJI");

    static final MethodHandle WEBP_OPEN = LIBRARY.function("taxon_webp_open", "IAAJ");
    static final MethodHandle WEBP_DECODE = LIBRARY.function("taxon_webp_decode", "IAJAJI");
    static final MethodHandle WEBP_ERROR = LIBRARY.function("taxon_webp_error", "SI");

    static final MethodHandle FILE_READ = LIBRARY.function("taxon_file_read", "JAJA");

    static final MethodHandle RESIZER_CREATE = LIBRARY.function("taxon_resizer_create", "A");
    static final MethodHandle RESIZER_DESTROY = LIBRARY.function("taxon_resizer_destroy", "VA");
    static final MethodHandle RESIZER_PLAN = LIBRARY.function("taxon_resizer_plan", "IAAIAA");
    static final MethodHandle RESIZER_RUN = LIBRARY.function("taxon_resizer_run", "IAAJAJI");

    // enum taxon_batch_flag
    static final int SWAP = 1;
    static final int PLANAR = 2;
    static final int HALF = 4;

    static final MethodHandle BATCH_WRITE = LIBRARY.function("taxon_batch_write", "VAJAJAAAAAAI");

    private ImageLibrary() {}

    private static NativeLibrary load() {
        Platform.check("the image decoder", "so images cannot be read here");
        return NativeLibrary.load("libtaxon-image.so");
    }

    /** A new native decoder, destroyed when {@code arena} is unreachable. */
    static MemorySegment create(MethodHandle create, MethodHandle destroy, Arena arena) {
        try {
            MemorySegment handle = (MemorySegment) create.invokeExact();
            if (handle.address() == 0) {
                throw new OutOfMemoryError("no native memory for an image decoder");
            }
            return handle.reinterpret(arena, made -> {
                try {
                    destroy.invokeExact(made);
                } catch (Throwable e) {
                    throw unexpected(e);
                }
            });
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** What a status other than 0 means. */
    static ImageError error(String name, int status, MemorySegment reason) {
        return new ImageError(
                name, reason.getString(0) + (status == CUT_OFF ? "; copy it again, or leave it out" : ""));
    }

    /** What a native call threw, as an unchecked exception; Throwable is what invokeExact declares. */
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException exception ? exception : new IllegalStateException(thrown);
    }
}
