package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.IntKey;
import dev.taxon.config.Nearest;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.config.python.Obj.Atom;
import dev.taxon.config.python.Obj.DictObj;
import dev.taxon.config.python.Obj.ListObj;
import dev.taxon.config.python.Obj.TupleObj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The value of an expression. Names are looked up in {@link Scope}. */
final class Evaluator {
    private final Scope scope;
    private final Budget budget;
    private final Text text;
    private final Operators operators;
    private final Builtins builtins;
    private final Methods methods;

    Evaluator(Scope scope, Budget budget) {
        this.scope = scope;
        this.budget = budget;
        this.text = new Text(budget);
        this.operators = new Operators(budget, text);
        this.builtins = new Builtins(budget, operators, text);
        this.methods = new Methods(budget, operators, builtins, text);
    }

    Obj evaluate(Expr e) {
        budget.step(e.at());
        return switch (e) {
            case Expr.Literal l -> literal(l.value());
            case Expr.Name n -> scope.read(n.name(), n.at());
            case Expr.Base b -> scope.base(b.path(), b.at());
            case Expr.Joined j -> {
                StringBuilder out = new StringBuilder();
                j.parts().forEach(part -> out.append(text.str(evaluate(part), part.at())));
                yield Obj.of(out.toString(), j.at());
            }
            case Expr.Starred s -> throw UserError.of("%s: '*' cannot be used here", s.at());
            case Expr.ListOf l -> new ListObj(items(l.items()), l.at());
            case Expr.TupleOf t -> new TupleObj(items(t.items()), t.at());
            case Expr.DictOf d -> dict(d);
            case Expr.Comprehension c -> comprehension(c);
            case Expr.Call c -> call(c);
            case Expr.Attribute a -> attribute(a);
            case Expr.Index i -> index(i);
            case Expr.Slice s -> throw UserError.of("%s: a slice stands in brackets only", s.at());
            case Expr.Unary u -> operators.unary(u.operator(), evaluate(u.operand()), u.at());
            case Expr.Arithmetic a -> {
                Obj value = evaluate(a.first());
                for (Expr.Step step : a.steps()) {
                    Obj result = operators.binary(step.operator(), value, evaluate(step.operand()), step.at());
                    value = moved(result, a.at());
                }
                yield value;
            }
            case Expr.Comparison c -> Obj.of(comparison(c), c.at());
            case Expr.Logic l -> {
                Obj value = evaluate(l.operands().getFirst());
                for (Expr operand : l.operands().subList(1, l.operands().size())) {
                    if (Operators.truth(value) != l.and()) {
                        break;
                    }
                    value = evaluate(operand);
                }
                yield value;
            }
            case Expr.Conditional c ->
                Operators.truth(evaluate(c.condition())) ? evaluate(c.then()) : evaluate(c.otherwise());
        };
    }

    /** {@code value operator= operand}: a list grows in place, anything else is a new value. */
    Obj augmented(Obj value, String operator, Expr operand, Position at) {
        Obj right = evaluate(operand);
        if (operator.equals("+") && value instanceof ListObj l) {
            l.items().addAll(builtins.items(right, at));
            return l;
        }
        return operators.binary(operator, value, right, at);
    }

    /** What {@code for} goes through. */
    List<Obj> iterate(Expr e) {
        return builtins.items(evaluate(e), e.at());
    }

    /** Gives a value to a name, {@code a.b}, {@code a[b]} or several of these. */
    void assign(Expr target, Obj value) {
        switch (target) {
            case Expr.Name n -> scope.write(n.name(), value, n.at());
            case Expr.Attribute a -> Subscripts.write(evaluate(a.owner()), Obj.of(a.name(), a.at()), value, a.at());
            case Expr.Index i -> Subscripts.write(evaluate(i.owner()), evaluate(i.index()), value, i.at());
            case Expr.TupleOf t -> {
                List<Obj> items = builtins.items(value, t.at());
                UserError.require(
                        items.size() == t.items().size(),
                        "%s: %d names for %d values",
                        t.at(),
                        t.items().size(),
                        items.size());
                for (int i = 0; i < items.size(); i++) {
                    assign(t.items().get(i), items.get(i));
                }
            }
            default -> throw UserError.of("%s: this cannot be assigned to; a name, a.b or a[b] can", target.at());
        }
    }

