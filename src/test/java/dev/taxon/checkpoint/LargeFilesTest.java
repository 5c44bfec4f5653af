package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and tensors over 2 GiB, where offsets no longer fit an int. */
@Tag("slow")
class LargeFilesTest {
    private static final Shape LARGE = Shape.of(1200, 1000, 1000); // 2.4 GB of float16

    @TempDir
    private Path folder;

    /** Zeros that take no room on the disk, but for a last element of 1. */
    private MemorySegment sparse(Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(
                folder.resolve("zeros"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            long bytes = LARGE.numel() * DType.FLOAT16.bytes();
            channel.write(ByteBuffer.wrap(new byte[] {0, 0x3c}), bytes - 2);
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
        }
    }

    private void thereAndBack(BiConsumer<Path, StateDict> write) throws IOException {
        Path file = folder.resolve("large");
        try (Arena arena = Arena.ofConfined()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("large", new Tensor(DType.FLOAT16, LARGE, sparse(arena)));
            tensors.put("behind", Tensor.of(Shape.of(2), 3, 4));
            write.accept(file, new StateDict(tensors));
            assertTrue(Files.size(file) > 1L << 31);
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                Tensor large = checkpoint.stateDict().tensors().get("large");
                assertEquals(LARGE, large.shape());
                float[] last = new float[2];
                large.toFloats(LARGE.numel() - 2, last, 2);
                assertEquals(0, last[0]);
                assertEquals(1, last[1]);
                assertEquals(0, large.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 1L << 31));
                assertEquals(4, checkpoint.stateDict().tensors().get("behind").toFloats()[1]);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    void zip() throws IOException {
        thereAndBack((file, state) -> Checkpoint.write(file, Map.of("state_dict", state.toTree())));
    }

    @Test
    void legacy() throws IOException {
        thereAndBack((file, state) -> Checkpoint.writeLegacy(file, Map.of("state_dict", state.toTree())));
    }

    @Test
    void safetensors() throws IOException {
        thereAndBack((file, state) -> Checkpoint.writeSafetensors(file, state, Map.of()));
    }
}
