package dev.taxon.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aTerminalShowsOneLineThatIsWipedBeforeAnother() {
        Progress progress = Progress.on(out, true);
        progress.draw(() -> "1/10");
        progress.draw(() -> "2/10"); // too soon after the first
        progress.line("done");
        assertEquals("\r\u001b[K1/10\r\u001b[Kdone" + System.lineSeparator(), printed());
    }

    @Test
    void elsewhereWorkThatIsQuickPrintsNothing() {
        Progress progress = Progress.on(out, false);
        progress.draw(() -> "1/10");
        progress.clear();
        assertEquals("", printed());
    }

    static Stream<Arguments> durations() {
        return Stream.of(
                arguments(0.9, "0:00:00"),
                arguments(61, "0:01:01"),
                arguments(3_600, "1:00:00"),
                arguments(90_061, "1 day, 1:01:01"),
                arguments(180_000, "2 days, 2:00:00"));
    }

    /** Right column: str(datetime.timedelta(seconds=int(seconds))). */
    @ParameterizedTest
    @MethodSource("durations")
    void durationsReadAsPythonsTimedelta(double seconds, String expected) {
        assertEquals(expected, Progress.duration(seconds));
    }
}
