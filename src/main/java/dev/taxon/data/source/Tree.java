package dev.taxon.data.source;

import java.util.List;

/** Files by name, below a folder or inside of an archive: what {@code data_prefix} names. Names have {@code /}. Thread-safe. */
public interface Tree extends AutoCloseable {
    /** How messages name it: its path. */
    String name();

    /**
     * The images below its sub-folders, at any depth: one class a sub-folder, classes and images in the order of their
     * names (by code points). Hidden files and hidden sub-folders, whose names begin with a dot, do not count.
     *
     * @param extensions in small letters, with their dots
     */
    ByFolder byFolder(List<String> extensions);

    /** An empty list of this tree's images. */
    Images.Builder images();

    /**
     * All of a small file, such as a list.
     *
     * @throws dev.taxon.UserError if it is missing or cannot be read
     */
    byte[] read(String file);

    @Override
    void close();

    /**
     * Images in a folder a class.
     *
     * @param folders their names, empty ones too: the classes
     * @param labels for each image the number of its folder
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, not compared
    record ByFolder(List<String> folders, Images images, int[] labels) {}
}
