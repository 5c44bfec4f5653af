package dev.taxon.config;

import java.util.List;

/** The top-level names that mean something to mmcls or to us. Any other name is a variable of the config's. */
public final class KnownKeys {
    public static final List<String> ALL = List.of(
            "model",
            "dataset_type",
            "img_norm_cfg",
            "train_pipeline",
            "val_pipeline",
            "test_pipeline",
            "data",
            "evaluation",
            "optimizer",
            "optimizer_config",
            "lr_config",
            "momentum_config",
            "runner",
            "total_epochs",
            "checkpoint_config",
            "log_config",
            "custom_hooks",
            "custom_imports",
            "dist_params",
            "log_level",
            "load_from",
            "resume_from",
            "workflow",
            "work_dir",
            "fp16",
            "cudnn_benchmark",
            "find_unused_parameters",
            "sampler",
            "device",
            "mp_start_method",
            "opencv_num_threads",
            "seed",
            "gpu_ids",
            "taxon");

    private KnownKeys() {}
}
