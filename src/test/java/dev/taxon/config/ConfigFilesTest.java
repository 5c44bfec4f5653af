package dev.taxon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that inherit from files: mmcv's merging rules, its error texts, and our positions. */
class ConfigFilesTest {
    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private String error(String name) {
        return assertThrows(UserError.class, () -> Config.load(folder.resolve(name)))
                .getMessage()
                .replace(folder + "/", "");
    }

    @Test
    void childrenAreMergedIntoTheirBases() throws IOException {
        write("_base_/m.py", "model = dict(type='A', backbone=dict(depth=18, stages=[1, 2]), neck=None)\n");
        write("_base_/s.py", "lr = 0.1\n");
        write("f/child.py", """
                _base_ = ['../_base_/m.py', '../_base_/s.py']
                model = dict(backbone=dict(depth=50, stages=[3]), neck='GAP', head=dict(_delete_=True, n=1))
                extra = 2
                """);
        assertEquals("""
                model = dict(
                    type='A', backbone=dict(depth=50, stages=[3]), neck='GAP', head=dict(n=1))
                lr = 0.1
                extra = 2
                """, Config.load(folder.resolve("f/child.py")).prettyText());
    }

    @Test
    void deleteDropsWhatTheBaseHad() throws IOException {
        write("a.py", "opt = dict(type='SGD', lr=0.1, momentum=0.9)\n");
        write("b.py", "_base_ = 'a.py'\nopt = dict(_delete_=True, type='AdamW', lr=1e-3)\n");
        write("c.py", "_base_ = 'b.py'\nopt = dict(_delete_=False, lr=2)\n");
        assertEquals(
                "opt = dict(type='AdamW', lr=2)\n",
                Config.load(folder.resolve("c.py")).prettyText());
    }

    @Test
    void aDictOverSomethingElseIsRefused() throws IOException {
        write("a.py", "step = [1, 2]\n");
        write("b.py", "_base_ = './a.py'\n\nstep = dict(a=1)\n");
        assertEquals(
                "b.py:3:8: 'step' in child config cannot inherit from base because step is a dict in the child config but is"
                        + " of type list in base config (a.py:1:8). You may set `_delete_=True` to ignore the base config.",
                error("b.py"));
    }

    @Test
    void siblingsMayNotShareAKey() throws IOException {
        write("a.py", "x = 1\ny = 2\n");
        write("b.py", "y = 3\nx = 1\n");
        write("c.py", "_base_ = ['a.py', 'b.py']\n");
        assertTrue(error("c.py")
                .startsWith("c.py:1:19: Duplicate key is not allowed among bases. Duplicate keys: [x, y]"));
    }

    @Test
    void circlesAndMissingBasesAreRefused() throws IOException {
        write("a.py", "_base_ = 'b.py'\n");
        write("b.py", "x = 1; _base_ = ['a.py']\n");
        write("c.py", "_base_ = ['x/none.py']\n");
        write("d.py", "_base_ = 3\n");
        assertTrue(error("a.py")
                .startsWith("b.py:1:18: the configs inherit from one another in a circle: a.py → b.py → a.py"));
        assertEquals("c.py:1:11: the config file x/none.py does not exist", error("c.py"));
        assertEquals("d.py:1:10: _base_ must be a file name or a list of them, got int", error("d.py"));
        assertEquals("the config file gone.py does not exist", error("gone.py"));
        assertTrue(error("").contains("is a folder, expected a config file"));
    }

    @Test
    void valuesOfTheBasesCanBeUsed() throws IOException {
        write("a.py", "item = dict(a=[1, 2], b=dict(c='x'))\nn = 4\n");
        write("b.py", """
                _base_ = 'a.py'
                p = {{ _base_.item.a }}
                q = [{{_base_.n}} * 2, '{{ _base_.item.b.c }}', _base_.item.b]
                name = 'runs/{{ fileBasenameNoExtension }}{{fileExtname}}'
                """);
        assertEquals("""
                item = dict(a=[1, 2], b=dict(c='x'))
                n = 4
                p = [1, 2]
                q = [8, 'x', {'c': 'x'}]
                name = 'runs/b.py'
                """, Config.load(folder.resolve("b.py")).prettyText());
    }

