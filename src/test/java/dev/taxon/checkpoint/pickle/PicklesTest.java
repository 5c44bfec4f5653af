package dev.taxon.checkpoint.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.checkpoint.Golden;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PicklesTest {
    @Test
    void readsCifarBatchOfPython2() {
        Map<?, ?> batch = (Map<?, ?>) Pickles.read(Golden.file("checkpoint/data_batch_1"), AllowList.CIFAR);
        assertEquals("training batch 1 of 5", batch.get("batch_label"));
        assertEquals(List.of(6L, 9L), batch.get("labels"));
        assertEquals(List.of("camion_s_000148.png", "b.png"), batch.get("filenames"));
        Tensor data = (Tensor) batch.get("data");
        assertEquals(DType.UINT8, data.dtype());
        assertEquals(Shape.of(2, 3072), data.shape());
        double[] pixels = data.toDoubles();
        for (int i = 0; i < pixels.length; i++) {
            assertEquals(i % 251, pixels[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void readsNumpyResultsOfEveryProtocol(int protocol) {
        Path file = Golden.file("checkpoint/result_p" + protocol + ".pkl");
        Map<?, ?> result = (Map<?, ?>) Pickles.read(file, AllowList.RESULTS);
        Tensor scores = (Tensor) result.get("scores");
        assertEquals(Shape.of(2, 3), scores.shape());
        assertArrayEquals(new float[] {0, 0.25f, 0.5f, 0.75f, 1, 1.25f}, scores.toFloats());
        assertArrayEquals(new double[] {1, -2}, ((Tensor) result.get("label")).toDoubles());
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, ((Tensor) result.get("fortran")).toDoubles());
        assertArrayEquals(new double[] {1, 256}, ((Tensor) result.get("big")).toDoubles());
        assertEquals(0.5, result.get("top"));
        assertEquals(3L, result.get("count"));
        assertEquals(true, result.get("ok"));
        assertEquals(List.of("a", "é"), result.get("names"));
        assertArrayEquals(new byte[] {1, -2}, (byte[]) result.get("raw"));
    }

    @Test
    void missingFilesAndFoldersAreOneSentence() {
        Path missing = Path.of("no", "such", "file.pkl");
        String message = assertThrows(UserError.class, () -> Pickles.read(missing, AllowList.RESULTS))
                .getMessage();
        assertTrue(message.contains("does not exist"), message);
        message = assertThrows(UserError.class, () -> Pickles.read(Path.of("."), AllowList.RESULTS))
                .getMessage();
        assertTrue(message.contains("is a folder"), message);
    }
}
