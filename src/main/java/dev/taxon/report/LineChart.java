package dev.taxon.report;

import dev.taxon.UserError;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.Styler.YAxisPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Curves over one horizontal axis, as a PNG file. */
public final class LineChart {
    private static final List<Color> COLORS = List.of(new Color(0x1F77B4), new Color(0xD95F02));

    private final XYChart chart;

    /**
     * An empty chart.
     *
     * @param width in pixels
     */
    public LineChart(String title, String xTitle, int width, int height) {
        chart = new XYChartBuilder()
                .title(title)
                .xAxisTitle(xTitle)
                .width(width)
                .height(height)
                .build();
        chart.getStyler()
                .setChartBackgroundColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendBorderColor(Color.WHITE);
        chart.getStyler().setPlotGridLinesColor(new Color(0xDDDDDD)).setPlotBorderVisible(false);
        chart.getStyler().setXAxisDecimalPattern("#,##0.##").setYAxisDecimalPattern("0.######");
    }

    /**
     * Adds a curve with a vertical axis of its own: the first on the left, the second on the right.
     *
     * @param y as many values as {@code x}
     */
    public void add(String name, double[] x, double[] y) {
        int axis = chart.getSeriesCollection().size();
        chart.getStyler().setXAxisMin(x[0]).setXAxisMax(Math.ceil(x[x.length - 1]));
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(COLORS.get(axis % COLORS.size()));
        series.setLineWidth(2);
        series.setYAxisGroup(axis);
        chart.setYAxisGroupTitle(axis, name);
        chart.getStyler().setYAxisGroupPosition(axis, axis == 0 ? YAxisPosition.Left : YAxisPosition.Right);
    }

    /** Writes the chart. @throws UserError if the file cannot be written */
    public void png(Path file) {
        BufferedImage image = new BufferedImage(chart.getWidth(), chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.dispose();
        try (OutputStream out = Files.newOutputStream(file)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw UserError.of("%s cannot be written: %s", file, e);
        }
    }
}
