package dev.taxon.checkpoint.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpicklerTest {
    private static Object load(String pickle, AllowList allowed) {
        byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
        PickleInput in = new PickleInput(MemorySegment.ofArray(bytes), "file.pkl");
        Object raw = new Unpickler(in, allowed, storage -> {}).load();
        return Tree.finish(raw, in, allowed, tensor -> {
            throw new AssertionError("no tensors here");
        });
    }

    private static Object load(String pickle) {
        return load(pickle, AllowList.CHECKPOINT);
    }

    private static String refusal(String pickle) {
        return assertThrows(UserError.class, () -> load(pickle)).getMessage();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cos\nsystem\n(S'touch pwned'\ntR.",
                "\u0080\u0002cos\nsystem\nU\u0005touch\u0085R.",
                "\u0080\u0004\u0095\u0014\0\0\0\0\0\0\0\u008c\u0002os\u008c\u0006system\u0093\u008c\u0002ls\u0085R.",
                "(S'ls'\nios\nsystem\n.",
                "(cos\nsystem\nS'ls'\no.",
                "cos\nsystem\n)\u0081.",
                "(lp0\nccollections\nOrderedDict\n(lp1\ncos\nsystem\natR.",
                "ctorch._tensor\n_rebuild_from_type_v2\n(cos\nsystem\ncos\nsystem\n(S'ls'\nt}tR."
            })
    void refusesSystemByEveryOpcodeThatCalls(String pickle) {
        for (AllowList allowed : List.of(AllowList.CHECKPOINT, AllowList.CIFAR, AllowList.RESULTS)) {
            String message =
                    assertThrows(UserError.class, () -> load(pickle, allowed)).getMessage();
            assertTrue(message.startsWith("file.pkl names "), message);
            assertTrue(message.contains(" at byte "), message);
            assertTrue(message.contains("os.system") || allowed != AllowList.CHECKPOINT, message);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "posix system",
                "builtins eval",
                "__builtin__ exec",
                "builtins getattr",
                "subprocess Popen",
                "torch os.system",
                "torch._utils _rebuild_tensor_v2.__globals__",
                "torch.hub load",
                "torch.jit load",
                "numpy load",
                "numpy.core.multiarray fromfile",
                "codecs open",
                "runpy run_path",
                "java.lang.Runtime exec"
            })
    void refusesOtherNamesAndSaysWhere(String name) {
        String[] parts = name.split(" ");
        String message = refusal("(c" + parts[0] + "\n" + parts[1] + "\nS'x'\ntR.");
        assertTrue(message.contains(" names " + parts[0] + "." + parts[1] + " at byte 1,"), message);
    }

    @Test
    void cifarBatchMayNotNameTensors() {
        String pickle = "ctorch._utils\n_rebuild_tensor_v2\n.";
        assertEquals("_rebuild_tensor_v2", load(pickle));
        assertThrows(UserError.class, () -> load(pickle, AllowList.CIFAR));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f.", // text of 2⁶³ − 1 bytes
                "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", // bytes of length −1
                "X\u00ff\u00ff\u00ff\u00ffx.",
                "T\u00ff\u00ff\u00ff\u00ffx.",
                "\u008b\u00ff\u00ff\u00ff\u007f.",
                "\u008b\u00ff\u00ff\u00ff\u00ff.",
                "\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f.",
                "\u0080\u0009N.",
                "Ifive\n.",
                "Fone\n.",
                "S'open\n.",
                "V\\uZZZZ\n.",
                "a.",
                "]a.",
                "(a.",
                "}(K\u0001u.",
                "}]]s.",
                "t.",
                "R.",
                "NNR.",
                "N)R.",
                "]]b.",
                "h\u0005.",
                "q\u0001.",
                "0.",
                "2.",
                ".",
                "",
                "K",
                "\u0082\u0001.", // extension registry
                "Px\n.", // persistent id as text
                "K\u0001Q.",
                "\u0097.", // out-of-band buffer
                "cnumpy\ndtype\n(S'O8'\nK\u0000K\u0001tR.",
                "cnumpy.core.multiarray\n_reconstruct\n)R(K\u0001(K\u0005tNN S'x'\ntb.",
                "c_codecs\nencode\n(S'x'\nS'rot13'\ntR."
            })
    void damagedPicklesAreOneSentence(String pickle) {
        String message = refusal(pickle);
        assertTrue(message.startsWith("file.pkl "), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void refusesWhatCannotBeWalked() {
        assertTrue(refusal("]".repeat(100_000) + "a".repeat(99_999) + ".").contains("nested"));
        assertTrue(refusal("]q\0h\0a.").contains("nested"));
        assertTrue(refusal("}q\0K\u0001h\0s.").contains("nested"));
        StringBuilder laughs = new StringBuilder("]q\0"); // 2⁹⁰ paths, yet few objects: this is a tree one can hold
        for (int i = 1; i < 90; i++) {
            laughs.append("](h")
                    .append((char) (i - 1))
                    .append('h')
                    .append((char) (i - 1))
                    .append("eq")
                    .append((char) i);
        }
        assertTrue(load(laughs + ".") instanceof List<?>);
    }

    @Test
    void refusesCallsThatMultiplyMemory() {
        String encode = "c_codecs\nencode\nq\0X\0\0\u0010\0" + "x".repeat(1 << 20) + "q\u0001";
        assertTrue(refusal(encode + "h\0h\u0001\u0085R".repeat(200) + ".").contains("memory"));
    }

    @Test
    void refusesCallsNestedInTheirArguments() {
        String open = "(ctorch._tensor\n_rebuild_from_type_v2\nctorch\nTensor\n";
        String nested = open.repeat(50_000) + "(t" + "Nt".repeat(50_000) + "0";
        String call =
                "ctorch._tensor\n_rebuild_from_type_v2\n" + open.repeat(50_000) + "(t" + "}t".repeat(50_000) + "R.";
        assertTrue(refusal(call).contains("itself"));
        assertTrue(refusal(nested).contains("cut off"));
    }

    @Test
    void setsGoThereAndBack() {
        Set<Object> set = new LinkedHashSet<>(List.of("b", 1L, "a"));
        assertEquals(set, load(new String(Pickler.dump(set), StandardCharsets.ISO_8859_1)));
    }

    @Test
    void readsProtocolZero() {
        Map<Object, Object> expected = new LinkedHashMap<>();
        expected.put("a\n'\\\u00e9", List.of(1L, true, false, new BigInteger("123456789012345678901234567890")));
        expected.put("ü€", -2.5);
        expected.put(null, Collections.singletonList(null));
        assertEquals(
                expected,
                load(
                        "(dp0\nS\"a\\n'\\\\\\xe9\"\np1\n(lp2\nI1\naI01\naI00\naL123456789012345678901234567890L\nasV\u00fc\\u20ac\n"
                                + "F-2.5\nsN(lp3\nNas.",
                        AllowList.RESULTS));
    }

    @Test
    void readsLongsOfAllLengths() {
        assertEquals(0L, load("\u008a\u0000."));
        assertEquals(-1L, load("\u008a\u0001\u00ff."));
        assertEquals(255L, load("\u008a\u0002\u00ff\u0000."));
        assertEquals(Long.MIN_VALUE, load("\u008a\u0008\0\0\0\0\0\0\0\u0080."));
        assertEquals(BigInteger.ONE.shiftLeft(63), load("\u008a\u0009\0\0\0\0\0\0\0\u0080\0."));
    }

    @Test
    void keysThatWereBytesBecomeText() {
        assertEquals(Map.of("data", 1L), load("}C\u0004dataK\u0001s."));
        assertArrayEquals(new byte[] {1, -1}, (byte[]) load("C\u0002\u0001\u00ff."));
    }

    @Test
    void picklerWritesWhatUnpicklerReads() {
        List<Object> values = Arrays.asList(
                0L,
                255L,
                256L,
                65535L,
                65536L,
                -1L,
                (long) Integer.MIN_VALUE,
                1L << 31,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                BigInteger.ONE.shiftLeft(64),
                -0.0,
                Double.NaN,
                "",
                "ß\ud83d\ude00",
                true,
                null);
        String pickle = new String(Pickler.dump(values), StandardCharsets.ISO_8859_1);
        assertEquals(values, load(pickle));
    }

    @Test
    void picklerBatchesLongContainersAsPythonDoes() {
        List<Long> items = java.util.stream.LongStream.range(0, 2500).boxed().toList();
        assertEquals(items, load(new String(Pickler.dump(items), StandardCharsets.ISO_8859_1)));
    }

    @Test
    void picklerRefusesOtherTypes() {
        assertThrows(IllegalArgumentException.class, () -> Pickler.dump(new Object()));
    }
}
