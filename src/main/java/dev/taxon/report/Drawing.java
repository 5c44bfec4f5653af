package dev.taxon.report;

import dev.taxon.UserError;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/** A picture of shapes and text, which is written as PNG or SVG. */
record Drawing(int width, int height, Consumer<Graphics2D> painter) {
    /** Replaces {@code file}: SVG by that ending, else as {@link PictureFile}. @throws UserError if it cannot be written */
    void write(Path file) {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".svg")) {
            PictureFile.write(image(), file);
            return;
        }
        SvgGraphics svg = new SvgGraphics();
        painter.accept(svg);
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, svg.document(width, height));
        } catch (IOException e) {
            throw new UserError(
                    file + " cannot be written: " + e + "; free space or check the folder's permissions", e);
        }
    }

    private BufferedImage image() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        painter.accept(g);
        g.dispose();
        return image;
    }
}