    void delete(Expr target) {
        switch (target) {
            case Expr.Name n -> scope.delete(n.name(), n.at());
            case Expr.Attribute a -> Subscripts.delete(evaluate(a.owner()), Obj.of(a.name(), a.at()), a.at());
            case Expr.Index i
            when !(i.index() instanceof Expr.Slice) ->
                Subscripts.delete(evaluate(i.owner()), evaluate(i.index()), i.at());
            default -> throw UserError.of("%s: this cannot be deleted; a name, a.b or a[b] can", target.at());
        }
    }

    private Obj literal(Value value) {
        return value instanceof Value.Text t && t.value().contains("{{") ? scope.substitute(t) : new Atom(value);
    }

    private List<Obj> items(List<Expr> expressions) {
        ArrayList<Obj> out = new ArrayList<>();
        for (Expr e : expressions) {
            if (e instanceof Expr.Starred s) {
                out.addAll(builtins.items(evaluate(s.value()), s.at()));
            } else {
                out.add(evaluate(e));
            }
        }
        budget.grow(
                out.size(),
                expressions.isEmpty()
                        ? Position.UNKNOWN
                        : expressions.getFirst().at());
        return out;
    }

    private Obj dict(Expr.DictOf d) {
        LinkedHashMap<String, Obj> entries = new LinkedHashMap<>();
        for (Expr.Entry entry : d.entries()) {
            Obj value = evaluate(entry.value());
            if (entry.key().isEmpty()) {
                UserError.require(
                        value instanceof DictObj,
                        "%s: '**' needs a dict, got %s",
                        entry.value().at(),
                        value.kind());
                builtins.update(entries, value, entry.value().at());
            } else {
                Expr key = entry.key().get();
                entries.put(Builtins.key(evaluate(key), key.at()), value);
            }
        }
        budget.grow(entries.size(), d.at());
        return new DictObj(entries, d.at());
    }

    private Obj comprehension(Expr.Comprehension c) {
        LinkedHashMap<String, Obj> entries = new LinkedHashMap<>();
        ArrayList<Obj> items = new ArrayList<>();
        scope.inner(() -> clause(c, 0, () -> {
            budget.grow(1, c.at());
            if (c.key().isPresent()) {
                entries.put(Builtins.key(evaluate(c.key().get()), c.at()), evaluate(c.item()));
            } else {
                items.add(evaluate(c.item()));
            }
        }));
        return c.key().isPresent() ? new DictObj(entries, c.at()) : new ListObj(items, c.at());
    }

    private void clause(Expr.Comprehension c, int depth, Runnable body) {
        if (depth == c.clauses().size()) {
            body.run();
            return;
        }
        UserError.require(depth <= TokenStream.DEEPEST, "%s: too many 'for' in one expression", c.at());
        Expr.Clause clause = c.clauses().get(depth);
        for (Obj item : iterate(clause.items())) {
            assign(clause.target(), item);
            if (clause.conditions().stream().allMatch(condition -> Operators.truth(evaluate(condition)))) {
                clause(c, depth + 1, body);
            }
        }
    }

    private Obj call(Expr.Call c) {
        if (c.function() instanceof Expr.Attribute a) {
            Obj owner = evaluate(a.owner());
            if (owner instanceof Obj.Module m) {
                return function(m.name() + "." + a.name(), c);
            }
            return methods.call(owner, a.name(), arguments(c), named(c), a.at());
        }
        if (!(c.function() instanceof Expr.Name n)) {
            throw UserError.of("%s: only functions known by name can be called", c.at());
        }
        Optional<Obj> bound = scope.find(n.name());
        if (bound.isPresent()) {
            if (bound.get() instanceof Obj.Function f) {
                return function(f.name(), c);
            }
            throw UserError.of(
                    "%s: '%s' is %s and cannot be called",
                    c.at(), n.name(), bound.get().kind());
        }
        return function(n.name(), c);
    }

