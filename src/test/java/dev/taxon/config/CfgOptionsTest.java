package dev.taxon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --cfg-options}: mmcv's DictAction, and what we read that it cannot. */
class CfgOptionsTest {
    private static final Config BASE = Config.parse("""
            model = dict(backbone=dict(depth=18), neck=None)
            pipeline = [dict(type='A', size=1), dict(type='B')]
            workflow = [('train', 1)]
            lr = 0.1
            """, "c.py");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // As the original.
                "5 | 5",
                "-5 | -5",
                "1_000 | 1000",
                "1e-3 | 0.001",
                ".5 | 0.5",
                "1. | 1.0",
                "inf | float('inf')",
                "true | True",
                "FALSE | False",
                "None | None",
                "none | 'none'",
                "abc | 'abc'",
                "a=b | 'a=b'",
                "[a,b] | ['a', 'b']",
                "[1, 2.0,true] | [1, 2.0, True]",
                "a,b | ['a', 'b']",
                "1,2,3 | [1, 2, 3]",
                "(1,2) | (1, 2)",
                "(1,) | (1, )",
                "(1) | (1, )",
                "[] | []",
                "() | ()",
                "[(1,2),[a,b],c] | [(1, 2), ['a', 'b'], 'c']",
                "(train,1),(val,1) | [('train', 1), ('val', 1)]",
                "'abc' | 'abc'",
                "\"abc\" | 'abc'",
                "'1' | 1",
                "['a','b'] | ['a', 'b']",
                "'[1,2]' | [1, 2]",
                "data/imagenet/train | 'data/imagenet/train'",
                // Beyond the original.
                "dict(a=1,b=x) | dict(a=1, b='x')",
                "{a: 1, 'b': x} | dict(a=1, b='x')",
                "[dict(a=1,b=2)] | [dict(a=1, b=2)]",
                "dict(a=dict(b=[1,2]),c='1') | dict(a=dict(b=[1, 2]), c='1')",
                "dict(type='My Hook', k=(1,)) | dict(type='My Hook', k=(1, ))",
                "{} | dict()",
                "dict() | dict()",
                "a b | 'a b'",
                "'a, b' | ['a', 'b']",
                "['a, b', c] | ['a, b', 'c']",
                "f(1,2) | 'f(1,2)'",
                "{'a.b': 1} | dict({'a.b': 1})",
            })
    void valuesAreReadAsTheOriginalDoes(String value, String expected) {
        assertEquals(
                "x = " + expected + "\n",
                Config.parse("", "c.py").with(List.of("x=" + value)).prettyText());
    }

    @Test
    void anEmptyValueIsAnEmptyString() {
        assertEquals("x = ''\n", Config.parse("", "c.py").with(List.of("x=")).prettyText());
    }

    @Test
    void pathsGoThroughDictsAndLists() {
        Config config = BASE.with(List.of(
                "model.backbone.depth=50",
                "model.backbone.new.deep=1",
                "pipeline.1.size=(2,3)",
                "pipeline.0=dict(type=C)",
                "workflow.0.1=2",
                "model.neck.type=GAP",
                "lr=0.2",
                "lr=0.3",
                "taxon.threads=2"));
        assertEquals("""
                model = dict(backbone=dict(depth=50, new=dict(deep=1)), neck=dict(type='GAP'))
                pipeline = [dict(type='C', size=1), dict(type='B', size=(2, 3))]
                workflow = [('train', 2)]
                lr = 0.3
                taxon = dict(threads=2)
                """, config.prettyText());
        assertEquals("--cfg-options lr", config.root().entries().get("lr") instanceof Value v ? v.at().toString() : "");
    }

    @Test
    void anOptionThatChangesAVariableOnlySaysSo() {
        Config config = BASE.with(List.of("train_pipeline.x=3", "lr=1"));
        assertEquals(
                List.of(
                        "--cfg-options train_pipeline has no effect: 'train_pipeline' is a variable whose value is in 'data'"
                                + " already; set that, such as data.train.pipeline.0.size=…"),
                config.warnings(KnownKeys.ALL));
    }

    @Test
    void aDictCanReplaceOrBeMerged() {
        assertEquals("dict(backbone=dict(depth=18, style='x'), neck=None)", model("model.backbone=dict(style=x)"));
        assertEquals("dict(backbone=dict(style='x'), neck=None)", model("model.backbone={_delete_: True, style: x}"));
        assertEquals("dict(backbone=dict(depth=18), neck=dict(type='GAP'))", model("model.neck=dict(type='GAP')"));
    }

    private static String model(String option) {
        return BASE.with(List.of(option))
                .prettyText()
                .lines()
                .findFirst()
                .orElseThrow()
                .substring(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lr | --cfg-options: expected key=value, got 'lr', such as optimizer.lr=0.1",
                "=1 | --cfg-options: expected key=value, got '=1'",
                "a..b=1 | --cfg-options: 'a..b' is not a dotted path of keys",
                "pipeline.2.size=1 | --cfg-options: 'pipeline.2.size': Index 2 exceeds the length of list pipeline, which has 2 items (c.py:2:12)",
                "pipeline.x=1 | --cfg-options: 'pipeline.x': pipeline is a list (c.py:2:12): expected an index from 0 to 1, got 'x'",
                "lr.x=1 | --cfg-options: 'lr.x' goes through lr, which is float (c.py:4:6); expected a dict or a list",
                "x=[1,2 | --cfg-options x: Imbalanced brackets exist in [1,2",
                "x=1,2] | --cfg-options x: Imbalanced brackets exist in 1,2]",
                "x=[(1,2] | --cfg-options x: ",
                "x={a} | --cfg-options x: expected ':' after a key in {a}",
                "x=dict(1) | --cfg-options x: expected '=' after a key in dict(1)",
                "x={a: 1, a: 2} | --cfg-options x: the key 'a' is given twice",
                "x=99999999999999999999 | --cfg-options x: 99999999999999999999 is not an int of 64 bits",
                "text=1 | --cfg-options text: 'text' is reserved for config file",
                "_base_=a.py | --cfg-options: _base_ cannot be set here",
                "a-b=1 | --cfg-options a-b: 'a-b' cannot be a top-level name",
            })
    void mistakesAreOneSentence(String option, String message) {
        String got =
                assertThrows(UserError.class, () -> BASE.with(List.of(option))).getMessage();
        assertTrue(got.startsWith(message), got);
    }
}
