package dev.taxon.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of the runs below all panels, in as many lines as they take.
 *
 * @param lines names and their colours
 */
record CurveLegend(List<Map<String, Color>> lines, int width) {
    private static final int LINE = 22;
    private static final int MARK = 26; // the piece of a curve, and room behind it
    private static final int GAP = 22;

    static CurveLegend of(CurvePanels panels, int width) {
        FontMetrics font = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                .createGraphics()
                .getFontMetrics(Fonts.plain(12));
        List<Map<String, Color>> lines = new ArrayList<>();
        Map<String, Color> names = new LinkedHashMap<>();
        panels.panels().forEach(p -> p.curves().forEach(c -> names.put(c.name(), CurvePanels.color(c))));
        int used = width;
        for (Map.Entry<String, Color> name : names.entrySet()) {
            int room = MARK + font.stringWidth(name.getKey()) + GAP;
            if (used + room > width - 2 * GAP) {
                lines.add(new LinkedHashMap<>());
                used = 0;
            }
            lines.getLast().put(name.getKey(), name.getValue());
            used += room;
        }
        return new CurveLegend(lines, width);
    }

    int height() {
        return lines.size() * LINE + 12;
    }

    void paint(Graphics2D g, int top) {
        g.setColor(Color.WHITE);
        g.fillRect(0, top, width, height());
        g.setFont(Fonts.plain(12));
        FontMetrics font = g.getFontMetrics();
        int y = top + LINE / 2;
        for (Map<String, Color> line : lines) {
            int used = line.keySet().stream()
                    .mapToInt(name -> MARK + font.stringWidth(name) + GAP)
                    .sum();
            int x = Math.max(GAP, (width - used) / 2);
            for (Map.Entry<String, Color> name : line.entrySet()) {
                g.setColor(name.getValue());
                g.setStroke(new BasicStroke(2.5f));
                g.draw(new Line2D.Float(x, y, x + 18, y));
                g.setColor(new Color(0x222222));
                g.drawString(name.getKey(), x + MARK, y + font.getAscent() / 2 - 1);
                x += MARK + font.stringWidth(name.getKey()) + GAP;
            }
            y += LINE;
        }
    }
}
