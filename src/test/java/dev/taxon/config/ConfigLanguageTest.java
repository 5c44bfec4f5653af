package dev.taxon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The subset of Python: each expression's value is what CPython 3.11 gives, each refusal names its place. */
class ConfigLanguageTest {
    /** The value of {@code x} after {@code text}, as a literal. */
    private static String x(String text) {
        String pretty = Config.parse(text, "c.py").prettyText();
        return pretty.lines()
                .filter(line -> line.startsWith("x = "))
                .findFirst()
                .orElseThrow()
                .substring(4);
    }

    private static String error(String text) {
        return assertThrows(UserError.class, () -> Config.parse(text, "c.py")).getMessage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1_000 | 1000",
                "0xff | 255",
                "0o17 | 15",
                "0b101 | 5",
                "-9223372036854775807 | -9223372036854775807",
                "1e-3 | 0.001",
                "1e-05 | 1e-05",
                "1e16 | 1e+16",
                "1e15 | 1000000000000000.0",
                ".5 | 0.5",
                "5. | 5.0",
                "1.0 | 1.0",
                "1 | 1",
                "-0.0 | -0.0",
                "5e-4 * 1024 / 512 | 0.001",
                "7 // 2 | 3",
                "-7 // 2 | -4",
                "-7 % 3 | 2",
                "7.5 // 2 | 3.0",
                "-7.5 % 2 | 0.5",
                "1 / 2 | 0.5",
                "4 / 2 | 2.0",
                "2 ** 10 | 1024",
                "2 ** -1 | 0.5",
                "-2 ** 2 | -4",
                "2 ** 3 ** 2 | 512",
                "True + 1 | 2",
                "0.1 + 0.2 | 0.30000000000000004",
                "not 1 == 1.0 | False",
                "1 < 2 < 3 | True",
                "1 < 2 > 3 | False",
                "3 if [] else 4 | 4",
                "None or 'a' | 'a'",
                "0 and 1 | 0",
                "'b' in ['a', 'b'] | True",
                "'x' not in dict(x=1) | False",
                "None is None | True",
                "[1, 2] + [3] | [1, 2, 3]",
                "(1, ) + (2, ) | (1, 2)",
                "[0] * 3 | [0, 0, 0]",
                "'ab' 'cd' | 'abcd'",
                "'a' + 'b' * 2 | 'abb'",
                "r'a\\b' | 'a\\\\b'",
                "'\\x41\\u00e9\\101' | 'AéA'",
                "'%s-%03d-%.2f%%' % ('a', 7, 1.005) | 'a-007-1.00%'",
                "'%(k)s' % dict(k=1) | '1'",
                "'{}/{}/{n}'.format(1, 'b', n=2.0) | '1/b/2.0'",
                "f'{1 + 1}x{{}}' | '2x{}'",
                "[1, 2, 3, 4][1:3] | [2, 3]",
                "[1, 2, 3, 4][::-1] | [4, 3, 2, 1]",
                "[1, 2, 3, 4][-2:] | [3, 4]",
                "(1, 2)[0] | 1",
                "'abc'[-1] | 'c'",
                "[i * 2 for i in range(4) if i % 2] | [2, 6]",
                "[(i, j) for i in range(2) for j in 'ab'] | [(0, 'a'), (0, 'b'), (1, 'a'), (1, 'b')]",
                "{k: len(k) for k in ['a', 'bc']} | dict(a=1, bc=2)",
                "list(i for i in (1, 2)) | [1, 2]",
                "tuple(x + 1 for x in range(2)) | (1, 2)",
                "dict(a=1, **dict(b=2)) | dict(a=1, b=2)",
                "{'a': 1, **{'b': 2}} | dict(a=1, b=2)",
                "dict([('a', 1)], b=2) | dict(a=1, b=2)",
                "[*range(2), 5] | [0, 1, 5]",
                "int(320 / 224 * 256) | 365",
                "int('12') | 12",
                "round(2.5) | 2",
                "round(2.675, 2) | 2.67",
                "min(3, 1, 2) | 1",
                "max([1.5, 1]) | 1.5",
                "sum([1, 2, 3]) | 6",
                "float('inf') | float('inf')",
                "str(1.0) + str(None) + str([1, 'a']) | \"1.0None[1, 'a']\"",
                "','.join(['a', 'b']) | 'a,b'",
                "sorted([3, 1, 2]) | [1, 2, 3]",
                "[k for k, v in dict(a=1).items()] | ['a']",
                "dict(a=1).get('b', 3) | 3",
                "() | ()",
                "(1) | 1",
                "1, 2 | (1, 2)",
                "1, | (1, )",
            })
    void expressionsGivePythonsValues(String expression, String value) {
        assertEquals(value, x("x = " + expression + "\n"));
    }

    @Test
    void statementsChangeNamesAndSharedObjects() {
        assertEquals("dict(depth=50)", x("x = dict(depth=18)\ny = x\ny['depth'] = 50\n"));
        assertEquals("dict(a=dict(b=2))", x("x = dict(a=dict(b=1)); x.a.b = 2"));
        assertEquals("[1, 2, 3]", x("x = [1]; y = x; y += [2]; y.append(3)"));
        assertEquals("3", x("a, (b, c) = 1, [2, 3]; x = c"));
        assertEquals("1", x("y = x = 1"));
        assertEquals("[1]", x("import copy\ny = [1]\nx = copy.deepcopy(y)\ny.append(2)\n"));
        assertEquals("6", x("x = 1\nfor i in range(1, 4):\n    x *= i\n"));
        assertEquals("'b'", x("if False:\n  x = 'a'\nelif 1:\n  x = 'b'\nelse:\n  x = 'c'\n"));
        assertEquals("dict(b=2)", x("x = dict(a=1, b=2)\ndel x['a']\n"));
        assertEquals("3", x("x = (1 +  # comment\n     2)\n"));
        assertEquals("3", x("x = 1 + \\\n    2\n"));
        assertEquals("'a\\nb'", x("x = '''a\nb'''\n"));
    }

    @Test
    void hiddenNamesModulesAndDeletedNamesAreDropped() {
        Config config = Config.parse("import copy\nimport os\n__a = 1\n_b = 2\nc = 3\ndel c\n\"docstring\"\n", "c.py");
        assertEquals("_b = 2\n", config.prettyText());
    }

    @Test
    void everyValueKnowsWhereItWasWritten() {
        Config config = Config.parse(
                "a = 1\nmodel = dict(\n    type='X',\n    n=[1,\n       2.5])\nb = model['n']\n", "dir/c.py");
        Value.Dict model = assertInstanceOf(Value.Dict.class, config.root().get("model"));
        assertEquals(new Position("dir/c.py", 2, 9), model.at());
        Value.Seq n = assertInstanceOf(Value.Seq.class, model.get("n"));
        assertEquals(
                "dir/c.py:3:10",
                String.valueOf(
                        assertInstanceOf(Value.Text.class, model.get("type")).at()));
        assertEquals("dir/c.py:4:7", n.at().toString());
        assertEquals("dir/c.py:5:8", n.items().get(1).at().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x = dict(a=1 | c.py:1:9: '(' is never closed",
                "x = [1, 2) | c.py:1:10: ')' does not close the '[' of line 1; expected ']'",
                "x = } | c.py:1:5: '}' closes nothing",
                "x = 'abc | c.py:1:5: this string is never closed: expected '",
                "x = 012 | c.py:1:5: '012': an int does not begin with 0; octal is written 0o17",
                "x = 1x | c.py:1:5: '1x' is not a number",
                "x = 1__0 | c.py:1:5: '1__0' is not a number",
                "x = 99999999999999999999 | c.py:1:5: '99999999999999999999' is not an int of base 10 in 64 bits",
                "x = 9223372036854775807 + 1 | c.py:1:25: the result of '+' does not fit into 64 bits",
                "x = 1 / 0 | c.py:1:7: division by zero",
                "x = y | c.py:1:5: the name 'y' is not defined above",
                "depth = 1; x = dpeth | c.py:1:16: the name 'dpeth' is not defined above",
                "x = 1 + 'a' | c.py:1:7: '+' cannot be used between int and str",
                "x = open('/etc/passwd') | c.py:1:5: the function 'open' cannot be called in a config, which is data; known are",
                "x = __import__('os') | c.py:1:5: the function '__import__' cannot be called in a config",
                "import os; x = os.system('true') | c.py:1:16: the function 'os.system' cannot be called in a config",
                "from os import * | c.py:1:1: 'import *' cannot be used in a config, which is data",
                "def f(): pass | c.py:1:1: 'def' is not part of a config's language: a config is data",
                "x = lambda: 1 | c.py:1:5: 'lambda' is not part of a config's language",
                "x = dict(**{1: 2}) | c.py:1:10: '**' takes keys that are str, got int",
                "x = {1: 2}[3] | c.py:1:11: there is no key '3'; did you mean '1'?",
                "x = {1, 2} | c.py:1:5: a set is not part of a config's language; use a list: [a, b]",
                "x = {1.5: 2} | c.py:1:6: a dict's key must be str or int, got float",
                "x = b'a' | c.py:1:5: a string cannot begin with the letters 'b' here",
                "x = dict(a=1, a=2) | c.py:1:15: the name 'a' is given twice in this call",
                "x = dict(a=1)['b'] | c.py:1:14: there is no key 'b'; did you mean 'a'?",
                "x = [1][2] | c.py:1:8: index 2 is outside of a list of length 1",
                "x = [].foo() | c.py:1:7: list has no method 'foo' in a config; known are",
                "1 = x | c.py:1:1: a int cannot be assigned to; a name, a.b or a[b] can",
                "dict = 3 | c.py:1:1: 'dict' is a function's name; give this value another",
                "x = dict | c.py:1:5: 'dict' can only be called: dict(…)",
                "x = 3 4 | c.py:1:7: expected the end of the line, got a number",
                "x = | c.py:1:4: expected a value, got the end of the line",
                "x = ~1 | c.py:1:5: '~' is not part of a config's language; use + - * / // % **",
                "x = $ | c.py:1:5: the character '$' means nothing here",
                "x: int = 1 | c.py:1:2: ':' is not expected here; a value is given by 'name = value'",
                "text = 1 | c.py:1:8: 'text' is reserved for config file; use another name",
                "_base_ = 'a.py' | c.py:1:10: a config that is no file cannot have a _base_",
                "x = {{ fileDirname }} | c.py:1:5: a {{ file… }} variable stands for text: put it in quotes",
                "x = {{ _base_.a }} | c.py:1:5: the base configs have no 'a' of _base_.a; known are",
                "x = 'a' * 99999999999 | c.py:1:9: this config makes more than 2000000 list items and characters",
                "x = range(99999999999) | c.py:1:5: this config makes more than 2000000 list items and characters",
                "x = 'é\\u12' | c.py:1:5: a string of this line has a broken \\u escape; 4 hexadecimal digits were expected",
            })
    void whatIsRefusedSaysWhereAndWhatInstead(String text, String message) {
        String got = error(text);
        assertTrue(got.startsWith(message), got);
    }

    /** RepVGG's group_layer_map has such keys; 2 and '2' are two. */
    @Test
    void keysMayBeInts() {
        assertEquals("dict({2: 4, '2': 5, -3: 6})", x("x = {2: 4, '2': 5, -3: 6}\n"));
        assertEquals("dict({2: 4, 4: 4})", x("x = {i: 4 for i in range(2, 6, 2)}\n"));
        assertEquals("[4, 5, True, False]", x("a = {2: 4, '2': 5}\nx = [a[2], a['2'], 2 in a, 5 in a]\n"));
        assertEquals("[2, (2, 4)]", x("a = {2: 4}\nx = [list(a)[0], a.items()[0]]\n"));
        assertEquals("'{2: 4}'", x("x = '%s' % str({2: 4})\n"));
    }

    @Test
    void errorsOnLaterLinesKeepTheirPlace() {
        assertTrue(error("a = 1\n\n# comment\nb = dict(\n    c=foo)\n").startsWith("c.py:5:7: the name 'foo'"));
        assertTrue(error("a = '''x\ny''' + 1\n").startsWith("c.py:2:6: '+' cannot"));
        assertTrue(error("a = 1\n  b = 2\n").startsWith("c.py:2:3: this line is indented for no reason"));
        assertTrue(
                error("if 1:\n    a = 1\n  b = 2\n").startsWith("c.py:3:3: this line is indented like no line above"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "-", "not ", "{'a': ", "dict(a=", "1 if 1 else ", "[0 for a in ", "2 ** "})
    void deepNestingIsOneSentence(String opening) {
        String message = error("x = " + opening.repeat(20_000) + "1");
        assertTrue(message.contains("nested deeper than 200 levels") || message.contains("never closed"), message);
    }

    @Test
    void longChainsAreNotDeep() {
        assertEquals("20000", x("x = 0" + " + 1".repeat(20_000) + "\n"));
        assertEquals("True", x("x = True" + " and True".repeat(20_000) + "\n"));
    }

    @Test
    void valuesThatHoldThemselvesOrExplodeAreRefused() {
        assertTrue(error("x = []\nx.append(x)\n").contains("nested deeper than 200 levels, or holds itself"));
        assertTrue(error("x = [0]\n" + "x = [x, x]\n".repeat(40)).contains("more than 500000 values"));
        assertTrue(error("x = []\n" + "x = [x]\n".repeat(5000)).contains("nested deeper than 200 levels"));
        assertTrue(error("x = [1]\nfor i in range(900000):\n    x[0] = i\n").contains("steps to read"));
    }
}
