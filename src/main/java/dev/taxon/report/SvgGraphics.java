package dev.taxon.report;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics;
import java.awt.Polygon;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.font.GlyphVector;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.RoundRectangle2D;
import java.text.AttributedCharacterIterator;
import java.util.Locale;

/**
 * Writes what is drawn as SVG: shapes in plain colours, and text as its outlines, so that it looks alike on every machine.
 */
final class SvgGraphics extends ShapeGraphics {
    private final StringBuilder out; // shared by all copies of one picture

    SvgGraphics() {
        this(new StringBuilder(), new AffineTransform());
    }

    private SvgGraphics(StringBuilder out, AffineTransform transform) {
        super(transform);
        this.out = out;
    }

    /** The file's text. */
    String document(int width, int height) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n%s</svg>\n"
                .formatted(width, height, width, height, out);
    }

    @Override
    public Graphics create() {
        SvgGraphics copy = new SvgGraphics(out, new AffineTransform(transform));
        copy.copyFrom(this);
        return copy;
    }

    @Override
    public void fill(Shape shape) {
        Shape placed = transform.createTransformedShape(shape);
        if (clip != null && !clip.contains(placed.getBounds2D())) {
            Area area = new Area(placed);
            area.intersect(clip);
            placed = area;
        }
        String path = path(placed);
        if (!path.isEmpty()) {
            out.append("<path d=\"%s\" fill=\"%s\" stroke=\"none\"%s/>\n".formatted(path, hex(), opacity("fill")));
        }
    }

    /** A line is a line where nothing of it is cut off; else the shape that the pen leaves. */
    @Override
    public void draw(Shape shape) {
        Shape placed = transform.createTransformedShape(shape);
        boolean inside = clip == null || clip.contains(placed.getBounds2D());
        if (!(stroke instanceof BasicStroke pen) || !inside) {
            fill(stroke.createStrokedShape(shape));
            return;
        }
        String path = path(placed);
        if (path.isEmpty()) {
            return;
        }
        out.append("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-linejoin=\"round\"%s%s/>\n"
                .formatted(path, hex(), number(pen.getLineWidth()), dashes(pen), opacity("stroke")));
    }

    private static String dashes(BasicStroke pen) {
        float[] dashes = pen.getDashArray();
        if (dashes == null) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (float dash : dashes) {
            text.append(text.isEmpty() ? "" : ",").append(number(dash));
        }
        return " stroke-dasharray=\"" + text + '"';
    }

    private String hex() {
        return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xFFFFFF);
    }

    private String opacity(String what) {
        float alpha = color.getAlpha() / 255f * (composite instanceof AlphaComposite a ? a.getAlpha() : 1);
        return alpha == 1 ? "" : " %s-opacity=\"%s\"".formatted(what, number(alpha));
    }

    private static String path(Shape shape) {
        StringBuilder d = new StringBuilder();
        double[] c = new double[6];
        for (PathIterator it = shape.getPathIterator(null); !it.isDone(); it.next()) {
            switch (it.currentSegment(c)) {
                case PathIterator.SEG_MOVETO -> points(d.append('M'), c, 2);
                case PathIterator.SEG_LINETO -> points(d.append('L'), c, 2);
                case PathIterator.SEG_QUADTO -> points(d.append('Q'), c, 4);
                case PathIterator.SEG_CUBICTO -> points(d.append('C'), c, 6);
                default -> d.append('Z');
            }
        }
        return d.toString();
    }

    private static void points(StringBuilder d, double[] c, int count) {
        for (int i = 0; i < count; i++) {
            d.append(i == 0 ? "" : " ").append(number(c[i]));
        }
    }

    /** Hundredths are finer than what one sees. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceFirst("\\.?0+$", "");
    }

    @Override
    public void drawString(String text, float x, float y) {
        if (!text.isEmpty()) {
            fill(new TextLayout(text, font, getFontRenderContext())
                    .getOutline(AffineTransform.getTranslateInstance(x, y)));
        }
    }

    @Override
    public void drawString(String text, int x, int y) {
        drawString(text, (float) x, (float) y);
    }

    @Override
    public void drawString(AttributedCharacterIterator text, int x, int y) {
        drawString(text, (float) x, (float) y);
    }

    @Override
    public void drawString(AttributedCharacterIterator text, float x, float y) {
        fill(new TextLayout(text, getFontRenderContext()).getOutline(AffineTransform.getTranslateInstance(x, y)));
    }

    @Override
    public void drawGlyphVector(GlyphVector glyphs, float x, float y) {
        fill(glyphs.getOutline(x, y));
    }

    @Override
    public void drawLine(int x1, int y1, int x2, int y2) {
        draw(new Line2D.Float(x1, y1, x2, y2));
    }

    @Override
    public void fillRect(int x, int y, int width, int height) {
        fill(new Rectangle(x, y, width, height));
    }

    @Override
    public void clearRect(int x, int y, int width, int height) {
        Color ink = color;
        color = background;
        fillRect(x, y, width, height);
        color = ink;
    }

    @Override
    public void drawRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
        draw(new RoundRectangle2D.Float(x, y, width, height, arcWidth, arcHeight));
    }

    @Override
    public void fillRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
        fill(new RoundRectangle2D.Float(x, y, width, height, arcWidth, arcHeight));
    }

    @Override
    public void drawOval(int x, int y, int width, int height) {
        draw(new Ellipse2D.Float(x, y, width, height));
    }

    @Override
    public void fillOval(int x, int y, int width, int height) {
        fill(new Ellipse2D.Float(x, y, width, height));
    }

    @Override
    public void drawArc(int x, int y, int width, int height, int start, int extent) {
        draw(new Arc2D.Float(x, y, width, height, start, extent, Arc2D.OPEN));
    }

    @Override
    public void fillArc(int x, int y, int width, int height, int start, int extent) {
        fill(new Arc2D.Float(x, y, width, height, start, extent, Arc2D.PIE));
    }

    @Override
    public void drawPolyline(int[] xs, int[] ys, int count) {
        Path2D path = new Path2D.Float();
        for (int i = 0; i < count; i++) {
            if (i == 0) {
                path.moveTo(xs[i], ys[i]);
            } else {
                path.lineTo(xs[i], ys[i]);
            }
        }
        draw(path);
    }

    @Override
    public void drawPolygon(int[] xs, int[] ys, int count) {
        draw(new Polygon(xs, ys, count));
    }

    @Override
    public void fillPolygon(int[] xs, int[] ys, int count) {
        fill(new Polygon(xs, ys, count));
    }

    @Override
    public boolean hit(Rectangle rectangle, Shape shape, boolean onStroke) {
        Shape drawn = onStroke ? stroke.createStrokedShape(shape) : shape;
        return transform.createTransformedShape(drawn).intersects(rectangle);
    }
}
