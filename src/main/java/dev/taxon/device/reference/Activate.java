package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Layer.Activation.LeakyRelu;
import dev.taxon.graph.Layer.Activation.Simple;

/** y = f(x), dx = dy · f'(x). At a kink the slope is PyTorch's. */
record Activate(Function function, Variable x, Variable y) implements Op {
    private static final double SQRT_TWO = Math.sqrt(2);
    private static final double SQRT_PI = Math.sqrt(Math.PI);

    @Override
    public void forward(Draw draw) {
        for (int i = 0; i < y.value.length; i++) {
            y.value[i] = value(x.value[i]);
        }
    }

    @Override
    public void backward() {
        if (x.gradient == null || y.gradient == null) {
            return;
        }
        for (int i = 0; i < y.gradient.length; i++) {
            x.gradient[i] += y.gradient[i] * slope(x.value[i]);
        }
    }

    private double value(double x) {
        return switch (function) {
            case Simple simple ->
                switch (simple) {
                    case RELU -> Math.max(0, x);
                    case RELU6 -> Math.clamp(x, 0, 6);
                    case TANH -> Math.tanh(x);
                    case SIGMOID -> sigmoid(x);
                    case HSWISH -> x * Math.clamp(x + 3, 0, 6) / 6;
                    case SWISH -> x * sigmoid(x);
                    case GELU -> x * normal(x);
                };
            case LeakyRelu f -> x > 0 ? x : f.negativeSlope() * x;
            case HardSigmoid f -> Math.clamp((x + f.bias()) / f.divisor(), f.min(), f.max());
        };
    }

    private double slope(double x) {
        return switch (function) {
            case Simple simple ->
                switch (simple) {
                    case RELU -> x > 0 ? 1 : 0;
                    case RELU6 -> x > 0 && x < 6 ? 1 : 0;
                    case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
                    case SIGMOID -> sigmoid(x) * (1 - sigmoid(x));
                    case HSWISH -> x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1;
                    case SWISH -> sigmoid(x) * (1 + x * (1 - sigmoid(x)));
                    case GELU -> normal(x) + x * Math.exp(-x * x / 2) / (SQRT_TWO * SQRT_PI);
                };
            case LeakyRelu f -> x > 0 ? 1 : f.negativeSlope();
            case HardSigmoid f -> {
                double line = (x + f.bias()) / f.divisor();
                yield line >= f.min() && line <= f.max() ? 1 / f.divisor() : 0;
            }
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Φ(x) = (1 + erf(x/√2))/2. */
    private static double normal(double x) {
        return (1 + erf(x / SQRT_TWO)) / 2;
    }

    /** erf z = 2/√π · exp(−z²) · Σ 2ⁿ z²ⁿ⁺¹ / (1·3·…·(2n + 1)), whose terms have one sign (Abramowitz and Stegun 7.1.6). */
    private static double erf(double z) {
        if (Math.abs(z) > 6) {
            return Math.signum(z); // the rest is below 2e-17
        }
        double term = z;
        double sum = z;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * z * z / (2 * n + 1);
            sum += term;
        }
        return 2 / SQRT_PI * Math.exp(-z * z) * sum;
    }
}
