package dev.taxon.report;

import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.source.Source;
import dev.taxon.data.transform.BufferedImages;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.LoadImageFromFile;
import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import java.awt.image.BufferedImage;
import java.util.Locale;

/** The images of a data set as they are stored, to be shown, and names for them. */
public final class DatasetImages {
    private final Dataset dataset;
    private final String root; // what the names of all images in files begin with, up to a slash

    /** The data set is borrowed. */
    public DatasetImages(Dataset dataset) {
        this.dataset = dataset;
        this.root = commonRoot(dataset);
    }

    private static String commonRoot(Dataset dataset) {
        String common = "";
        for (int i = 0; i < dataset.size(); i++) {
            String name = dataset.sample(i).name();
            if (i == 0) {
                common = name.substring(0, name.lastIndexOf('/') + 1);
            }
            while (!name.startsWith(common)) {
                common = common.substring(0, common.lastIndexOf('/', common.length() - 2) + 1);
            }
        }
        return common;
    }

    /** A file's path, or the data set's name and the index. */
    public String name(int example) {
        return dataset.sample(example).name();
    }

    /**
     * A name for a picture of the image, of its own: the file's path below the folder that all of them are in, or the
     * index; with an ending that {@link PictureFile} writes.
     */
    public String fileName(int example) {
        Sample sample = dataset.sample(example);
        Source source = sample.source();
        if (source == null) {
            return String.format(Locale.ROOT, "%06d.png", example);
        }
        String below = source.name().substring(root.length()).replace("../", "");
        return PictureFile.isJpeg(below) || below.toLowerCase(Locale.ROOT).endsWith(".png") ? below : below + ".png";
    }

    /** The image itself, upright. @throws dev.taxon.UserError if it cannot be read */
    public BufferedImage picture(int example) {
        Sample sample = LoadImageFromFile.plain(new OpenCvDecoder()).apply(dataset.sample(example), new Rng(0, 0));
        if (!(sample.pixels() instanceof Image.Bytes image)) {
            throw new IllegalStateException(sample.name() + " is not stored as bytes");
        }
        return BufferedImages.of(image);
    }
}
