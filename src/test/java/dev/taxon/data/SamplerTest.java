package dev.taxon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.Sampler.Rank;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Samplers against mmcls's lists of indices, built here as its samplers.py describes them: repeat, pad, take every world-th. */
class SamplerTest {
    private static List<Integer> order(Sampler sampler, int size, int epoch) {
        int[] order = new int[sampler.length(size)];
        sampler.fill(order, size, epoch);
        return Arrays.stream(order).boxed().toList();
    }

    private static List<Integer> everyNth(List<Integer> all, Rank rank) {
        List<Integer> out = new ArrayList<>();
        for (int i = rank.number(); i < all.size(); i += rank.world()) {
            out.add(all.get(i));
        }
        return out;
    }

    @Test
    void distributedSharesOneOrder() {
        for (int size : List.of(1, 2, 5, 12, 13)) {
            for (int world : List.of(1, 2, 3, 8)) {
                for (boolean roundUp : List.of(true, false)) {
                    List<Integer> all = new ArrayList<>(order(new RandomSampler(4), size, 2));
                    int total = roundUp ? Math.ceilDiv(size, world) * world : size;
                    for (int i = 0; all.size() < total; i++) {
                        all.add(all.get(i));
                    }
                    for (int rank = 0; rank < world; rank++) {
                        Rank place = new Rank(rank, world);
                        var sampler = new DistributedSampler(true, roundUp, 4, place);
                        assertEquals(everyNth(all, place), order(sampler, size, 2));
                    }
                }
            }
        }
        assertEquals(List.of(1, 3, 0), order(new DistributedSampler(false, true, 0, new Rank(1, 2)), 5, 0));
    }

    @Test
    void paddedSamplesAreCopies() {
        var sampler = new DistributedSampler(false, true, 0, new Rank(1, 2));
        assertEquals(List.of(0, 0, 1), List.of(sampler.copy(0, 5), sampler.copy(1, 5), sampler.copy(2, 5)));
    }

    @Test
    void repeatedAugmentationRepeatsThenShares() {
        for (int size : List.of(1, 7, 256, 600)) {
            for (int world : List.of(1, 2, 4)) {
                for (int repeats : List.of(1, 3)) {
                    List<Integer> all = new ArrayList<>();
                    for (int index : order(new RandomSampler(4), size, 1)) {
                        for (int k = 0; k < repeats; k++) {
                            all.add(index);
                        }
                    }
                    int total = Math.ceilDiv(all.size(), world) * world;
                    for (int i = 0; all.size() < total; i++) {
                        all.add(all.get(i));
                    }
                    for (int rank = 0; rank < world; rank++) {
                        Rank place = new Rank(rank, world);
                        int selected = Math.ceilDiv(size, world); // selected_round=0
                        assertEquals(
                                everyNth(all, place).subList(0, selected),
                                order(new RepeatAugSampler(true, repeats, 0, 0, 4, place), size, 1));
                    }
                }
            }
        }
    }

    @Test
    void repeatedAugmentationsLengthIsMmclss() {
        assertEquals(512, new RepeatAugSampler(true, 3, 256, 0, 0, Rank.ONLY).length(600));
        assertEquals(256, new RepeatAugSampler(true, 3, 256, 0, 0, new Rank(1, 2)).length(600));
        assertEquals(170, new RepeatAugSampler(true, 3, 256, 3, 0, Rank.ONLY).length(600)); // floor(512 / 3)
        assertEquals(200, new RepeatAugSampler(true, 3, 0, 3, 0, Rank.ONLY).length(600));
        var tooRound = new RepeatAugSampler(true, 3, 256, 0, 0, Rank.ONLY);
        UserError error = assertThrows(UserError.class, () -> tooRound.length(255));
        assertTrue(error.getMessage().contains("selected_round=256"), error.getMessage());
    }

    @Test
    void copiesOfAnExampleAreNumbered() {
        var sampler = new RepeatAugSampler(false, 3, 0, 0, 0, new Rank(1, 2));
        List<Integer> copies = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            copies.add(sampler.copy(i, 4));
        }
        assertEquals(List.of(1, 0, 2, 1, 0, 2), copies); // of places 1, 3, 5, … of 0 0 0 1 1 1 2 2 2 3 3 3
    }

    @Test
    void orderDependsOnSeedAndEpochAlone() {
        List<Integer> first = order(new RandomSampler(1), 500, 0);
        assertEquals(first, order(new RandomSampler(1), 500, 0));
        assertFalse(first.equals(order(new RandomSampler(1), 500, 1)));
        assertFalse(first.equals(order(new RandomSampler(2), 500, 0)));
        Set<Integer> all = new HashSet<>(first);
        assertEquals(500, all.size());
        int[] sequential = new int[3];
        new SequentialSampler().fill(sequential, 3, 9);
        assertArrayEquals(new int[] {0, 1, 2}, sequential);
    }

    @Test
    void theConfigsSamplerIsRead() {
        var repeat = Configs.fields("type", "RepeatAugSampler");
        assertEquals(new RepeatAugSampler(true, 3, 256, 0, 9, Rank.ONLY), Sampler.read(repeat, true, 9, Rank.ONLY));
        var own = Configs.fields("type", "DistributedSampler", "round_up", false, "seed", 4, "shuffle", true);
        assertEquals(
                new DistributedSampler(false, false, 4, new Rank(2, 3)), Sampler.read(own, false, 9, new Rank(2, 3)));
        assertEquals(new RandomSampler(9), Sampler.read(null, true, 9, Rank.ONLY));
        assertEquals(new SequentialSampler(), Sampler.read(null, false, 9, Rank.ONLY));
        assertEquals(
                new DistributedSampler(true, true, 9, new Rank(0, 2)), Sampler.read(null, true, 9, new Rank(0, 2)));
        var unknown = Configs.fields("type", "RepeatAugSample");
        UserError error = assertThrows(UserError.class, () -> Sampler.read(unknown, true, 9, Rank.ONLY));
        assertTrue(error.getMessage().contains("did you mean 'RepeatAugSampler'"), error.getMessage());
        var typo = Configs.fields("type", "RepeatAugSampler", "num_repeat", 3);
        assertThrows(UserError.class, () -> Sampler.read(typo, true, 9, Rank.ONLY));
    }
}
