package dev.taxon.data.source;

import java.nio.file.Path;

/**
 * Image files below a folder.
 *
 * @param folder empty: that of the process
 * @param names below it, with {@code /}
 */
public record FolderImages(String folder, Names names) implements Images {
    @Override
    public int size() {
        return names.size();
    }

    @Override
    public Source get(int index) {
        return new FileSource(Path.of(folder).resolve(names.get(index)));
    }
}
