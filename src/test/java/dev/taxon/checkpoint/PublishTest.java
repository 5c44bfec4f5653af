package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishTest {
    @TempDir
    Path folder;

    @Test
    void keepsWeightsAndConfigUnderTheNameOfTheirHash() throws IOException, GeneralSecurityException {
        Path in = Golden.file("mmcls/lenet5_epoch_2.pth");
        Path published = Publish.publish(in, folder.resolve("lenet5.pth"));
        byte[] bytes = Files.readAllBytes(published);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertEquals(
                "lenet5-" + hash.substring(0, 8) + ".pth",
                published.getFileName().toString());
        try (Checkpoint before = Checkpoint.open(in);
                Checkpoint after = Checkpoint.open(published)) {
            assertEquals(Set.of("meta", "state_dict"), after.tree().keySet());
            assertEquals(
                    List.copyOf(before.stateDict().names()),
                    List.copyOf(after.stateDict().names()));
            assertEquals(before.meta().get("config"), after.meta().get("config"));
            assertTrue(!after.meta().containsKey("env_info") && !after.meta().containsKey("hook_msgs"));
        }
        assertEquals(published, Publish.publish(in, folder.resolve("lenet5")));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(published), files.toList());
        }
    }

    @Test
    void refusesWhatHoldsNoWeights() {
        Path file = folder.resolve("a.pth");
        Checkpoint.write(file, java.util.Map.of("epoch", 1));
        UserError error = assertThrows(UserError.class, () -> Publish.publish(file, folder.resolve("b")));
        assertTrue(error.getMessage().contains("holds no model weights"), error.getMessage());
    }
}
