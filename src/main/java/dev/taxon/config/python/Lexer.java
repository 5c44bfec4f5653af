package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.config.python.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a Python file into tokens. Source: Python reference, 2 Lexical analysis. */
final class Lexer {
    private static final Pattern BASE = Pattern.compile("\\{\\{\\s*_base_\\.([\\w.]+)\\s*\\}\\}");
    private static final Pattern TEMPLATE = Pattern.compile("\\{\\{\\s*(file\\w+)\\s*\\}\\}");
    private static final List<String> OPERATORS = List.of(
            "**=", "//=", ">>=", "<<=", "...", "**", "//", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "&=",
            "|=", "^=", "@=", ":=", "->", "<<", ">>", "+", "-", "*", "/", "%", "<", ">", "=", "(", ")", "[", "]", "{",
            "}", ",", ":", ";", ".", "@", "&", "|", "^", "~");

    private final String text;
    private final String file;
    private final List<Token> tokens = new ArrayList<>();
    private final Deque<Token> open = new ArrayDeque<>();
    private final Deque<Integer> indents = new ArrayDeque<>();
    private int at;
    private int line;
    private int lineStart;

    Lexer(String text, String file) {
        this(text, new Position(file, 1, 1));
    }

    /** Reads a piece of a file that begins at {@code start}. */
    Lexer(String text, Position start) {
        this.text = (text.startsWith("\uFEFF") ? text.substring(1) : text)
                .replace("\r\n", "\n")
                .replace('\r', '\n');
        this.file = start.file();
        this.line = start.line();
        this.lineStart = 1 - start.column();
    }

