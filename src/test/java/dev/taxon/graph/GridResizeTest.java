package dev.taxon.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Against PyTorch's interpolate; files and formula: scripts/golden/pos_embed.py. */
class GridResizeTest {
    @Test
    void resizesAsPyTorch() {
        List<?> cases = (List<?>) Golden.json("weights/pos_embed.json").get("cases");
        assertTrue(cases.size() >= 12);
        for (Object item : cases) {
            List<?> c = (List<?>) item;
            GridResize.Mode mode = GridResize.Mode.valueOf(c.get(0).toString().toUpperCase(Locale.ROOT));
            double[] from = Golden.doubles(c.get(1));
            double[] to = Golden.doubles(c.get(2));
            GridResize resize = new GridResize((int) from[0], (int) from[1], (int) to[0], (int) to[1], mode);
            double[] matrix = resize.matrix();
            double[] values = new double[resize.to()];
            for (int i = 0; i < matrix.length; i++) {
                int at = i % resize.from();
                values[i / resize.from()] += matrix[i] * (Math.sin(0.7 * at) + at / 50.0);
            }
            assertArrayEquals(Golden.doubles(c.get(3)), values, 1e-12, resize.toString());
        }
    }

    @Test
    void sameSizeIsTheIdentity() {
        GridResize resize = new GridResize(2, 2, 2, 2, GridResize.Mode.BICUBIC);
        assertTrue(resize.isIdentity());
        assertArrayEquals(new double[] {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, resize.matrix(), 1e-15);
    }
}
