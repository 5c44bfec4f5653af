package example;

import dev.taxon.Classifier;
import dev.taxon.Picture;
import dev.taxon.Prediction;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Classifies pictures: {@code Classify CONFIG CHECKPOINT IMAGE...}. */
public final class Classify {
    private static final int SHOWN = 3;

    private Classify() {}

    public static void main(String[] args) {
        List<Picture> pictures =
                Arrays.stream(args).skip(2).map(name -> Picture.of(Path.of(name))).toList();
        try (Classifier classifier = Classifier.load(Path.of(args[0]), Path.of(args[1]))) {
            classifier.notes().forEach(System.err::println);
            classifier.predictEach(pictures, (index, picture, prediction) -> print(picture, prediction));
        }
    }

    private static void print(Picture picture, Prediction prediction) {
        System.out.println(picture.name());
        for (Prediction.Ranked ranked : prediction.top(SHOWN)) {
            System.out.printf("  %5.1f %%  %s%n", 100 * ranked.score(), ranked.className());
        }
    }
}
