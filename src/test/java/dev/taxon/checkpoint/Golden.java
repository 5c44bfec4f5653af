package dev.taxon.checkpoint;

import java.net.URI;
import java.net.URL;
import java.nio.file.Path;

/** Files that Python wrote: scripts/golden/checkpoints.py, and mmcls 0.25 for golden/mmcls. */
public final class Golden {
    private Golden() {}

    public static Path file(String name) {
        URL url = Golden.class.getResource("/golden/" + name);
        if (url == null) {
            throw new IllegalArgumentException("no golden file " + name);
        }
        return Path.of(URI.create(url.toString()));
    }
}
