package dev.taxon.report;

import dev.taxon.metric.Confusion;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A confusion matrix as a picture: rows true, columns predicted, darker for a larger share of the row. Few classes have
 * counts and names, some have names, many have their numbers on the axes; beyond {@value #MOST} several share a cell.
 */
public final class ConfusionChart {
    private static final int PLOT = 900; // pixels of the matrix, about
    private static final int MOST = 1500;
    private static final int COUNTED = 20;
    private static final int NAMED = 60;
    private static final int LONGEST_NAME = 190;
    private static final int TOP = 76;
    private static final Color INK = new Color(0x222222);
    private static final Color DARK = new Color(0x08306B);
    private static final Color EDGE = new Color(0xBBBBBB);

    private final Confusion confusion;
    private final List<String> names;
    private final String title;
    private final int group; // classes a cell
    private final int cells;
    private final int cell; // pixels

    /** @param names of the classes */
    public ConfusionChart(Confusion confusion, List<String> names, String title) {
        this.confusion = confusion;
        this.names = List.copyOf(names);
        this.title = title;
        group = Math.ceilDiv(confusion.classes(), MOST);
        cells = Math.ceilDiv(confusion.classes(), group);
        cell = Math.clamp(PLOT / cells, 1, 80);
    }

    /** Writes a .png, .jpg or .svg file. @throws dev.taxon.UserError if it cannot be written */
    public void write(Path file) {
        int margin = cells <= NAMED ? nameWidth() + 30 : 60;
        int side = cells * cell;
        int left = Math.max(margin, 70);
        int width = Math.max(side + left + 30, 460);
        new Drawing(width, TOP + side + margin, g -> paint(g, left, TOP)).write(file);
    }

    private int nameWidth() {
        FontMetrics font = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                .createGraphics()
                .getFontMetrics(Fonts.plain(13));
        return Math.min(
                LONGEST_NAME, names.stream().mapToInt(font::stringWidth).max().orElse(0));
    }

    private void paint(Graphics2D g, int left, int top) {
        int side = cells * cell;
        g.setColor(INK);
        g.setFont(Fonts.plain(16).deriveFont(Font.BOLD));
        g.drawString(title, 16, 28);
        g.setFont(Fonts.plain(12));
        g.setColor(new Color(0x666666));
        g.drawString(
                "share of each true class, by prediction" + (group > 1 ? "; " + group + " classes a cell" : ""),
                16,
                46);
        for (int row = 0; row < cells; row++) {
            long[] counts = counts(row);
            long sum = Math.max(1, Arrays.stream(counts).sum());
            for (int column = 0; column < cells; column++) {
                if (counts[column] > 0) {
                    cell(g, left + column * cell, top + row * cell, counts[column], counts[column] / (double) sum);
                }
            }
        }
        g.setColor(EDGE);
        g.draw(new Rectangle(left, top, side, side));
        axes(g, left, top, side);
    }

    private long[] counts(int row) {
        long[] counts = new long[cells];
        for (int t = row * group; t < Math.min((row + 1) * group, confusion.classes()); t++) {
            for (int p = 0; p < confusion.classes(); p++) {
                counts[p / group] += confusion.counts()[t][p];
            }
        }
        return counts;
    }

    /** Small shares are what one looks for: the colour follows the root. */
    private void cell(Graphics2D g, int x, int y, long count, double share) {
        double depth = 0.06 + 0.94 * Math.sqrt(share);
        g.setColor(new Color(
                blend(255, DARK.getRed(), depth),
                blend(255, DARK.getGreen(), depth),
                blend(255, DARK.getBlue(), depth)));
        g.fill(new Rectangle(x, y, cell, cell));
        if (cells <= COUNTED) {
            g.setColor(depth > 0.5 ? Color.WHITE : INK);
            g.setFont(Fonts.plain(Math.min(14, cell / 3.2)));
            centred(g, Long.toString(count), x + cell / 2, y + cell / 2);
        }
    }

    private static int blend(int from, int to, double depth) {
        return (int) Math.round(from + (to - from) * depth);
    }

    private void axes(Graphics2D g, int left, int top, int side) {
        g.setColor(INK);
        boolean named = cells <= NAMED && group == 1;
        g.setFont(Fonts.plain(named ? Math.clamp(cell * 0.8, 9, 13) : 12));
        int step = named ? 1 : step();
        FontMetrics font = g.getFontMetrics();
        for (int i = 0; i < cells; i += step) {
            String text = named ? shortened(names.get(i), font) : Integer.toString(i * group);
            int middle = i * cell + cell / 2;
            g.drawString(text, left - 8 - font.stringWidth(text), top + middle + font.getAscent() / 2 - 1);
            if (named) {
                slanted(g, text, left + middle, top + side + 8);
            } else {
                centred(g, text, left + middle, top + side + 14);
            }
        }
        g.setFont(Fonts.plain(13).deriveFont(Font.BOLD));
        g.drawString("predicted", left + side - g.getFontMetrics().stringWidth("predicted"), top - 6);
        g.drawString("true", left - 8 - g.getFontMetrics().stringWidth("true"), top - 6);
    }

    /** About ten numbers on an axis, at round places. */
    private int step() {
        for (int step : new int[] {1, 2, 5, 10, 20, 50, 100, 200, 500}) {
            if (cells / step <= 12) {
                return step;
            }
        }
        return 1000;
    }

    private static void slanted(Graphics2D g, String text, int x, int y) {
        AffineTransform before = g.getTransform();
        g.translate(x, y);
        g.rotate(Math.PI / 2);
        g.drawString(text, 0, g.getFontMetrics().getAscent() / 2 - 1);
        g.setTransform(before);
    }

    private static void centred(Graphics2D g, String text, int x, int y) {
        FontMetrics font = g.getFontMetrics();
        g.drawString(text, x - font.stringWidth(text) / 2, y + font.getAscent() / 2 - 1);
    }

    private static String shortened(String text, FontMetrics font) {
        String shown = text;
        for (int length = text.length() - 1; length > 0 && font.stringWidth(shown) > LONGEST_NAME; length--) {
            shown = text.substring(0, length) + "…";
        }
        return shown;
    }
}
