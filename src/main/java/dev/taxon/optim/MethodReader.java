package dev.taxon.optim;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import java.util.List;

/** Reads an optimizer's hyperparameters; names and defaults are torch.optim's, Lamb's are mmcls's. */
final class MethodReader {
    private static final List<String> KNOWN = List.of(
            "SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "ASGD", "Lamb");

    private final Fields f;

    private MethodReader(Fields f) {
        this.f = f;
    }

    static Method read(Fields f) {
        String type = f.text("type");
        MethodReader reader = new MethodReader(f);
        try {
            f.ignore("foreach", "capturable", "differentiable", "fused"); // how PyTorch computes, not what
            if (f.bool("maximize", false)) {
                throw f.error("maximize", "must be False: a loss is made smaller");
            }
            return reader.method(type);
        } catch (UserError e) { // what a record refuses gets the place of the dict
            String message = String.valueOf(e.getMessage());
            throw message.startsWith("optimizer.")
                    ? UserError.of("%s: %s", f.dict().at(), message)
                    : e;
        }
    }

    private Method method(String type) {
        return switch (type) {
            case "SGD" ->
                new Sgd(
                        positive("lr"),
                        positive("momentum", 0),
                        f.real("dampening", 0),
                        weightDecay(0),
                        f.bool("nesterov", false));
            case "Adam", "AdamW" -> {
                boolean decoupled = type.equals("AdamW");
                yield new Adam(
                        positive("lr", 1e-3),
                        betas(),
                        eps(1e-8),
                        weightDecay(decoupled ? 0.01 : 0),
                        f.bool("amsgrad", false),
                        decoupled);
            }
            case "RMSprop" ->
                new RmsProp(
                        positive("lr", 0.01),
                        positive("momentum", 0),
                        positive("alpha", 0.99),
                        eps(1e-8),
                        f.bool("centered", false),
                        weightDecay(0));
            case "Adagrad" ->
                new Adagrad(
                        positive("lr", 0.01),
                        positive("lr_decay", 0),
                        eps(1e-10),
                        weightDecay(0),
                        positive("initial_accumulator_value", 0));
            case "Adadelta" -> new Adadelta(positive("lr", 1), fraction("rho", 0.9), eps(1e-6), weightDecay(0));
            case "Adamax" -> new Adamax(positive("lr", 2e-3), betas(), eps(1e-8), weightDecay(0));
            case "NAdam" ->
                new NAdam(positive("lr", 2e-3), betas(), eps(1e-8), weightDecay(0), positive("momentum_decay", 4e-3));
            case "RAdam" -> new RAdam(positive("lr", 1e-3), betas(), eps(1e-8), weightDecay(0));
            case "ASGD" ->
                new Asgd(
                        positive("lr", 0.01),
                        f.real("lambd", 1e-4),
                        f.real("alpha", 0.75),
                        f.real("t0", 1e6),
                        weightDecay(0));
            case "Lamb" -> lamb();
            default ->
                throw f.error("type", "'%s' is not supported; %s".formatted(type, Nearest.suggestion(type, KNOWN)));
        };
    }

    private Method lamb() {
        return new Lamb(
                positive("lr", 1e-3),
                f.bool("bias_correction", true),
                betas(),
                eps(1e-6),
                weightDecay(0.01),
                f.bool("grad_averaging", true),
                positive("max_grad_norm", 1),
                f.bool("trust_clip", false),
                f.bool("always_adapt", false));
    }

    private Betas betas() {
        List<Double> betas = f.reals("betas", List.of(0.9, 0.999));
        if (betas.size() != 2) {
            throw f.error("betas", "must be two numbers, got " + betas.size());
        }
        return new Betas(betas.getFirst(), betas.getLast());
    }

    private double eps(double otherwise) {
        return positive("eps", otherwise);
    }

    private double weightDecay(double otherwise) {
        return positive("weight_decay", otherwise);
    }

    private double fraction(String key, double otherwise) {
        double value = f.real(key, otherwise);
        if (!(value >= 0 && value <= 1)) {
            throw f.error(key, "must be between 0 and 1, got " + value);
        }
        return value;
    }

    private double positive(String key, double otherwise) {
        return f.has(key) ? positive(key) : otherwise;
    }

    /** Zero or more, as PyTorch asks. */
    private double positive(String key) {
        double value = f.real(key);
        if (!(value >= 0)) {
            throw f.error(key, "must not be negative, got " + value);
        }
        return value;
    }
}
