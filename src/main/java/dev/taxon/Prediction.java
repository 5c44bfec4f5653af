package dev.taxon;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The class of one image.
 *
 * @param label class index
 * @param score its softmax probability
 * @param className its name
 */
public record Prediction(int label, float score, String className) {
    /** With mmcls's keys {@code pred_label}, {@code pred_score}, {@code pred_class}. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("pred_label", label);
        map.put("pred_score", score);
        map.put("pred_class", className);
        return map;
    }
}
