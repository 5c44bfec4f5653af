package dev.taxon.metric;

import java.util.List;
import java.util.Map;

/**
 * Expected calibration error: how far the scores of the predictions are from the share of them that are right, averaged
 * over bins of equal width (lower, upper] by their number of samples. Source: Guo et al., On Calibration of Modern Neural
 * Networks, 2017, equation 3; in percent here.
 */
record CalibrationError() implements Metric {
    @Override
    public List<String> names() {
        return List.of("ece");
    }

    @Override
    public void evaluate(Scores scores, List<String> asked, MetricOptions options, Map<String, Object> out) {
        int bins = options.eceBins();
        double[] confidence = new double[bins];
        double[] right = new double[bins];
        for (int i = 0; i < scores.count(); i++) {
            int prediction = scores.predicted(i);
            double score = scores.score(i, prediction);
            int bin = Math.clamp((int) Math.ceil(score * bins) - 1, 0, bins - 1);
            confidence[bin] += score;
            right[bin] += prediction == scores.label(i) ? 1 : 0;
        }
        double error = 0;
        for (int b = 0; b < bins; b++) {
            error += Math.abs(right[b] - confidence[b]);
        }
        out.put("ece", 100 * error / scores.count());
    }
}
