package dev.taxon.report;

import static dev.taxon.UserError.require;

import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

/**
 * Lines of text over a picture, on a dark ground, as mmcls's {@code show_result} draws them; but small pictures are
 * enlarged and the text grows with large ones, so that it can be read.
 *
 * @param textColor of the text
 * @param fontScale size of the text: mmcls's 0.5 is 12.5 pixels, on pictures up to 300 pixels wide or high
 * @param rowWidth distance of the lines, in pixels of the same pictures
 */
public record Caption(Color textColor, double fontScale, double rowWidth) {
    public static final Caption DEFAULT = new Caption(Color.WHITE, 0.5, 20);

    private static final Map<String, Color> COLORS = Map.of(
            "red", Color.RED,
            "green", Color.GREEN,
            "blue", Color.BLUE,
            "cyan", Color.CYAN,
            "yellow", Color.YELLOW,
            "magenta", Color.MAGENTA,
            "white", Color.WHITE,
            "black", Color.BLACK);
    private static final Color GROUND = new Color(0, 0, 0, 178);
    private static final int SMALL = 112; // pictures below are enlarged
    private static final int READABLE = 224; // to about this
    private static final int USUAL = 300;
    private static final int SMALLEST_FONT = 9;

    public Caption {
        require(fontScale > 0 && fontScale <= 20, "font_scale must be above 0 and at most 20, got %s", fontScale);
        require(rowWidth > 0 && rowWidth <= 1000, "row_width must be above 0 and at most 1000, got %s", rowWidth);
    }

    /** Of {@code key=value} words: {@code --show-options}. Keys of mmcls that are about windows have no effect. */
    public static Caption of(List<String> keyValues) {
        String source = "--show-options";
        keyValues.forEach(word ->
                require(word.indexOf('=') > 0, "%s takes key=value, such as font_scale=1; got '%s'", source, word));
        Fields f = new Fields(Config.parse("", source).with(keyValues).root(), source);
        f.ignore("win_name", "wait_time", "fig_size");
        Caption caption =
                new Caption(color(f), f.real("font_scale", DEFAULT.fontScale), f.real("row_width", DEFAULT.rowWidth));
        f.done();
        return caption;
    }

    /** A name, or (blue, green, red) as in OpenCV. */
    private static Color color(Fields f) {
        if (f.value("text_color") instanceof Value.Seq) {
            List<Integer> bgr = f.integers("text_color", List.of());
            if (bgr.size() != 3 || bgr.stream().anyMatch(v -> v < 0 || v > 255)) {
                throw f.error("text_color", "must be a name or (blue, green, red), each from 0 to 255");
            }
            return new Color(bgr.get(2), bgr.get(1), bgr.get(0));
        }
        String name = f.text("text_color", "white");
        Color color = COLORS.get(name);
        if (color == null) {
            throw f.error(
                    "text_color",
                    "must be one of %s, or (blue, green, red), got '%s'"
                            .formatted(COLORS.keySet().stream().sorted().toList(), name));
        }
        return color;
    }

    /** The picture with {@code key: value} lines over its upper left corner; the picture itself stays as it is. */
    public BufferedImage over(BufferedImage picture, Map<String, String> lines) {
        int side = Math.min(picture.getWidth(), picture.getHeight());
        int zoom = side < SMALL ? Math.ceilDiv(READABLE, side) : 1;
        int width = picture.getWidth() * zoom;
        int height = picture.getHeight() * zoom;
        BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = canvas.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.drawImage(picture, 0, 0, width, height, null); // nearest neighbour: pixels stay pixels
        double scale = Math.max(1, Math.min(width, height) / (double) USUAL);
        List<String> texts = lines.entrySet().stream()
                .map(line -> line.getKey() + ": " + line.getValue())
                .toList();
        int margin = (int) (3 * scale);
        FontMetrics font = font(g, texts, 25 * fontScale * scale, width - 4 * margin);
        double row = Math.max(rowWidth * scale, font.getHeight() * 1.15);
        double y = row / 2;
        for (String text : texts) {
            String shown = shortened(text, font, width - 4 * margin);
            g.setColor(GROUND);
            g.fillRoundRect(
                    margin, (int) y, font.stringWidth(shown) + 2 * margin, font.getHeight(), 2 * margin, 2 * margin);
            g.setColor(textColor);
            g.drawString(shown, 2 * margin, (int) y + font.getAscent());
            y += row;
        }
        g.dispose();
        return canvas;
    }

    /** The font in which all lines fit, if that is not too small to be read. */
    private static FontMetrics font(Graphics2D g, List<String> texts, double size, int width) {
        Font font = Fonts.monospaced(size);
        for (String text : texts) {
            double wanted = font.getSize2D()
                    * width
                    / Math.max(1, g.getFontMetrics(font).stringWidth(text));
            if (wanted < font.getSize2D()) {
                font = font.deriveFont((float) Math.max(wanted, Math.min(SMALLEST_FONT, size)));
            }
        }
        g.setFont(font);
        return g.getFontMetrics();
    }

    private static String shortened(String text, FontMetrics font, int width) {
        String shown = text;
        for (int length = text.length() - 1; length > 0 && font.stringWidth(shown) > width; length--) {
            shown = text.substring(0, length) + "…";
        }
        return shown;
    }
}
