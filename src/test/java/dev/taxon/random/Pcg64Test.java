package dev.taxon.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.taxon.Golden;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against NumPy (scripts/golden/kfold.py). */
class Pcg64Test {
    private static final Map<String, Object> GOLDEN = Golden.json("dataset/kfold.json");

    @Test
    void wordsAreNumPys() {
        ((Map<?, ?>) GOLDEN.get("words")).forEach((seed, words) -> {
            Pcg64 generator = new Pcg64(Long.parseLong((String) seed));
            for (Object word : (List<?>) words) {
                assertEquals(Long.parseUnsignedLong((String) word), generator.nextLong(), "seed " + seed);
            }
        });
    }

    @Test
    void ordersAreNumPys() throws Exception {
        ((Map<?, ?>) GOLDEN.get("shuffled"))
                .forEach((seed, order) -> assertEquals(
                        order,
                        Arrays.stream(shuffled(Long.parseLong((String) seed), 10))
                                .boxed()
                                .toList()));
        ByteBuffer bytes = ByteBuffer.allocate(4 * 100_003).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(shuffled(7, 100_003));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.array());
        assertEquals(GOLDEN.get("sha256_of_100003_by_7"), HexFormat.of().formatHex(hash));
        assertThrows(IllegalArgumentException.class, () -> new Pcg64(-1));
    }

    private static int[] shuffled(long seed, int size) {
        int[] order = IntStream.range(0, size).toArray();
        new Pcg64(seed).shuffle(order);
        return order;
    }
}
