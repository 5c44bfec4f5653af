package dev.taxon.data;

import dev.taxon.data.dataset.MemoryDataset;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.random.Rng;
import java.util.List;
import java.util.stream.IntStream;

/** A data set of random 8 × 8 colour images for tests. */
final class SmallDataset {
    static final int SIDE = 8;

    private SmallDataset() {}

    static MemoryDataset of(int size, Pipeline pipeline) {
        List<Image.Bytes> images =
                IntStream.range(0, size).mapToObj(SmallDataset::image).toList();
        int[] labels = IntStream.range(0, size).map(i -> i % 3).toArray();
        return new MemoryDataset("Small", List.of("a", "b", "c"), images, labels, pipeline);
    }

    static Image.Bytes image(int index) {
        Rng rng = new Rng(99, index);
        byte[] pixels = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) rng.nextInt();
        }
        return new Image.Bytes(SIDE, SIDE, ChannelOrder.RGB, pixels);
    }
}
