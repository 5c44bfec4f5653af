package dev.taxon.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of mmcv's DefaultOptimizerConstructor, by hand. Base rate 1, base decay 0.5. */
class ParamwiseTest {
    private static final Graph GRAPH = graph();

    /** A frozen stem, a depthwise convolution with bias, batch norm, and a linear layer. */
    private static Graph graph() {
        GraphBuilder builder = new GraphBuilder();
        Scope backbone = builder.root().child("backbone");
        Node x = builder.input(Shape.of(2, 4, 4));
        Kernel2d one = Kernel2d.square(1, 1, 0);
        x = backbone.child("stem").freeze().conv2d(x, new Layer.Conv2d(2, 4, one, 1, false));
        x = backbone.child("dw").conv2d(x, new Layer.Conv2d(4, 4, one, 4, true));
        x = backbone.child("bn").batchNorm2d(x, new Layer.BatchNorm2d(4, 1e-5, 0.1, false));
        x = backbone.child("gap").apply(new Layer.GlobalAvgPool(), x);
        return builder.build(builder.root().child("head").child("fc").linear(x, new Layer.Linear(4, 2, true)));
    }

    private static Optimizer read(String decay, String paramwise) {
        String config = "optimizer = dict(type='SGD', lr=1, %s paramwise_cfg=%s)".formatted(decay, paramwise);
        return Optimizer.read(Config.parse(config, "test.py").fields().dict("optimizer"));
    }

    /** Group by group in registration order, such as {@code lr 2.0 | decay 0.0}; what the rules leave alone is absent. */
    private static List<String> changes(String paramwise) {
        List<String> all = new ArrayList<>();
        List<ParamGroup> groups = ParamGroup.of(GRAPH, read("weight_decay=0.5,", paramwise));
        for (int i = 0; i < groups.size(); i++) {
            ParamGroup g = groups.get(i);
            assertEquals(List.of(i), g.params());
            all.add((g.ownLr() ? "lr " + g.lr() : "") + (g.ownDecay() ? " decay " + g.weightDecay() : ""));
        }
        return all;
    }

    // stem.weight, dw.weight, dw.bias, bn.weight, bn.bias, fc.weight, fc.bias
    @Test
    void multipliersReachTheirParameters() {
        assertEquals(
                List.of("", " decay 0.5", "lr 1.0 decay 0.5", " decay 0.0", " decay 0.0", "", "lr 1.0 decay 0.5"),
                changes("dict(norm_decay_mult=0)"));
        assertEquals(
                List.of("", " decay 0.5", "lr 2.0 decay 0.5", " decay 0.5", " decay 0.5", "", "lr 2.0 decay 0.0"),
                changes("dict(bias_lr_mult=2, bias_decay_mult=0.)"));
        assertEquals(
                List.of("", " decay 0.125", "lr 1.0 decay 0.125", " decay 0.5", " decay 0.5", "", "lr 1.0 decay 0.5"),
                changes("dict(dwconv_decay_mult=0.25)"));
    }

    /** The longest key wins, then the alphabet; other rules do not apply; the frozen stem is left alone. */
    @Test
    void customKeysGoBeforeAllElse() {
        assertEquals(
                List.of(
                        "",
                        "lr 0.1 decay 0.5",
                        "lr 0.1 decay 0.5",
                        "lr 3.0 decay 1.0",
                        "lr 3.0 decay 1.0",
                        "",
                        "lr 1.0 decay 0.0"),
                changes("dict(bias_decay_mult=0, custom_keys={'backbone': dict(lr_mult=0.1),"
                        + " 'backbone.b': dict(lr_mult=3, decay_mult=2)})"));
    }

    @Test
    void withoutOptionsThereIsOneGroup() {
        List<ParamGroup> groups = ParamGroup.of(GRAPH, read("weight_decay=0.5,", "dict()"));
        assertEquals(List.of(new ParamGroup(1, 0.5, false, false, List.of(0, 1, 2, 3, 4, 5, 6))), groups);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dict(norm_decay_mult=0)                          | norm_decay_mult needs optimizer.weight_decay
            dict(custom_keys={'bn': dict(decay_mult=0)})     | needs optimizer.weight_decay
            dict(norm_decay_mul=0)                           | did you mean 'norm_decay_mult'?
            dict(custom_keys={'bn': dict(lr_mul=0)})         | did you mean 'lr_mult'?
            """)
    void mistakesAreSentences(String paramwise, String because) {
        UserError e = assertThrows(UserError.class, () -> read("", paramwise));
        assertTrue(e.getMessage().startsWith("test.py:1:"), e.getMessage());
        assertTrue(e.getMessage().contains(because), e.getMessage());
    }
}
