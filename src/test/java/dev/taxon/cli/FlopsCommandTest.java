package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FlopsCommandTest {
    /** mmcls's own command gives every model three channels, so that LeNet-5 fails there. */
    @Test
    void theModelSaysHowManyChannelsItTakes() {
        CommandLineRun run = CommandLineRun.of("flops", "configs/lenet/lenet5_mnist.py", "--shape", 32, 32);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("Input shape: (1, 32, 32)"), run.out());
    }

    /** The published table: 4.12 G and 25.56 M. */
    @Test
    void resNet50IsAsPublished() {
        CommandLineRun run = CommandLineRun.of("flops", "configs/resnet/resnet50_8xb32_in1k.py");
        assertTrue(run.out().contains("Flops: 4.12 GFLOPs\nParams: 25.56 M\n"), run.out());
    }
}
