package dev.taxon.report;

import dev.taxon.UserError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Picture files: JPEG by that ending of the name, PNG by any other. */
public final class PictureFile {
    private static final float QUALITY = 0.95f; // of JPEG, as OpenCV writes it

    private PictureFile() {}

    /** Whether a name is that of a JPEG file. */
    static boolean isJpeg(String name) {
        return name.toLowerCase(Locale.ROOT).matches(".*\\.jpe?g");
    }

    /**
     * Replaces {@code file}, and makes its folder.
     *
     * @param image without transparency
     * @throws UserError if it cannot be written
     */
    public static void write(BufferedImage image, Path file) {
        String format = isJpeg(file.toString()) ? "jpeg" : "png";
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.deleteIfExists(file); // a link to the original must not lead there
            try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
                if (out == null) {
                    throw new IOException("no such place");
                }
                ImageWriteParam param = writer.getDefaultWriteParam();
                if (format.equals("jpeg")) {
                    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                    param.setCompressionQuality(QUALITY);
                }
                writer.setOutput(out);
                writer.write(null, new IIOImage(image, null, null), param);
            }
        } catch (IOException e) {
            throw new UserError(
                    file + " cannot be written: " + e + "; free space or check the folder's permissions", e);
        } finally {
            writer.dispose();
        }
    }
}
