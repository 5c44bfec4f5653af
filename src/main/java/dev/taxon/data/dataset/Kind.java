package dev.taxon.data.dataset;

import dev.taxon.data.transform.ChannelOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The data sets that are small enough for memory, by the config's {@code type}. */
public enum Kind {
    MNIST("MNIST", 28, ChannelOrder.GREY),
    FASHION_MNIST("FashionMNIST", 28, ChannelOrder.GREY),
    CIFAR10("CIFAR10", Cifar.SIDE, ChannelOrder.RGB),
    CIFAR100("CIFAR100", Cifar.SIDE, ChannelOrder.RGB);

    private final String type;
    private final int side;
    private final ChannelOrder order;

    Kind(String type, int side, ChannelOrder order) {
        this.type = type;
        this.side = side;
        this.order = order;
    }

    /** The kind of that {@code type}, if it is one of these. */
    public static Optional<Kind> of(String type) {
        return Arrays.stream(values()).filter(k -> k.type.equals(type)).findFirst();
    }

    /** All values of {@code type}. */
    public static List<String> types() {
        return Arrays.stream(values()).map(Kind::type).toList();
    }

    public String type() {
        return type;
    }

    public List<String> classes() {
        return switch (this) {
            case MNIST -> ClassNames.MNIST;
            case FASHION_MNIST -> ClassNames.FASHION_MNIST;
            case CIFAR10 -> ClassNames.CIFAR10;
            case CIFAR100 -> ClassNames.CIFAR100;
        };
    }

    /** Height and width of the stored images. */
    public int side() {
        return side;
    }

    /** Channels of the stored images. */
    public ChannelOrder order() {
        return order;
    }

    /** Whether the folder that {@code data_prefix} names holds all files of a split. */
    public boolean present(Path folder, boolean test) {
        return switch (this) {
            case MNIST, FASHION_MNIST -> Mnist.present(folder, test);
            case CIFAR10 -> Cifar.CIFAR10.present(folder, test);
            case CIFAR100 -> Cifar.CIFAR100.present(folder, test);
        };
    }

    Examples read(Path folder, boolean test) {
        return switch (this) {
            case MNIST, FASHION_MNIST -> Mnist.read(folder, test);
            case CIFAR10 -> Cifar.CIFAR10.read(folder, test);
            case CIFAR100 -> Cifar.CIFAR100.read(folder, test);
        };
    }
}
