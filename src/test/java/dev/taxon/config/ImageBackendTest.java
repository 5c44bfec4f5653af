package dev.taxon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageBackendTest {
    private static final Config CONFIG = Config.parse("""
            taxon = dict(image_backend='pillow')
            load = dict(type='LoadImageFromFile')
            own = dict(type='LoadImageFromFile', imdecode_backend='cv2')
            data = dict(train=dict(pipeline=[load, dict(type='Resize', size=8)]), val=dict(pipeline=(own,)))
            """, "x.py");

    private static String backend(Config config, String split) {
        return config.fields()
                .dict("data")
                .dict(split)
                .dicts("pipeline")
                .getFirst()
                .text("imdecode_backend", "unsaid");
    }

    @Test
    void everyStepThatLoadsGetsIt() {
        assertEquals("pillow", backend(CONFIG, "train"));
        assertEquals("cv2", backend(CONFIG, "val"));
        assertFalse(CONFIG.fields()
                .dict("data")
                .dict("train")
                .dicts("pipeline")
                .getLast()
                .has("imdecode_backend"));
    }

    @Test
    void anOptionChangesItAfterwards() {
        assertEquals("cv2", backend(CONFIG.with(List.of("taxon.image_backend=cv2")), "train"));
        assertEquals("unsaid", backend(CONFIG.with(List.of("taxon.image_backend=None")), "train"));
    }

    @Test
    void aConfigIsPrintedAsItWasWritten() {
        assertEquals(2, CONFIG.prettyText().split("imdecode_backend", -1).length - 1, CONFIG.prettyText());
    }
}
