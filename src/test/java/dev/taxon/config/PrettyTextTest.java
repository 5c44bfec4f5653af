package dev.taxon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Printed configs: as mmcv and yapf print them, and always readable again. */
class PrettyTextTest {
    private static String golden(String name) throws IOException {
        try (InputStream in = PrettyTextTest.class.getResourceAsStream("/golden/config/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** scripts/golden/pretty_text.py made the file with yapf 0.32. */
    @Test
    void randomConfigsArePrintedAsYapfPrintsThem() throws IOException {
        String[] cases = golden("pretty_text.py").split("# ----\n");
        assertTrue(cases.length > 100);
        for (String text : cases) {
            assertEquals(text, Config.parse(text, "golden").prettyText());
        }
    }

    /** lenet5_mmcls.py is meta.config of a checkpoint that mmcls 0.25 wrote. */
    @Test
    void ourLeNetWithThatRunsOptionsIsMmclssOwnText() throws IOException {
        Config config = Config.load(Path.of("configs/lenet/lenet5_mnist.py"))
                .with(List.of(
                        "data.workers_per_gpu=0",
                        "data.persistent_workers=False",
                        "log_config.interval=5",
                        "runner.max_epochs=2",
                        "work_dir=run/lenet",
                        "gpu_ids=[0]",
                        "device=cpu",
                        "seed=0"));
        assertEquals(golden("lenet5_mmcls.py"), config.prettyText());
        assertEquals(
                golden("lenet5_mmcls.py"),
                Config.parse(golden("lenet5_mmcls.py"), "meta.config").prettyText());
    }

    @Test
    void anyTreeReadsBackAsItself() {
        for (int seed = 0; seed < 400; seed++) {
            Value.Dict tree = Trees.root(new Random(seed));
            String text = Config.of("tree", tree).prettyText();
            assertEquals(
                    Trees.shape(tree), Trees.shape(Config.parse(text, "printed").root()), text);
        }
    }

    @Test
    void aLongListOfNamesIsLaidOutInTime() {
        String names = "x = [" + "'tench, Tinca tinca', ".repeat(1000) + "]";
        Config config = Config.parse(names, "names");
        assertEquals(
                Trees.shape(config.root()),
                Trees.shape(Config.parse(config.prettyText(), "printed").root()));
    }
}
