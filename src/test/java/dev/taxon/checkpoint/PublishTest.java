package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            assertEquals(
                    LocalPaths.without(before.meta().get("config")),
                    after.meta().get("config"));
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

    @Test
    void noPathOfTheMachineIsLeft() {
        Path file = folder.resolve("a.pth");
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("config", """
                data = dict(train=dict(data_prefix='/home/me/imagenet/train', ann_file="C:\\\\data\\\\train.txt"))
                work_dir = '/mnt/me/work_dirs/r50/'
                load_from = 'https://host/r50.pth'
                out_dir = './work_dirs/r50'
                resume_from = '~/latest.pth'
                """);
        meta.put("exp_name", "/home/me/configs/r50.py");
        meta.put("env_info", "Host: secret");
        meta.put("CLASSES", List.of("/a/b", "c"));
        meta.put("epoch", 3L);
        Tensor one = Tensor.of(Shape.of(1), 1f);
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("layer1.0.weight", one);
        state.put("ema_layer1_0_weight", one);
        state.put("ema_only", one);
        Checkpoint.write(
                file, Map.of("meta", meta, "state_dict", state, "optimizer", Map.of(), "taxon", Map.of("format", 1)));
        for (String name : List.of("b.pth", "b.safetensors")) {
            try (Checkpoint after = Checkpoint.open(Publish.publish(file, folder.resolve(name)))) {
                assertEquals("""
                        data = dict(train=dict(data_prefix='train', ann_file="train.txt"))
                        work_dir = 'r50'
                        load_from = 'https://host/r50.pth'
                        out_dir = './work_dirs/r50'
                        resume_from = 'latest.pth'
                        """, after.meta().get("config"));
                assertEquals("r50.py", after.meta().get("exp_name"));
                assertEquals(List.of("/a/b", "c"), after.meta().get("CLASSES"));
                assertEquals(3L, after.meta().get("epoch"));
                assertTrue(!after.meta().containsKey("env_info"));
                assertEquals(
                        Set.of("layer1.0.weight", "ema_only"),
                        Set.copyOf(after.stateDict().names()));
            }
        }
    }

    @Test
    void aDateMakesTheNameThatMmcls025Gives() {
        Path in = Golden.file("mmcls/lenet5_epoch_2.pth");
        Path published = Publish.publish(in, folder.resolve("lenet5.pth"), LocalDate.of(2022, 12, 6));
        assertTrue(
                published.getFileName().toString().matches("lenet5_20221206-[0-9a-f]{8}\\.pth"), published.toString());
    }
}
