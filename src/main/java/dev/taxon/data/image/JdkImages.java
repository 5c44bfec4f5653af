package dev.taxon.data.image;

import dev.taxon.UserError;
import dev.taxon.data.transform.BufferedImages;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** PNG, BMP and GIF (its first frame) by the JDK's own readers. */
final class JdkImages {
    private JdkImages() {}

    static Image.Bytes decode(String name, byte[] bytes, ColorType type) {
        if (type != ColorType.COLOR && type != ColorType.COLOR_IGNORE_ORIENTATION) {
            throw new ImageError(name, "of its format only color_type='color' can be read");
        }
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            var readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new ImageError(name, "it is not a PNG, JPEG, BMP or GIF image");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return BufferedImages.toBgr(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (UserError e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's readers report damage by IllegalArgumentException and IndexOutOfBoundsException too.
            throw new ImageError(name, e.getMessage() + "; is it damaged?", e);
        }
    }
}
