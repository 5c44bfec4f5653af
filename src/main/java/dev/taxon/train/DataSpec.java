package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.data.dataset.Datasets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The config key {@code data}: three data sets, and how batches are made of each. Source: mmcls 0.25,
 * apis/train.py and datasets/builder.py.
 */
public record DataSpec(
        LoaderSpec trainLoader,
        LoaderSpec valLoader,
        LoaderSpec testLoader,
        @Nullable Fields train,
        @Nullable Fields val,
        @Nullable Fields test) {

    /** {@code data.val} with the pipeline of {@code data.train}. */
    public Fields valPreparedAsTrain() {
        if (val == null || train == null) {
            throw UserError.of(
                    "workflow has a 'val' phase and the config has no data.%s; add one", val == null ? "val" : "train");
        }
        Value pipeline = train.value("pipeline");
        if (pipeline == null) {
            throw UserError.of(
                    "%s: workflow has a 'val' phase, which prepares data.val as data.train, but data.train has no pipeline of"
                            + " its own; take the phase out of workflow",
                    train.dict().at());
        }
        Map<String, Value> entries = new LinkedHashMap<>(val.dict().entries());
        entries.put("pipeline", pipeline);
        return new Fields(new Value.Dict(entries, val.dict().at()), val.path());
    }

    /** Reads {@code data}, and the key {@code sampler} beside it. */
    public static DataSpec of(Fields root) {
        Fields f = root.dict("data");
        Fields train = Datasets.field(f, "train");
        Fields val = Datasets.field(f, "val");
        Fields test = Datasets.field(f, "test");
        LoaderSpec shared = LoaderSpec.read(f, root.dictOrNull("sampler"));
        DataSpec spec = new DataSpec(
                shared.with(f.dictOrNull("train_dataloader"), train).checked(f),
                shared.forEvaluation()
                        .with(f.dictOrNull("val_dataloader"), val)
                        .forEvaluation()
                        .checked(f),
                shared.forEvaluation()
                        .with(f.dictOrNull("test_dataloader"), test)
                        .forEvaluation()
                        .checked(f),
                train,
                val,
                test);
        f.done();
        return spec;
    }
}
