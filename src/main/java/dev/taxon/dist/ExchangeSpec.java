package dev.taxon.dist;

import dev.taxon.UserError;

/**
 * How gradients travel.
 *
 * @param bucketMegabytes gradients are averaged in buckets of about this size, from the last layer on, as PyTorch's
 *     bucket_cap_mb; smaller ones start earlier, larger ones cost fewer messages
 * @param compression their number format on the way
 */
public record ExchangeSpec(double bucketMegabytes, Compression compression) {
    public static final ExchangeSpec DEFAULT = new ExchangeSpec(4, Compression.NONE);

    private static final double MOST = 1024;

    public ExchangeSpec {
        UserError.require(
                bucketMegabytes > 0 && bucketMegabytes <= MOST,
                "taxon.dist.bucket_mb must be positive and at most %s, got %s",
                MOST,
                bucketMegabytes);
    }

    /** float32 elements of a bucket. */
    long bucketFloats() {
        return Math.max(1, (long) (bucketMegabytes * (1 << 20)) / Float.BYTES);
    }
}
