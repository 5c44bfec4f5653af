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

/** Examples on a page: each has a title and a row of pictures with a line below each of them. */
public final class StepSheet {
    private static final int SIDE = 224; // of a picture
    private static final int GAP = 14;
    private static final int MARGIN = 24;
    private static final int TITLE = 26;
    private static final int LINE = 20;
    private static final int WIDTH = 1260; // that several examples beside each other may fill
    private static final Color INK = new Color(0x1F2328);
    private static final Color PALE = new Color(0x6E7781);
    private static final Color EDGE = new Color(0xD0D7DE);
    private static final Color GROUND = new Color(0xF6F8FA);

    private final String heading;
    private final List<Row> rows = new ArrayList<>();

    /** A picture, and what stands below it. */
    public record Cell(BufferedImage picture, String line) {}

    private record Row(String title, String detail, List<Cell> cells) {
        int width() {
            return cells.size() * (SIDE + GAP) + GAP;
        }
    }

    /** A page under that heading. */
    public StepSheet(String heading) {
        this.heading = heading;
    }

    /** Adds an example; {@code detail} stands in pale letters behind its title. */
    public void add(String title, String detail, List<Cell> cells) {
        rows.add(new Row(title, detail, List.copyOf(cells)));
    }

    /** The page. */
    public BufferedImage picture() {
        int rowWidth = rows.stream().mapToInt(Row::width).max().orElse(SIDE);
        int columns = Math.clamp((WIDTH + GAP) / (rowWidth + GAP), 1, Math.max(1, rows.size()));
        int rowHeight = GAP + TITLE + SIDE + LINE + GAP;
        int lines = Math.ceilDiv(rows.size(), columns);
        int width = 2 * MARGIN + columns * rowWidth + (columns - 1) * GAP;
        int height = 2 * MARGIN + TITLE + GAP + lines * (rowHeight + GAP) - GAP;
        BufferedImage page = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = page.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(INK);
        g.setFont(Fonts.plain(18).deriveFont(Font.BOLD));
        g.drawString(shortened(heading, g.getFontMetrics(), width - 2 * MARGIN), MARGIN, MARGIN + 16);
        for (int i = 0; i < rows.size(); i++) {
            int x = MARGIN + i % columns * (rowWidth + GAP);
            int y = MARGIN + TITLE + GAP + i / columns * (rowHeight + GAP);
            g.setColor(GROUND);
            g.fillRoundRect(x, y, rowWidth, rowHeight, 10, 10);
            draw(g, rows.get(i), x + GAP, y + GAP, rowWidth - 2 * GAP);
        }
        g.dispose();
        return page;
    }

    private static void draw(Graphics2D g, Row row, int x, int y, int width) {
        g.setFont(Fonts.plain(14).deriveFont(Font.BOLD));
        FontMetrics bold = g.getFontMetrics();
        String title = shortened(row.title, bold, width);
        g.setColor(INK);
        g.drawString(title, x, y + 14);
        int used = bold.stringWidth(title) + 10;
        g.setFont(Fonts.plain(12));
        g.setColor(PALE);
        g.drawString(shortened(row.detail, g.getFontMetrics(), width - used), x + used, y + 14);
        for (int i = 0; i < row.cells.size(); i++) {
            Cell cell = row.cells.get(i);
            int left = x + i * (SIDE + GAP);
            framed(g, cell.picture, left, y + TITLE);
            g.setColor(PALE);
            g.drawString(shortened(cell.line, g.getFontMetrics(), SIDE), left, y + TITLE + SIDE + LINE - 4);
        }
    }

    private static void framed(Graphics2D g, BufferedImage picture, int x, int y) {
        double scale = Math.min(SIDE / (double) picture.getWidth(), SIDE / (double) picture.getHeight());
        int w = Math.max(1, (int) Math.round(picture.getWidth() * scale));
        int h = Math.max(1, (int) Math.round(picture.getHeight() * scale));
        boolean enlarged = scale > 2;
        g.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                enlarged
                        ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                        : RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        int left = x + (SIDE - w) / 2;
        int top = y + (SIDE - h) / 2;
        g.drawImage(ContactSheet.halved(picture, w, h), left, top, w, h, null);
        g.setColor(EDGE);
        g.setStroke(new BasicStroke(1));
        g.drawRect(left, top, w - 1, h - 1);
    }

    private static String shortened(String text, FontMetrics font, int width) {
        String shown = text;
        for (int length = text.length() - 1; length > 0 && font.stringWidth(shown) > width; length--) {
            shown = text.substring(0, length) + "…";
        }
        return font.stringWidth(shown) > width ? "" : shown;
    }
}
