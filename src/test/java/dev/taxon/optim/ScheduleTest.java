package dev.taxon.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.report.PythonJson;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the learning rates that mmcv gave: 12 epochs of 10 iterations, base 0.1. */
class ScheduleTest {
    private static final int ITERS = 10;

    private static final int EPOCHS = 12;

    private static Schedule momentum(String config) {
        Schedule schedule = Schedule.readMomentum(
                Config.parse("momentum_config = " + config, "test.py").fields().dict("momentum_config"), true);
        assertNotNull(schedule);
        return schedule;
    }

    private static Schedule read(String lrConfig) {
        return Schedule.read(
                Config.parse("lr_config = " + lrConfig, "test.py").fields().dict("lr_config"));
    }

    static Stream<String> golden() {
        return Golden.json("mmcls/lr_curves.json").keySet().stream().map(String::valueOf);
    }

    private static Moment moment(int iter) {
        return new Moment(iter / ITERS, EPOCHS, iter, (long) EPOCHS * ITERS, ITERS);
    }

    private static double[] curve(Schedule schedule, double own) {
        double base = schedule.base(own);
        return IntStream.range(0, EPOCHS * ITERS)
                .mapToDouble(i -> schedule.value(base, moment(i)))
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void everyRateIsMmcvs(String name) {
        Map<?, ?> golden = (Map<?, ?>) Golden.json("mmcls/lr_curves.json").get(name);
        double[] expected = Golden.doubles(golden.get("lr"));
        double[] got = curve(read(python(golden.get("cfg"))), 0.1);
        assertEquals(expected.length, got.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], got[i], 1e-6 + 1e-6 * Math.abs(expected[i]), "iteration " + i);
        }
    }

    private static String python(@Nullable Object config) {
        return PythonJson.dumps(config)
                .replace("true", "True")
                .replace("false", "False")
                .replace("null", "None");
    }

    /** Three phases of 36, 36 and 48 iterations, and linear pieces, by hand. */
    @Test
    void oneCycleGoesUpAndDown() {
        double[] lr =
                curve(read("dict(policy='OneCycle', max_lr=2.5, three_phase=True, anneal_strategy='linear')"), 0.1);
        assertEquals(0.1, lr[0], 1e-12);
        assertEquals(2.5, lr[35], 1e-12);
        assertEquals(0.1, lr[70], 1e-12);
        assertEquals(1e-5, lr[119], 1e-12);
        double[] momentum = curve(momentum("dict(policy='OneCycle', anneal_strategy='linear')"), 0.9);
        assertEquals(0.95, momentum[0], 1e-12);
        assertEquals(0.85, momentum[35], 1e-12);
        assertEquals(0.95, momentum[119], 1e-12);
    }

    /** Two cycles of 60 iterations, 24 up; the second swings half as far. */
    @Test
    void cyclesShrink() {
        double[] lr = curve(
                read(
                        "dict(policy='cyclic', target_ratio=(3, 0.5), cyclic_times=2, gamma=0.5, anneal_strategy='linear')"),
                1);
        assertEquals(1, lr[0], 1e-12);
        assertEquals(2, lr[12], 1e-12);
        assertEquals(3, lr[24], 1e-12);
        assertEquals(1, lr[60], 1e-12);
        assertEquals(2, lr[84], 1e-12);
    }

    /** A momentum is divided by the warm-up factor; by default it starts at 1/0.9 of its value. */
    @Test
    void momentumWarmsUpFromAbove() {
        double[] m = curve(momentum("dict(policy='step', step=[6], warmup='linear', warmup_iters=10)"), 0.9);
        assertEquals(1.0, m[0], 1e-12);
        assertEquals(0.9, m[10], 1e-12);
        assertEquals(0.45, m[60], 1e-12);
        double[] cosine = curve(momentum("dict(policy='CosineAnnealing', min_momentum_ratio=0.5)"), 0.9);
        assertEquals(0.675, cosine[60], 1e-12);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dict(policy='stp', step=[1])                                      | did you mean 'Step'?
            dict(policy='cosineannealing', min_lr=0)                          | did you mean 'CosineAnnealing'?
            dict(policy='CosineAnnealing')                                    | exactly one of min_lr and min_lr_ratio
            dict(policy='CosineAnnealing', min_lr=0, min_lr_ratio=1)          | got both
            dict(policy='CosineAnnealing', min_lr=0, warmup_iter=5)           | did you mean 'warmup_iters'?
            dict(policy='step', step=[])                                      | step must be a positive number
            dict(policy='step', step=[3], warmup='cosine')                    | warmup must be
            dict(policy='step', step=[3], warmup='exp')                       | warmup_iters must be positive
            dict(policy='cyclic', by_epoch=True)                              | goes by iterations
            dict(policy='CosineRestart', periods=[3], restart_weights=[1, 2], min_lr=0) | same length
            dict(policy='OneCycle', max_lr=1, pct_start=2)                    | pct_start must be between
            """)
    void mistakesAreSentencesWithTheirPlace(String config, String because) {
        UserError e = assertThrows(UserError.class, () -> read(config));
        assertTrue(e.getMessage().startsWith("test.py:1:"), e.getMessage());
        assertTrue(e.getMessage().contains(because), e.getMessage());
    }

    @Test
    void aScheduleShorterThanTheRunIsRefused() {
        Schedule periods = read("dict(policy='CosineRestart', periods=[4], min_lr=0)");
        UserError e = assertThrows(UserError.class, () -> curve(periods, 0.1));
        assertTrue(e.getMessage().contains("periods sum to 4"), e.getMessage());
        Schedule steps = read("dict(policy='OneCycle', max_lr=1, total_steps=100)");
        assertThrows(UserError.class, () -> curve(steps, 0.1));
    }
}