    private Obj function(String name, Expr.Call c) {
        boolean copies = name.equals("copy.deepcopy") || name.equals("copy.copy");
        UserError.require(
                copies || Builtins.NAMES.contains(name),
                "%s: the function '%s' cannot be called in a config, which is data; %s",
                c.at(),
                name,
                Nearest.suggestion(name, Builtins.NAMES));
        return moved(builtins.call(name, arguments(c), named(c), c.at()), c.at());
    }

    private List<Obj> arguments(Expr.Call c) {
        return items(c.arguments());
    }

    private Map<String, Obj> named(Expr.Call c) {
        Map<String, Obj> named = new LinkedHashMap<>();
        for (Expr.Keyword keyword : c.keywords()) {
            Obj value = evaluate(keyword.value());
            Map<String, Obj> more = keyword.name().isPresent()
                    ? Map.of(keyword.name().get(), value)
                    : value instanceof DictObj d ? d.entries() : Map.of();
            UserError.require(
                    keyword.name().isPresent() || value instanceof DictObj,
                    "%s: '**' needs a dict, got %s",
                    keyword.at(),
                    value.kind());
            more.forEach((key, item) -> {
                UserError.require(!IntKey.is(key), "%s: '**' takes keys that are str, got int", keyword.at());
                UserError.require(
                        named.put(key, item) == null,
                        "%s: the name '%s' is given twice in this call",
                        keyword.at(),
                        key);
            });
        }
        return named;
    }

    private Obj attribute(Expr.Attribute a) {
        if (isBase(a.owner())) {
            return scope.base(a.name(), a.at());
        }
        Obj owner = evaluate(a.owner());
        UserError.require(
                owner instanceof DictObj,
                "%s: %s has no attribute '%s'; the entries of a dict can be read as attributes",
                a.at(),
                owner.kind(),
                a.name());
        return Subscripts.entry((DictObj) owner, a.name(), a.at());
    }

    private static boolean isBase(Expr owner) {
        return owner instanceof Expr.Name n && n.name().equals(Scope.BASE);
    }

    private Obj index(Expr.Index i) {
        if (isBase(i.owner()) && !(i.index() instanceof Expr.Slice)) {
            Obj key = evaluate(i.index());
            if (key instanceof Atom(Value.Text text)) {
                return Subscripts.entry(scope.base(), text.value(), i.at());
            }
        }
        Obj owner = evaluate(i.owner());
        if (i.index() instanceof Expr.Slice s) {
            Obj part = Subscripts.slice(
                    owner,
                    s.from().map(this::evaluate),
                    s.to().map(this::evaluate),
                    s.by().map(this::evaluate),
                    i.at());
            budget.grow(part instanceof ListObj l ? l.items().size() : 1, i.at());
            return part;
        }
        return Subscripts.read(owner, evaluate(i.index()), i.at());
    }

    private boolean comparison(Expr.Comparison c) {
        Obj left = evaluate(c.first());
        for (Expr.Step step : c.steps()) {
            Obj right = evaluate(step.operand());
            if (!operators.compare(step.operator(), left, right, step.at())) {
                return false;
            }
            left = right;
        }
        return true;
    }

    /** A computed number or string stands where its expression begins. */
    private static Obj moved(Obj value, Position at) {
        return switch (value) {
            case Atom(Value.Int v) -> Obj.of(v.value(), at);
            case Atom(Value.Real v) -> Obj.of(v.value(), at);
            case Atom(Value.Text v) -> Obj.of(v.value(), at);
            default -> value;
        };
    }
}
