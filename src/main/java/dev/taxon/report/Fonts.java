package dev.taxon.report;

import dev.taxon.UserError;
import java.awt.Font;
import java.awt.image.BufferedImage;

/** Fonts to draw with, as the machine has them. */
final class Fonts {
    private Fonts() {}

    /** @throws UserError on a machine without fonts, such as a bare container */
    static Font monospaced(double size) {
        return checked(new Font(Font.MONOSPACED, Font.PLAIN, 1)).deriveFont((float) size);
    }

    /** @throws UserError on a machine without fonts */
    static Font plain(double size) {
        return checked(new Font(Font.SANS_SERIF, Font.PLAIN, 1)).deriveFont((float) size);
    }

    /** Without fonts the JDK fails when the first text is measured, with errors of several kinds. */
    private static Font checked(Font font) {
        try {
            BufferedImage canvas = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
            canvas.createGraphics().getFontMetrics(font).stringWidth("x");
            return font;
        } catch (RuntimeException | Error e) {
            throw new UserError(
                    "drawing text needs a font and fontconfig, which this machine lacks (" + e
                            + "); install them, such as by apt install fontconfig fonts-dejavu-core",
                    e);
        }
    }
}