    List<Token> tokens() {
        indents.push(0);
        boolean newLine = true;
        while (true) {
            if (newLine && open.isEmpty()) {
                indentation();
            }
            newLine = false;
            skipBlanks();
            if (at >= text.length()) {
                break;
            }
            char c = text.charAt(at);
            if (c == '\n') {
                newLine = true;
                newline();
            } else if (Character.isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
                number();
            } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
                word();
            } else if (c == '"' || c == '\'') {
                string("", here());
            } else {
                operator();
            }
        }
        if (!open.isEmpty()) {
            throw UserError.of(
                    "%s: '%s' is never closed", open.peek().at(), open.peek().text());
        }
        endLine();
        while (indents.pop() > 0) {
            add(Kind.DEDENT, "", here());
        }
        add(Kind.END, "", here());
        return tokens;
    }

    private void newline() {
        if (open.isEmpty()) {
            endLine();
        }
        at++;
        line++;
        lineStart = at;
    }

    private void endLine() {
        if (!tokens.isEmpty()) {
            Kind last = tokens.getLast().kind();
            if (last != Kind.NEWLINE && last != Kind.INDENT && last != Kind.DEDENT) {
                add(Kind.NEWLINE, "", here());
            }
        }
    }

    /** Compares a line's indentation with the open blocks; blank lines and comments do not count. */
    private void indentation() {
        int width = 0;
        int i = at;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\t') {
                width = (width / 8 + 1) * 8;
            } else if (c == ' ') {
                width++;
            } else if (c != '\f') {
                break;
            }
        }
        if (i >= text.length() || text.charAt(i) == '\n' || text.charAt(i) == '#') {
            return;
        }
        at = i;
        if (width > indents.peek()) {
            indents.push(width);
            add(Kind.INDENT, "", here());
        }
        while (width < indents.peek()) {
            indents.pop();
            add(Kind.DEDENT, "", here());
        }
        UserError.require(width == indents.peek(), "%s: this line is indented like no line above it", here());
    }

    private void skipBlanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\f') {
                at++;
            } else if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
                at += 2;
                line++;
                lineStart = at;
            } else {
                return;
            }
        }
    }

    private void word() {
        Position start = here();
        int from = at;
        while (at < text.length() && (Character.isUnicodeIdentifierPart(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String word = text.substring(from, at);
        if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'') && word.length() <= 2) {
            string(word.toLowerCase(Locale.ROOT), start);
        } else {
            add(Kind.NAME, word, start);
        }
    }

    private void number() {
        Position start = here();
        int from = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean exponentSign = (c == '+' || c == '-') && isExponent(text.charAt(at - 1)) && !isHex(from);
            if (!Character.isLetterOrDigit(c) && c != '_' && c != '.' && !exponentSign) {
                break;
            }
            at++;
        }
        Value value = Numbers.parse(text.substring(from, at), start);
        tokens.add(new Token(Kind.NUMBER, text.substring(from, at), value, start));
    }

    private boolean isHex(int from) {
        return text.startsWith("0x", from) || text.startsWith("0X", from);
    }

    private static boolean isExponent(char c) {
        return c == 'e' || c == 'E';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A string from its opening quote on; {@code prefix} in lower case. */
    private void string(String prefix, Position start) {
        boolean formatted = prefix.contains("f");
        UserError.require(
                prefix.matches("r?|u|f|rf|fr"),
                "%s: a string cannot begin with the letters '%s' here; plain, r'' and f'' strings can be used",
                start,
                prefix);
        char quote = text.charAt(at);
        boolean triple = text.startsWith(String.valueOf(quote).repeat(3), at);
        String end = String.valueOf(quote).repeat(triple ? 3 : 1);
        int from = at + end.length();
        at = from;
        while (!text.startsWith(end, at)) {
            UserError.require(
                    at < text.length() && (triple || text.charAt(at) != '\n'),
                    "%s: this string is never closed: expected %s",
                    start,
                    end);
            step();
        }
        String inside = text.substring(from, at);
        at += end.length();
        if (formatted) {
            tokens.add(new Token(Kind.FSTRING, inside, new Value.Bool(prefix.contains("r"), start), start));
            return;
        }
        String decoded = prefix.equals("r") ? inside : Strings.unescape(inside, start);
        tokens.add(new Token(Kind.STRING, decoded, new Value.Text(decoded, start), start));
    }

    /** One character of a string, or a backslash and what it escapes. */
    private void step() {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
            at++;
        }
        if (text.charAt(at) == '\n') {
            line++;
            lineStart = at + 1;
        }
        at++;
    }

    private void operator() {
        Position start = here();
        if (text.startsWith("{{", at) && placeholder(start)) {
            return;
        }
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                at += operator.length();
                Token token = Token.of(Kind.OPERATOR, operator, start);
                bracket(token);
                tokens.add(token);
                return;
            }
        }
        int c = text.codePointAt(at);
        throw UserError.of("%s: the character %s means nothing here", start, Strings.quote(Character.toString(c)));
    }

    private boolean placeholder(Position start) {
        Matcher base = BASE.matcher(text).region(at, text.length());
        if (base.lookingAt()) {
            advanceTo(base.end());
            add(Kind.BASE, base.group(1), start);
            return true;
        }
        Matcher template = TEMPLATE.matcher(text).region(at, text.length());
        UserError.require(
                !template.lookingAt(),
                "%s: a {{ file… }} variable stands for text: put it in quotes, such as './work_dirs/{{ fileBasenameNoExtension }}'",
                start);
        return false;
    }

    private void advanceTo(int end) {
        while (at < end) {
            step();
        }
    }

    private void bracket(Token token) {
        switch (token.text()) {
            case "(", "[", "{" -> open.push(token);
            case ")", "]", "}" -> {
                UserError.require(!open.isEmpty(), "%s: '%s' closes nothing", token.at(), token.text());
                Token opened = open.pop();
                char expected = ")]}".charAt("([{".indexOf(opened.text().charAt(0)));
                UserError.require(
                        token.text().charAt(0) == expected,
                        "%s: '%s' does not close the '%s' of line %d; expected '%s'",
                        token.at(),
                        token.text(),
                        opened.text(),
                        opened.at().line(),
                        expected);
            }
            default -> {}
        }
    }

    private void add(Kind kind, String word, Position start) {
        tokens.add(Token.of(kind, word, start));
    }

    private Position here() {
        return new Position(file, line, at - lineStart + 1);
    }
}
