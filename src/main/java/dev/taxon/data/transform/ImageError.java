package dev.taxon.data.transform;

import dev.taxon.UserError;

/** An image that cannot be decoded: damaged, cut off, or of a kind that is not supported. */
public final class ImageError extends UserError {
    private static final long serialVersionUID = 1;

    /**
     * "image NAME cannot be decoded: REASON".
     *
     * @param name the file, or the archive and its member
     * @param reason a clause: "it is cut off near row 3 of 40"
     */
    public ImageError(String name, String reason) {
        super(sentence(name, reason));
    }

    public ImageError(String name, String reason, Throwable cause) {
        super(sentence(name, reason), cause);
    }

    private static String sentence(String name, String reason) {
        return "image " + name + " cannot be decoded: " + reason;
    }
}
