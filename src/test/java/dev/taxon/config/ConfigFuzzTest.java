package dev.taxon.config;

import static org.junit.jupiter.api.Assertions.fail;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the text, reading it gives a config or a UserError: never another exception. Seeded. */
class ConfigFuzzTest {
    private static final List<String> WORDS = List.of(
            "dict",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "=",
            ",",
            ":",
            ".",
            "+",
            "-",
            "*",
            "**",
            "/",
            "//",
            "%",
            "<",
            "==",
            "in",
            "not",
            "and",
            "or",
            "if",
            "else",
            "elif",
            "for",
            "x",
            "y",
            "1",
            "0",
            "1.5",
            "'a'",
            "\"\"\"",
            "'",
            "f'{x}'",
            "None",
            "True",
            "\n",
            "\n    ",
            "import copy",
            "copy.deepcopy",
            "del ",
            "range",
            "len",
            "_base_",
            "{{ _base_.x }}",
            "#",
            "\\",
            ";",
            "+=",
            "lambda",
            "range(9)",
            "int",
            "float",
            "round",
            "sorted",
            "zip",
            "'%s'",
            ".format(",
            ".pop(",
            ".update(",
            ".append(",
            ".items()",
            "[::-1]",
            "[1:",
            "is",
            "\t",
            "e",
            "0x",
            "\u00e9",
            "\uD800");

    private static void read(String text, String what) {
        try {
            Config.parse(text, "fuzz").prettyText();
        } catch (UserError expected) {
            // A sentence for the user is the point.
        } catch (RuntimeException | StackOverflowError e) {
            fail(what + " on: " + text, e);
        }
        try {
            YamlReader.read(text, "fuzz", text.length() % 2 == 0);
        } catch (UserError expected) {
            // Likewise.
        } catch (RuntimeException | StackOverflowError e) {
            fail(what + " as YAML on: " + text, e);
        }
        try {
            CfgOptions.apply(new Value.Dict(Map.of(), Position.UNKNOWN), "x=" + text);
        } catch (UserError expected) {
            // Likewise.
        } catch (RuntimeException | StackOverflowError e) {
            fail(what + " as an option on: " + text, e);
        }
    }

    @Test
    void wordSalad() {
        Random random = new Random(1);
        for (int i = 0; i < 5000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "x = " : "");
            for (int n = 1 + random.nextInt(14); n > 0; n--) {
                text.append(WORDS.get(random.nextInt(WORDS.size())));
                if (random.nextInt(3) == 0) {
                    text.append(' ');
                }
            }
            read(text.toString(), "salad " + i);
        }
    }

    @Test
    void bytes() {
        Random random = new Random(2);
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            read(new String(bytes, i % 2 == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8), "bytes " + i);
        }
    }

    @Test
    void damagedConfigs() throws IOException {
        String whole = Files.readString(Path.of("configs/lenet/lenet5_mnist.py"));
        Random random = new Random(3);
        for (int i = 0; i < 600; i++) {
            StringBuilder text = new StringBuilder(whole);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(Math.max(1, text.length() - 20));
                switch (random.nextInt(4)) {
                    case 0 -> text.delete(at, at + 1);
                    case 1 -> text.insert(at, WORDS.get(random.nextInt(WORDS.size())));
                    case 2 -> text.setLength(Math.min(text.length(), at + 20));
                    default -> text.replace(at, at + 1, Character.toString(random.nextInt(300)));
                }
            }
            read(text.toString(), "damaged " + i);
        }
    }

    @Test
    void anyValueAsAnOption() {
        Random random = new Random(4);
        for (int i = 0; i < 500; i++) {
            Value.Dict tree = Trees.root(random);
            String text = Config.of("tree", tree).prettyText();
            read(text.substring(0, random.nextInt(text.length())), "tree " + i);
        }
    }
}
