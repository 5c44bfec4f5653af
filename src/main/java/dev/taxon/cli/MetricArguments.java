package dev.taxon.cli;

import dev.taxon.metric.MetricOptions;
import dev.taxon.metric.Metrics;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which metrics a command computes, and how. */
final class MetricArguments {
    @Option(
            names = "--metrics",
            arity = "1..*",
            paramLabel = "NAME",
            description = {
                "accuracy, precision, recall, f1_score, support;",
                "balanced_accuracy, per_class_accuracy, confusion_matrix;",
                "ece (calibration error), loss (cross entropy);",
                "with several labels: mAP, CP, CR, CF1, OP, OR, OF1, loss"
            })
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--metric-options",
            arity = "1..*",
            paramLabel = "KEY=VALUE",
            description = {
                "topk=1,5: accuracies; topk=3: just one, under the key 'accuracy';",
                "thrs=0.5,0.9: only scores above count;",
                "average_mode=none: precision, recall, f1_score, support by class;",
                "with several labels: thr=0.5: scores from it on are predictions,",
                "or k=3: the highest 3 are;",
                "ece_bins=15"
            })
    private List<String> options = new ArrayList<>();

    /** What is asked for. @throws dev.taxon.UserError for an unknown name */
    List<String> names() {
        Metrics.check(names);
        return names;
    }

    /** How. @throws dev.taxon.UserError for an unknown key or a bad value */
    MetricOptions options() {
        return MetricOptions.of(options);
    }
}
