package dev.taxon.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.report.PythonJson;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the learning rates that mmcv gave: 12 epochs of 10 iterations, base 0.1. */
class ScheduleTest {
    private static final int ITERS = 10;

    private static Schedule read(String lrConfig) {
        return Schedule.read(
                Config.parse("lr_config = " + lrConfig, "test.py").fields().dict("lr_config"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"step", "step_int_gamma", "step_warm_lin", "fixed"})
    void everyRateIsMmcvs(String name) {
        Map<?, ?> golden = (Map<?, ?>) Golden.json("mmcls/lr_curves.json").get(name);
        Schedule schedule =
                read(PythonJson.dumps(golden.get("cfg")).replace("true", "True").replace("null", "None"));
        double[] expected = Golden.doubles(golden.get("lr"));
        for (int i = 0; i < expected.length; i++) {
            double got = schedule.lr(0.1, i / ITERS, i, ITERS);
            assertEquals(
                    expected[i],
                    got,
                    Math.ulp(expected[i]) * 4,
                    "iteration " + i); // pow and powf chains differ in the last bits
        }
    }

    @Test
    void anUnknownPolicyIsRefusedWithItsPlace() {
        UserError e = assertThrows(UserError.class, () -> read("dict(policy='stpe', step=[1])"));
        assertTrue(e.getMessage().startsWith("test.py:1:"), e.getMessage());
    }
}
