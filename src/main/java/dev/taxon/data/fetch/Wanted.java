package dev.taxon.data.fetch;

/**
 * A file that a data set needs.
 *
 * @param path below the folder that {@code data_prefix} names, with {@code /}
 * @param md5 of its contents, unpacked: packings of the same contents differ
 */
record Wanted(String path, String md5) {
    /** The last part of the path: what archives call the file. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
