package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
import dev.taxon.config.Templates;
import dev.taxon.config.Value;
import dev.taxon.config.python.Obj.DictObj;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A config file in the safe subset of Python.
 *
 * @param own what the file itself assigns at top level, in order; names that begin with {@code __} and modules are left out
 * @param base the base configs' values joined; empty without {@code _base_}
 */
public record PythonFile(Value.Dict own, Value.Dict base) {
    /** Reads a file.
     *
     * @param name how positions name the file
     * @param bases loads and joins the configs that the value of {@code _base_} names
     */
    public static PythonFile read(String text, String name, Templates templates, Function<Value, Value.Dict> bases) {
        return new Reader(text, name, templates, bases).read();
    }

    private static final class Reader {
        private final Position start;
        private final List<Statement> statements;
        private final Function<Value, Value.Dict> bases;
        private final Budget budget = new Budget();
        private final Scope scope;
        private final Evaluator evaluator;

        Reader(String text, String name, Templates templates, Function<Value, Value.Dict> bases) {
            this.start = new Position(name, 1, 1);
            this.statements = new Parser(text, name).parse();
            this.bases = bases;
            this.scope = new Scope(templates, this::loadBases);
            this.evaluator = new Evaluator(scope, budget);
        }

        PythonFile read() {
            statements.forEach(this::run);
            Value.Dict base = Trees.freeze(scope.base().entries(), new DictObj(new LinkedHashMap<>(), start));
            Map<String, Obj> own = new LinkedHashMap<>();
            scope.globals().forEach((name, value) -> {
                boolean hidden = name.startsWith("__") || name.equals(Scope.BASE);
                boolean code = value instanceof Obj.Module || value instanceof Obj.Function;
                if (!hidden && !code) {
                    own.put(name, value);
                }
            });
            return new PythonFile(Trees.freeze(own, new DictObj(new LinkedHashMap<>(), start)), base);
        }

        /** The base configs; {@code _base_} may be assigned below the place that first asks for a base's value. */
        private Value.Dict loadBases() {
            Obj named = scope.globals().get(Scope.BASE);
            if (named == null) {
                named = statements.stream()
                        .filter(s -> s instanceof Statement.Assign a
                                && a.targets().stream().anyMatch(Reader::isBase))
                        .findFirst()
                        .map(s -> evaluator.evaluate(((Statement.Assign) s).value()))
                        .orElse(null);
            }
            if (named == null) {
                return new Value.Dict(Map.of(), start);
            }
            Map<String, Obj> wrapped = new LinkedHashMap<>();
            wrapped.put(Scope.BASE, named);
            Value value = Trees.freeze(wrapped, new DictObj(new LinkedHashMap<>(), start))
                    .get(Scope.BASE);
            return value == null ? new Value.Dict(Map.of(), start) : bases.apply(value);
        }

        private static boolean isBase(Expr target) {
            return target instanceof Expr.Name n && n.name().equals(Scope.BASE);
        }

        private void run(Statement statement) {
            budget.step(statement.at());
            switch (statement) {
                case Statement.Assign s -> {
                    Obj value = evaluator.evaluate(s.value());
                    s.targets().forEach(target -> evaluator.assign(target, value));
                }
                case Statement.Augment s -> {
                    Obj value = evaluator.evaluate(s.target());
                    evaluator.assign(s.target(), evaluator.augmented(value, s.operator(), s.value(), s.at()));
                }
                case Statement.Delete s -> s.targets().forEach(evaluator::delete);
                case Statement.Evaluate s -> evaluator.evaluate(s.value());
                case Statement.Import s -> bring(s);
                case Statement.Pass s -> {}
                case Statement.If s ->
                    (Operators.truth(evaluator.evaluate(s.condition())) ? s.then() : s.otherwise()).forEach(this::run);
                case Statement.For s -> {
                    for (Obj item : evaluator.iterate(s.items())) {
                        evaluator.assign(s.target(), item);
                        s.body().forEach(this::run);
                    }
                }
            }
        }

        /** Binds a name. Only {@code copy} is there; what else is imported is refused where it is used. */
        private void bring(Statement.Import s) {
            UserError.require(
                    !s.name().equals("*"), "%s: 'import *' cannot be used in a config, which is data", s.at());
            String full = s.name().isEmpty() ? s.module() : s.module() + "." + s.name();
            boolean module = s.name().isEmpty();
            String as = s.as().contains(".") ? s.as().substring(0, s.as().indexOf('.')) : s.as();
            scope.write(as, module ? new Obj.Module(full, s.at()) : new Obj.Function(full, s.at()), s.at());
        }
    }
}
