package dev.taxon.data.transform;

import dev.taxon.data.transform.Resize.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * A training pipeline without its chances: a random crop takes the middle, other random changes are left out. What is
 * left makes images of the size that training makes.
 */
public final class Steady {
    private Steady() {}

    public static List<Transform> of(List<Transform> training) {
        List<Transform> steady = new ArrayList<>();
        for (Transform transform : training) {
            if (!transform.random()) {
                steady.add(transform);
            } else if (transform instanceof RandomResizedCrop c) {
                steady.add(
                        new Resize(new Target.Side(Math.max(c.height(), c.width()), Resize.Which.SHORT), c.scaler()));
                steady.add(new CenterCrop(c.height(), c.width(), null));
            } else if (transform instanceof RandomCrop c) {
                steady.add(new CenterCrop(c.height(), c.width(), null));
            }
        }
        return steady;
    }
}
