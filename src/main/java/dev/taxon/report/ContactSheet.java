package dev.taxon.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Many small pictures on one page, in parts with a heading, each picture with two lines below it. */
public final class ContactSheet {
    private static final int COLUMNS = 5;
    private static final int SIDE = 176; // of a picture
    private static final int GAP = 16;
    private static final int LINE = 18;
    private static final int CELL = SIDE + 2 * LINE + 6; // its height, with its lines
    private static final int HEADING = 36;
    private static final Color INK = new Color(0x222222);
    private static final Color WRONG = new Color(0xB3261E);
    private static final Color EDGE = new Color(0xDDDDDD);

    private final List<Part> parts = new ArrayList<>();

    /** A picture and what stands below it; the second line, if any, in red. */
    public record Cell(BufferedImage picture, String line, String second) {}

    private record Part(String heading, List<Cell> cells) {
        int height() {
            return HEADING + Math.max(1, Math.ceilDiv(cells.size(), COLUMNS)) * (CELL + GAP);
        }
    }

    /** Adds a part below the others. */
    public void add(String heading, List<Cell> cells) {
        parts.add(new Part(heading, List.copyOf(cells)));
    }

    /** The page. */
    public BufferedImage picture() {
        int width = GAP + COLUMNS * (SIDE + GAP);
        int height = GAP + parts.stream().mapToInt(Part::height).sum();
        BufferedImage page = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = page.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        int top = GAP;
        for (Part part : parts) {
            g.setColor(INK);
            g.setFont(Fonts.plain(17).deriveFont(Font.BOLD));
            g.drawString(part.heading, GAP, top + 18);
            g.setFont(Fonts.plain(13));
            for (int i = 0; i < part.cells.size(); i++) {
                int x = GAP + i % COLUMNS * (SIDE + GAP);
                int y = top + HEADING + i / COLUMNS * (CELL + GAP);
                draw(g, part.cells.get(i), x, y);
            }
            top += part.height();
        }
        g.dispose();
        return page;
    }

    private static void draw(Graphics2D g, Cell cell, int x, int y) {
        BufferedImage picture = cell.picture;
        double scale = Math.min(SIDE / (double) picture.getWidth(), SIDE / (double) picture.getHeight());
        int w = Math.max(1, (int) Math.round(picture.getWidth() * scale));
        int h = Math.max(1, (int) Math.round(picture.getHeight() * scale));
        g.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                scale > 2
                        ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                        : RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        int left = x + (SIDE - w) / 2;
        int top = y + (SIDE - h) / 2;
        g.drawImage(halved(picture, w, h), left, top, w, h, null);
        g.setColor(EDGE);
        g.setStroke(new BasicStroke(1));
        g.drawRect(left, top, w - 1, h - 1);
        g.setColor(INK);
        g.drawString(shortened(cell.line, g.getFontMetrics()), x, y + SIDE + LINE - 2);
        g.setColor(WRONG);
        g.drawString(shortened(cell.second, g.getFontMetrics()), x, y + SIDE + 2 * LINE - 2);
    }

    /** Large pictures in steps of a half, so that no pixels are passed over. */
    static BufferedImage halved(BufferedImage picture, int w, int h) {
        BufferedImage small = picture;
        while (small.getWidth() >= 2 * w && small.getHeight() >= 2 * h) {
            BufferedImage half =
                    new BufferedImage(small.getWidth() / 2, small.getHeight() / 2, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = half.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            g.drawImage(small, 0, 0, half.getWidth(), half.getHeight(), null);
            g.dispose();
            small = half;
        }
        return small;
    }

    private static String shortened(String text, FontMetrics font) {
        String shown = text;
        for (int length = text.length() - 1; length > 0 && font.stringWidth(shown) > SIDE; length--) {
            shown = text.substring(0, length) + "…";
        }
        return shown;
    }
}
