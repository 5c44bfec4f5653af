package dev.taxon.cli;

/** How commands describe the argument that {@link dev.taxon.checkpoint.hub.Hub#locate} takes. */
final class CheckpointName {
    static final String DESCRIPTION =
            "a .pth or .safetensors file: a path, http(s)://…, torchvision://NAME, mmcls://NAME or open-mmlab://NAME";

    private CheckpointName() {}
}
