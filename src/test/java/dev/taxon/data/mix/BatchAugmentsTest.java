package dev.taxon.data.mix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.Configs;
import dev.taxon.data.Npz;
import dev.taxon.data.dataset.Labels;
import dev.taxon.data.mix.Plan.Box;
import dev.taxon.device.InputSpec;
import dev.taxon.device.InputSpec.Layout;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchAugmentsTest {
    private static BatchAugments read(Object... keysAndValues) {
        return BatchAugments.read(Configs.fields(keysAndValues));
    }

    private static String error(Object... keysAndValues) {
        return String.valueOf(
                assertThrows(UserError.class, () -> read(keysAndValues)).getMessage());
    }

    @Test
    void bothFormsOfTrainCfgAreRead() {
        var mixup = new BatchAugment.Mixup(0.2);
        var cutmix = new BatchAugment.CutMix(1, new BoxRule(List.of(), true));
        var identity = new BatchAugment.Identity();
        assertSame(BatchAugments.NONE, BatchAugments.read(null));
        assertSame(BatchAugments.NONE, read());
        assertEquals(
                new BatchAugments(List.of(new BatchAugments.Choice(mixup, 1)), 10),
                read("mixup", Configs.dict("alpha", 0.2, "num_classes", 10)));
        assertEquals(
                new BatchAugments(
                        List.of(new BatchAugments.Choice(cutmix, 0.5), new BatchAugments.Choice(identity, 0.5)), 10),
                read("cutmix", Configs.dict("alpha", 1, "num_classes", 10, "cutmix_prob", 0.5)));
        BatchAugments both = read(
                "augments",
                List.of(
                        Configs.dict("type", "BatchMixup", "alpha", 0.2, "num_classes", 10, "prob", 0.3),
                        Configs.dict("type", "BatchCutMix", "alpha", 1.0, "num_classes", 10, "prob", 0.5),
                        Configs.dict("type", "Identity", "num_classes", 10, "prob", 0.2)));
        assertEquals(3, both.choices().size());
        assertTrue(both.soft());
        assertFalse(BatchAugments.NONE.soft());
    }

    @Test
    void wrongTrainCfgsAreOneSentence() {
        assertEquals(
                "c.py:1:1: data.train.augments.type names no batch augment: 'BatchMixUp'; did you mean 'BatchMixup'?",
                error("augments", Configs.dict("type", "BatchMixUp", "num_classes", 3)));
        assertEquals(
                "c.py:1:1: data.train.augments must have probabilities (prob) that sum to at most 1, got 2.0",
                error(
                        "augments",
                        List.of(
                                Configs.dict("type", "BatchMixup", "alpha", 1, "num_classes", 3),
                                Configs.dict("type", "BatchMixup", "alpha", 1, "num_classes", 3))));
        assertEquals(
                "c.py:2:1: data.train.augments.1.num_classes must be the same positive number in all augments, got 4",
                error(
                        "augments",
                        List.of(
                                Configs.dict("type", "Identity", "num_classes", 3, "prob", 0.5),
                                Configs.dict("type", "Identity", "num_classes", 4, "prob", 0.5))));
        assertEquals(
                "c.py:1:1: data.train has more than one of augments, mixup and cutmix; list them all in augments",
                error("mixup", Configs.dict("alpha", 1), "cutmix", Configs.dict("alpha", 1)));
        assertEquals(
                "c.py:1:1: unknown key 'mixupp' in data.train; did you mean 'mixup'?",
                error("mixupp", Configs.dict("alpha", 1)));
        assertEquals(
                "c.py:1:1: data.train.mixup.alpha must be positive, got 0.0",
                error("mixup", Configs.dict("alpha", 0, "num_classes", 3)));
    }

    @Test
    void choicesComeAsOftenAsTheySay() {
        BatchAugments augments = read(
                "augments",
                List.of(
                        Configs.dict("type", "BatchMixup", "alpha", 0.8, "num_classes", 10, "prob", 0.3),
                        Configs.dict("type", "BatchCutMix", "alpha", 1.0, "num_classes", 10, "prob", 0.5)));
        int[] counts = new int[3];
        double lambda = 0;
        for (int seed = 0; seed < 4000; seed++) {
            Plan plan = augments.draw(32, 32, new Rng(seed, 0));
            counts[
                    switch (plan) {
                        case Plan.Blend p -> 0;
                        case Plan.Paste p -> 1;
                        case Plan.Keep p -> 2;
                    }]++;
            lambda += plan instanceof Plan.Blend ? plan.lambda() : 0;
        }
        assertEquals(1200, counts[0], 100);
        assertEquals(2000, counts[1], 100);
        assertEquals(800, counts[2], 100);
        assertEquals(0.5, lambda / counts[0], 0.03);
    }

    @Test
    void resizeMixStretchesLambdaAndMinMaxBoundsTheBox() {
        var resize = new BatchAugment.ResizeMix(1, new BoxRule(List.of(), false), 0.1, 0.8, Resampling.BILINEAR);
        var cut = new BatchAugment.CutMix(1, new BoxRule(List.of(0.25, 0.5), false));
        for (int seed = 0; seed < 1000; seed++) {
            double lambda = resize.draw(32, 40, new Rng(seed, 0)).lambda();
            assertTrue(lambda >= 0.1 && lambda <= 0.8);
            Plan plan = cut.draw(32, 40, new Rng(seed, 0));
            Box box = ((Plan.Paste) plan).box();
            assertTrue(box.height() >= 8 && box.height() < 16 && box.width() >= 10 && box.width() < 20);
            assertTrue(box.top() >= 0 && box.bottom() <= 32 && box.left() >= 0 && box.right() <= 40);
            assertEquals(1 - box.height() * box.width() / (32 * 40.0), plan.lambda(), 1e-12);
        }
    }

    @Test
    void labelsBecomeSharesOfBothSamples() {
        float[] golden =
                Npz.read("/golden/mix/mix.npz").get("targets_0.3").toFloats().pixels();
        Labels labels = new Labels.SingleLabel(new int[] {1, 0, 2, 1});
        int[] all = {0, 1, 2, 3};
        int[] order = {2, 0, 3, 1};
        float[] expected = new float[16];
        SoftBatch.targets(labels, all, order, 0.3, 4, expected);
        assertArrayEquals(golden, expected);
        var spec = new InputSpec(4, Shape.of(1, 2, 2), Layout.NHWC);
        var soft = new SoftBatch(BatchAugments.oneHot(3), spec, labels);
        float[] data = {1, 2, 3, 4, 5, 6, 7, 8};
        float[] rows = soft.mix(MemorySegment.ofArray(data), new int[] {2, 1, 0, 0}, 2, new Rng(1, 1));
        assertArrayEquals(new float[] {0, 0, 1, 1, 0, 0}, rows);
        assertEquals("[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]", Arrays.toString(data));
    }

    @Test
    void severalLabelsMixAsRows() {
        Labels labels = new Labels.MultiLabel(new byte[] {1, 0, Labels.DIFFICULT, 0, 1, 1}, 3);
        float[] rows = new float[6];
        SoftBatch.targets(labels, new int[] {1, 0}, new int[] {1, 0}, 0.75, 3, rows);
        assertArrayEquals(new float[] {0.25f, 0.75f, 1, 0.75f, 0.25f, 1}, rows);
    }
}
