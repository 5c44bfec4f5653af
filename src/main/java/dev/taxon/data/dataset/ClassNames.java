package dev.taxon.data.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Class names by index, as mmcls has them. */
final class ClassNames {
    static final List<String> MNIST = List.of(
            "0 - zero",
            "1 - one",
            "2 - two",
            "3 - three",
            "4 - four",
            "5 - five",
            "6 - six",
            "7 - seven",
            "8 - eight",
            "9 - nine");

    static final List<String> FASHION_MNIST = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    static final List<String> CIFAR10 =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    static final List<String> CIFAR100 = words("""
            apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can
            castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin
            elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard
            lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear
            pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark
            shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone
            television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm
            """);

    static final List<String> VOC = words("""
            aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant
            sheep sofa train tvmonitor
            """);

    private ClassNames() {}

    /** The 1000 of ILSVRC2012, in the order of their WordNet numbers. */
    static List<String> imageNet() {
        return lines("imagenet.txt");
    }

    /** The 200 of CUB-200-2011. */
    static List<String> cub() {
        return lines("cub.txt");
    }

    /** The 196 of Stanford Cars. */
    static List<String> stanfordCars() {
        return lines("stanford_cars.txt");
    }

    private static List<String> lines(String resource) {
        try (InputStream in = ClassNames.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