    @Test
    void jsonAndYamlAreReadWithTheirPlaces() throws IOException {
        write("a.py", "lr = 0.1\nmodel = dict(depth=18)\n");
        write(
                "b.json",
                "{\n\t\"_base_\": \"./a.py\",\n\t\"model\": {\"depth\": 50, \"eps\": 1e-5},\n\t\"k\": [null, true, -3, \"\\u00e9\"],\n\t\"w\": {{ _base_.lr }}\n}\n");
        write(
                "c.yml",
                "_base_: b.json\nmodel:\n  depth: 101\n  on: yes\nlist: [1, 2.0, 'x', .inf]\nname: '{{ fileBasename }}'\n");
        Config config = Config.load(folder.resolve("c.yml"));
        assertEquals("""
                lr = 0.1
                model = dict(depth=101, eps=1e-05, on=True)
                k = [None, True, -3, 'é']
                w = 0.1
                list = [1, 2.0, 'x', float('inf')]
                name = 'c.yml'
                """, config.prettyText());
    }

    @Test
    void brokenJsonAndYamlSayWhere() throws IOException {
        write("a.json", "{\"x\": 1,\n \"x\": 2}\n");
        write("b.yml", "x: !!python/object/apply:os.system ['true']\n");
        write("c.yml", "- 1\n");
        write("d.json", "{\"x\": [1, 2\n");
        write("e.toml", "x = 1\n");
        write("f.yml", "");
        write("g.json", "{\"a b\": 1}\n");
        write("h.json", "{\"x\": " + "[".repeat(5000) + "\n");
        assertEquals("a.json:2:2: the key 'x' is given twice", error("a.json"));
        assertTrue(error("b.yml").startsWith("b.yml:1:4: the tag tag:yaml.org,2002:python/object/apply:os.system"));
        assertEquals("c.yml:1:1: a config must be a mapping of names to values, got list", error("c.yml"));
        assertTrue(error("d.json").startsWith("d.json:2:1: this is no JSON"), error("d.json"));
        assertEquals("e.toml: expected a config file that ends in .py, .json, .yml or .yaml", error("e.toml"));
        assertEquals("f.yml: the config is empty", error("f.yml"));
        assertTrue(error("g.json").startsWith("g.json:1:9: 'a b' cannot be a top-level name"));
        assertTrue(error("h.json").contains("nested deeper than 100 levels"), error("h.json"));
    }

    @Test
    void warningsNameDeprecatedFilesAndNearMisses() throws IOException {
        write("a.py", "_deprecation_ = dict(expected='new.py', reference='a page')\noptimzer = 1\nmy_var = 2\n");
        List<String> warnings = Config.load(folder.resolve("a.py")).warnings(KnownKeys.ALL);
        assertEquals(2, warnings.size());
        assertTrue(warnings.get(0)
                .endsWith("a.py will be deprecated in the future. Please use new.py instead."
                        + " More information can be found at a page"));
        assertTrue(warnings.get(1).endsWith("a.py:2:12: nothing reads 'optimzer'; did you mean 'optimizer'?"));
    }

    @Test
    void allOurConfigsLoadAndPrintAndWarnOfNothing() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("configs"))) {
            List<Path> configs = files.filter(f -> f.toString().endsWith(".py")).toList();
            assertTrue(configs.size() >= 48, configs.toString());
            for (Path file : configs) {
                Config config = Config.load(file);
                String text = config.prettyText();
                assertEquals(text, Config.parse(text, "printed").prettyText());
                assertEquals(List.of(), config.warnings(KnownKeys.ALL), file.toString());
            }
        }
    }

    @Test
    void oldNamesAreTheNewConfigs() {
        for (int depth : List.of(18, 34, 50, 101, 152)) {
            String name = "configs/resnet/resnet" + depth;
            assertEquals(
                    Config.load(Path.of(name + "_8xb32_in1k.py")).prettyText(),
                    Config.load(Path.of(name + "_b32x8_imagenet.py")).prettyText());
            assertEquals(
                    Config.load(Path.of(name + "_8xb16_cifar10.py")).prettyText(),
                    Config.load(Path.of(name + "_b16x8_cifar10.py")).prettyText());
        }
    }
}
