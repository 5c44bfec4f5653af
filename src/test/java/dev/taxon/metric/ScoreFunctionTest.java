package dev.taxon.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class ScoreFunctionTest {
    @Test
    void aSigmoidTakesEachClassForItself() {
        float[] logits = {0, (float) Math.log(3), -1000, 1000};
        assertArrayEquals(new float[] {0.5f, 0.75f, 0, 1}, ScoreFunction.SIGMOID.apply(logits, 2), 1e-7f);
    }

    @Test
    void aSoftmaxSharesOneAmongTheClasses() {
        float[] logits = {0, (float) Math.log(3), -1000, 1000};
        assertArrayEquals(new float[] {0.25f, 0.75f, 0, 1}, ScoreFunction.SOFTMAX.apply(logits, 2), 1e-7f);
    }
}
