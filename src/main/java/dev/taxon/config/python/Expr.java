package dev.taxon.config.python;

import dev.taxon.config.Position;
import dev.taxon.config.Value;
import java.util.List;
import java.util.Optional;

/** An expression as written. Chains of operators are flat lists, so that a long sum is not a deep tree. */
sealed interface Expr {
    Position at();

    record Literal(Value value) implements Expr {
        @Override
        public Position at() {
            return value.at();
        }
    }

    record Name(String name, Position at) implements Expr {}

    /** <code>{{ _base_.a.b }}</code>. */
    record Base(String path, Position at) implements Expr {}

    /** {@code f'a {x}'}: the pieces, joined as text. */
    record Joined(List<Expr> parts, Position at) implements Expr {}

    /** {@code *x} in a list, tuple or call. */
    record Starred(Expr value, Position at) implements Expr {}

    record ListOf(List<Expr> items, Position at) implements Expr {}

    record TupleOf(List<Expr> items, Position at) implements Expr {}

    record DictOf(List<Entry> entries, Position at) implements Expr {}

    /** {@code key: value}; without a key {@code **value}. */
    record Entry(Optional<Expr> key, Expr value) {}

    /** A list, dict (with a key) or generator comprehension; a generator is evaluated to a list. */
    record Comprehension(Optional<Expr> key, Expr item, List<Clause> clauses, Position at) implements Expr {}

    /** {@code for target in items if condition …}. */
    record Clause(Expr target, Expr items, List<Expr> conditions) {}

    /** A call; a keyword without a name is {@code **value}. */
    record Call(Expr function, List<Expr> arguments, List<Keyword> keywords, Position at) implements Expr {}

    record Keyword(Optional<String> name, Expr value, Position at) {}

    record Attribute(Expr owner, String name, Position at) implements Expr {}

    record Index(Expr owner, Expr index, Position at) implements Expr {}

    record Slice(Optional<Expr> from, Optional<Expr> to, Optional<Expr> by, Position at) implements Expr {}

    record Unary(String operator, Expr operand, Position at) implements Expr {}

    /** {@code a + b - c}: operators of one precedence, from left to right. */
    record Arithmetic(Expr first, List<Step> steps, Position at) implements Expr {}

    /** {@code a < b <= c}. */
    record Comparison(Expr first, List<Step> steps, Position at) implements Expr {}

    record Step(String operator, Expr operand, Position at) {}

    /** {@code a and b and c}, or {@code or}. */
    record Logic(boolean and, List<Expr> operands, Position at) implements Expr {}

    record Conditional(Expr condition, Expr then, Expr otherwise, Position at) implements Expr {}
}
