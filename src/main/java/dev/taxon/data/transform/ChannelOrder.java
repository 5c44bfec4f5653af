package dev.taxon.data.transform;

/** What the channels of an image are, in the order in which they are stored. */
public enum ChannelOrder {
    GREY(1),
    RGB(3),
    BGR(3);

    private final int channels;

    ChannelOrder(int channels) {
        this.channels = channels;
    }

    public int channels() {
        return channels;
    }

    /** The order after red and blue changed places; grey stays grey. */
    public ChannelOrder swapped() {
        return switch (this) {
            case GREY -> GREY;
            case RGB -> BGR;
            case BGR -> RGB;
        };
    }
}
