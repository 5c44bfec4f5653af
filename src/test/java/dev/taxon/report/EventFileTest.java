package dev.taxon.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of scripts/golden/event_file.py, which TensorBoard's own protobuf and CRC-32C make of the same events. */
class EventFileTest {
    private static final String GOLDEN =
            "1800000000000000a37f4b22090000000084d7d7411a0d627261696e2e4576656e743a32253c71d0100000000000000095fbfe18090000000084d7d74110ac023a020801d1aa23a33700000000000000e7e8ca59090000000084d7d74110ac022a290a110a0a747261696e2f6c6f737315000010400a140a0d6c6561726e696e675f7261746515cdcccc3da422cc1e";

    @TempDir
    private Path dir;

    @Test
    void bytesAreTensorBoards() throws IOException {
        EventFile events = EventFile.in(dir.resolve("tf_logs"), InstantSource.fixed(Instant.ofEpochSecond(1600000000)));
        events.restart(300);
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("train/loss", 2.25);
        scalars.put("learning_rate", 0.1);
        events.scalars(300, scalars);
        events.close();
        assertTrue(events.file().getFileName().toString().startsWith("events.out.tfevents.1600000000."));
        assertEquals(GOLDEN, HexFormat.of().formatHex(Files.readAllBytes(events.file())));
    }
}
