package dev.taxon.checkpoint.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For equal contents we write the opcodes that PyTorch writes, but for what it remembers and how it recalls it. */
class TorchOpcodesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint/sgd.pth", "mmcls/lenet5_epoch_2.pth"})
    void pickleHasTheSameOpcodes(String golden) throws IOException {
        Path ours = folder.resolve("ours.pth");
        try (Checkpoint checkpoint = Checkpoint.open(Golden.file(golden))) {
            Checkpoint.write(ours, checkpoint.tree());
        }
        assertEquals(String.join("\n", opcodes(pickle(Golden.file(golden)))), String.join("\n", opcodes(pickle(ours))));
    }

    private static ByteBuffer pickle(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            var entry = zip.stream()
                    .filter(e -> e.getName().endsWith("/data.pkl"))
                    .findFirst()
                    .orElseThrow();
            return ByteBuffer.wrap(zip.getInputStream(entry).readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static List<String> opcodes(ByteBuffer in) {
        List<String> ops = new ArrayList<>();
        Map<Integer, String> memo = new HashMap<>();
        while (in.hasRemaining()) {
            int op = in.get() & 0xFF;
            switch (op) {
                case Op.BINPUT -> memo.put(in.get() & 0xFF, ops.getLast());
                case Op.LONG_BINPUT -> memo.put(in.getInt(), ops.getLast());
                case Op.BINGET -> ops.add(memo.get(in.get() & 0xFF));
                case Op.LONG_BINGET -> ops.add(memo.get(in.getInt()));
                default -> ops.add((char) op + " " + argument(op, in));
            }
        }
        return ops;
    }

    private static String argument(int op, ByteBuffer in) {
        return switch (op) {
            case Op.PROTO, Op.BININT1 -> bytes(in, 1);
            case Op.BININT2 -> bytes(in, 2);
            case Op.BININT -> bytes(in, 4);
            case Op.BINFLOAT -> bytes(in, 8);
            case Op.LONG1 -> bytes(in, in.get() & 0xFF);
            case Op.BINUNICODE -> text(in, in.getInt());
            case Op.GLOBAL -> line(in) + " " + line(in);
            default -> "";
        };
    }

    private static String bytes(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String text(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String line(ByteBuffer in) {
        StringBuilder line = new StringBuilder();
        for (char c = (char) in.get(); c != '\n'; c = (char) in.get()) {
            line.append(c);
        }
        return line.toString();
    }
}
