package dev.taxon.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Panels below each other, one a quantity, with a curve for each run in the colour of the run.
 *
 * @param title above all, or null
 * @param xTitle of the axis that all panels share
 */
public record CurvePanels(@Nullable String title, String xTitle, List<Panel> panels) {
    private static final List<Color> COLORS = List.of(
            new Color(0x1F77B4),
            new Color(0xD95F02),
            new Color(0x2E8B57),
            new Color(0xC2185B),
            new Color(0x7B52AB),
            new Color(0x8D6E2F),
            new Color(0x17A2B8),
            new Color(0x6B7280));
    private static final int FEW = 60; // points that get a dot each

    /** A quantity and its curves. */
    public record Panel(String name, List<Curve> curves) {}

    /**
     * One run's values.
     *
     * @param color number of the run: same number, same colour
     * @param y as many as {@code x}
     */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    public record Curve(String name, int color, double[] x, double[] y) {}

    /**
     * Writes a .png, .jpg or .svg file.
     *
     * @param width of the picture in pixels
     * @throws dev.taxon.UserError if it cannot be written
     */
    public void write(Path file, int width, int height) {
        double min = panels.stream()
                .flatMap(p -> p.curves.stream())
                .mapToDouble(c -> c.x[0])
                .min()
                .orElse(0);
        double max = panels.stream()
                .flatMap(p -> p.curves.stream())
                .mapToDouble(c -> c.x[c.x.length - 1])
                .max()
                .orElse(1);
        CurveLegend legend = CurveLegend.of(this, width);
        int plots = height - legend.height();
        new Drawing(width, height, g -> {
                    paint(g, width, plots, Math.min(0, min), Math.max(max, min + 1));
                    legend.paint(g, plots);
                })
                .write(file);
    }

    static Color color(Curve curve) {
        return COLORS.get(curve.color % COLORS.size());
    }

    private void paint(Graphics2D g, int width, int height, double min, double max) {
        AffineTransform origin = g.getTransform();
        for (int i = 0; i < panels.size(); i++) {
            int top = height * i / panels.size();
            int bottom = height * (i + 1) / panels.size();
            XYChart chart = chart(panels.get(i), i, width, bottom - top);
            chart.getStyler().setXAxisMin(min).setXAxisMax(max);
            g.setTransform(origin);
            g.translate(0, top);
            chart.paint(g, width, bottom - top);
        }
        g.setTransform(origin);
    }

    private XYChart chart(Panel panel, int index, int width, int height) {
        XYChart chart = new XYChartBuilder()
                .title(index == 0 && title != null ? title : "")
                .xAxisTitle(index == panels.size() - 1 ? xTitle : "")
                .yAxisTitle(panel.name)
                .width(width)
                .height(height)
                .build();
        chart.getStyler()
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitleVisible(index == 0 && title != null)
                .setLegendVisible(false);
        chart.getStyler().setPlotGridLinesColor(new Color(0xE4E4E4)).setPlotBorderVisible(false);
        chart.getStyler().setXAxisDecimalPattern("#,##0.##").setYAxisDecimalPattern("0.######");
        for (Curve curve : panel.curves) {
            XYSeries series = chart.addSeries(curve.name, curve.x, curve.y);
            Color color = color(curve);
            series.setLineColor(color).setLineWidth(1.6f);
            series.setMarkerColor(color);
            series.setMarker(curve.x.length <= FEW ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        }
        chart.getStyler().setMarkerSize(5);
        return chart;
    }
}
