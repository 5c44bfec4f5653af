package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import java.util.List;

/**
 * A data set whose images are in memory. What the fixed first part of its pipeline makes of an image is kept, so that
 * MNIST is resized once and not once an epoch.
 */
public final class MemoryDataset implements Dataset {
    private final String name;
    private final List<String> classes;
    private final List<Image.Bytes> images;
    private final Labels.SingleLabel labels;
    private final Pipeline fixed;
    private final Pipeline varying;
    private final Image[] prepared; // by index; null until made. Races are harmless: images are immutable and equal.

    /**
     * @param name how messages name it
     * @param labels one for each image, in [0, classes)
     */
    public MemoryDataset(String name, List<String> classes, List<Image.Bytes> images, int[] labels, Pipeline pipeline) {
        this.name = name;
        this.classes = List.copyOf(classes);
        this.images = List.copyOf(images);
        this.labels = new Labels.SingleLabel(labels.clone());
        this.fixed = pipeline.fixedPart();
        this.varying = pipeline.randomPart();
        this.prepared = new Image[labels.length];
        UserError.require(
                images.size() == labels.length, "%s has %d images but %d labels", name, images.size(), labels.length);
        for (int i = 0; i < labels.length; i++) {
            UserError.require(
                    labels[i] >= 0 && labels[i] < classes.size(),
                    "%s: the label of example %d is %d, but there are %d classes; check the config's 'classes'",
                    name,
                    i,
                    labels[i],
                    classes.size());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public Sample sample(int index) {
        return Sample.of(name + "[" + index + "]", images.get(index), label(index));
    }

    @Override
    public Sample sample(int index, Rng rng) {
        Sample sample = sample(index);
        return varying.apply(sample.with(prepared(index)), rng);
    }

    @Override
    public boolean offer(int index, Recipient to) {
        return prepared(index) instanceof Image.Bytes bytes && to.image(varying, bytes);
    }

    private Image prepared(int index) {
        Image image = prepared[index];
        if (image == null) {
            image = fixed.apply(sample(index), new Rng(0, 0)).pixels(); // it draws no numbers
            prepared[index] = image;
        }
        return image;
    }
}
