package dev.taxon;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.report.Progress;
import dev.taxon.train.Supervision;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * K-fold cross-validation: as many trainings as folds, each validated on the fold that it has not seen. Source: mmcls
 * tools/kfold-cross-valid.py, with its folders and configs.
 *
 * @param config of one training; its {@code data.train} is split
 * @param name file name of the config
 * @param workDir has a folder {@code foldN} for each
 * @param splits number of folds
 * @param seed of the split; a training's is this and its fold's number
 */
public record KFold(Config config, String name, Path workDir, int splits, long seed) {
    private static final Position HERE = new Position("kfold", 0, 0);

    public KFold {
        UserError.require(splits >= 2, "--num-splits must be at least 2, got %d", splits);
    }

    /** A fold's folder. */
    public Path folder(int fold) {
        return workDir.resolve("fold" + fold);
    }

    /** The config of one fold. @throws UserError if it has no {@code data.train}, or no {@code data.val} with a pipeline */
    public Config of(int fold) {
        UserError.require(fold >= 0 && fold < splits, "--fold must be from 0 to %d, got %d", splits - 1, fold);
        Fields data = config.fields().dict("data");
        Value.Dict train = data.dict("train").dict();
        Fields val = data.dict("val");
        Map<String, Value> validated = new LinkedHashMap<>(train.entries());
        Value pipeline = val.value("pipeline");
        if (pipeline == null) {
            throw val.error("pipeline", "is missing: the fold that is left out is prepared by it");
        }
        validated.put("pipeline", pipeline);
        Value validation = wrapped(new Value.Dict(validated, train.at()), fold, true);
        return config.with("data.train", deleting(wrapped(train, fold, false)))
                .with("data.val", deleting(validation))
                .with("data.test", deleting(validation));
    }

    private Value.Dict wrapped(Value.Dict dataset, int fold, boolean test) {
        Map<String, Value> entries = new LinkedHashMap<>();
        entries.put("type", new Value.Text("KFoldDataset", HERE));
        entries.put("fold", new Value.Int(fold, HERE));
        entries.put("dataset", dataset);
        entries.put("num_splits", new Value.Int(splits, HERE));
        entries.put("seed", new Value.Int(seed, HERE));
        if (test) {
            entries.put("test_mode", new Value.Bool(true, HERE));
        }
        return new Value.Dict(entries, HERE);
    }

    /** Stands in the place of the data set that was there, instead of being merged into it. */
    private static Value deleting(Value dataset) {
        Map<String, Value> entries = new LinkedHashMap<>(((Value.Dict) dataset).entries());
        entries.put("_delete_", new Value.Bool(true, HERE));
        return new Value.Dict(entries, HERE);
    }

    /**
     * Trains one fold.
     *
     * @param resumeFrom a checkpoint of the same fold, or null
     */
    public Trainer.Result train(
            int fold,
            @Nullable Path resumeFrom,
            boolean validate,
            boolean deterministic,
            @Nullable String device,
            PrintStream console,
            Progress progress) {
        int dot = name.lastIndexOf('.');
        String own = dot < 0 ? name + "_fold" + fold : name.substring(0, dot) + "_fold" + fold + name.substring(dot);
        Trainer.Arguments arguments = new Trainer.Arguments(
                folder(fold),
                resumeFrom == null ? null : resumeFrom.toString(),
                validate,
                seed + fold,
                deterministic,
                device);
        return Trainer.train(of(fold), own, arguments, console, progress, Supervision.NONE);
    }

    /**
     * Which fold of which split a checkpoint is of: its config says so.
     *
     * @param splits number of folds
     * @param seed of the split
     */
    public record Origin(int fold, int splits, long seed) {
        /** Of a file. @throws UserError for a checkpoint of another kind of run */
        public static Origin of(Path file) {
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                if (checkpoint.meta().get("config") instanceof String text) {
                    Fields data =
                            Config.parse(text, file + ", meta.config").fields().dictOrNull("data");
                    Fields train = data == null ? null : data.dictOrNull("train");
                    if (train != null && train.text("type", "").equals("KFoldDataset")) {
                        return new Origin(train.integer("fold"), train.integer("num_splits"), train.integer("seed"));
                    }
                }
            }
            throw UserError.of(
                    "%s is no checkpoint of a k-fold cross-validation: its config has no KFoldDataset", file);
        }
    }
}
