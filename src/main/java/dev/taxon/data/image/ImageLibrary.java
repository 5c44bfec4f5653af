package dev.taxon.data.image;

import dev.taxon.natives.NativeLibrary;
import dev.taxon.natives.Platform;
import java.lang.invoke.MethodHandle;

/** The functions of {@code native/include/taxon_image.h}. */
final class ImageLibrary {
    private static final NativeLibrary LIBRARY = load();

    // enum taxon_image_order
    static final int BGR = 0;
    static final int RGB = 1;
    static final int GREY = 2;

    // enum taxon_jpeg_info
    static final int WIDTH = 0;
    static final int HEIGHT = 1;
    static final int SCALED_WIDTH = 2;
    static final int SCALED_HEIGHT = 3;
    static final int COMPONENTS = 4;
    static final int ORIENTATION = 5;
    static final int INFO = 7;

    static final MethodHandle JPEG_CREATE = LIBRARY.function("taxon_jpeg_create", "A");
    static final MethodHandle JPEG_DESTROY = LIBRARY.function("taxon_jpeg_destroy", "VA");
    static final MethodHandle JPEG_ERROR = LIBRARY.function("taxon_jpeg_error", "SA");
    static final MethodHandle JPEG_OPEN = LIBRARY.function("taxon_jpeg_open", "IAAAJI");
    static final MethodHandle JPEG_DECODE = LIBRARY.function("taxon_jpeg_decode", "IAAJAII");

    static final MethodHandle FILE_READ = LIBRARY.function("taxon_file_read", "JAJA");

    static final MethodHandle RESIZER_CREATE = LIBRARY.function("taxon_resizer_create", "A");
    static final MethodHandle RESIZER_DESTROY = LIBRARY.function("taxon_resizer_destroy", "VA");
    static final MethodHandle RESIZER_PLAN = LIBRARY.function("taxon_resizer_plan", "IAAIAA");
    static final MethodHandle RESIZER_RUN = LIBRARY.function("taxon_resizer_run", "IAAJAJI");

    // enum taxon_batch_flag
    static final int SWAP = 1;
    static final int PLANAR = 2;
    static final int HALF = 4;

    static final MethodHandle BATCH_WRITE = LIBRARY.function("taxon_batch_write", "VAAJAAAAAAI");

    private ImageLibrary() {}

    private static NativeLibrary load() {
        Platform.check("the image decoder", "so images cannot be read here");
        return NativeLibrary.load("libtaxon-image.so");
    }
}
