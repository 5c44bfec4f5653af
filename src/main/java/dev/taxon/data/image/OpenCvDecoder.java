package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageDecoder;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Decodes as OpenCV 4.6.0's imdecode does: mmcv's image backend {@code cv2}. */
public final class OpenCvDecoder implements ImageDecoder {
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();

    /** What one picture at a time is decoded with. */
    private record Workspace(JpegDecoder jpeg, NativeBuffer pixels) {}

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, ColorType type) {
        Workspace workspace = borrow();
        try {
            return decode(workspace, name, bytes, type);
        } finally {
            idle.push(workspace);
        }
    }

    private Workspace borrow() {
        Workspace workspace = idle.poll();
        return workspace == null ? new Workspace(new JpegDecoder(), new NativeBuffer()) : workspace;
    }

    private static Image.Bytes decode(Workspace workspace, String name, MemorySegment bytes, ColorType type) {
        if (bytes.byteSize() == 0) {
            throw new ImageError(name, "it is empty");
        }
        if (JpegDecoder.accepts(bytes)) {
            return jpeg(workspace, name, bytes, type);
        }
        return JdkImages.decode(name, bytes.toArray(ValueLayout.JAVA_BYTE), type);
    }

    private static Image.Bytes jpeg(Workspace workspace, String name, MemorySegment bytes, ColorType type) {
        JpegDecoder jpeg = workspace.jpeg;
        jpeg.open(name, bytes, 1);
        ChannelOrder order = type.order(jpeg.components() == 1);
        int width = jpeg.width();
        int height = jpeg.height();
        byte[] pixels = array(name, width, height, order);
        MemorySegment decoded = workspace.pixels.first(pixels.length);
        jpeg.decode(decoded, (long) width * order.channels(), 0, 0, width, height, order);
        MemorySegment.ofArray(pixels).copyFrom(decoded);
        Image.Bytes image = new Image.Bytes(height, width, order, pixels);
        return type.upright() ? jpeg.orientation().apply(image) : image;
    }

    private static byte[] array(String name, int width, int height, ChannelOrder order) {
        long bytes = (long) width * height * order.channels();
        if (bytes > LARGEST_ARRAY) {
            throw new ImageError(name, width + "x" + height + " pixels do not fit into a Java array");
        }
        try {
            return new byte[(int) bytes];
        } catch (OutOfMemoryError e) {
            throw new ImageError(
                    name,
                    "its " + width + "x" + height + " pixels need more memory than Java may use; give it more by"
                            + " -Xmx, or leave the image out",
                    e);
        }
    }
}
