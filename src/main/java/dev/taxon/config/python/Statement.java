package dev.taxon.config.python;

import dev.taxon.config.Position;
import java.util.List;

/** A statement as written. */
sealed interface Statement {
    Position at();

    /** {@code a = b = value}. */
    record Assign(List<Expr> targets, Expr value, Position at) implements Statement {}

    /** {@code a += value}; the operator without its {@code =}. */
    record Augment(Expr target, String operator, Expr value, Position at) implements Statement {}

    record Delete(List<Expr> targets, Position at) implements Statement {}

    /** A call for its effect, or a docstring. */
    record Evaluate(Expr value, Position at) implements Statement {}

    /** {@code import module} or {@code from module import name}, bound to {@code as}. */
    record Import(String module, String name, String as, Position at) implements Statement {}

    record Pass(Position at) implements Statement {}

    record If(Expr condition, List<Statement> then, List<Statement> otherwise, Position at) implements Statement {}

    record For(Expr target, Expr items, List<Statement> body, Position at) implements Statement {}
}
