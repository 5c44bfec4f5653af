package dev.taxon.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.data.DistributedSampler;
import dev.taxon.data.Loading.OnError;
import dev.taxon.data.RandomSampler;
import dev.taxon.data.RepeatAugSampler;
import dev.taxon.data.Sampler;
import dev.taxon.data.SequentialSampler;
import org.junit.jupiter.api.Test;

/** The loaders that a config's {@code data} and {@code sampler} ask for, as mmcls 0.25 builds them. */
class DataSpecTest {
    private static DataSpec read(String text) {
        return DataSpec.of(Config.parse(text, "test.py").fields());
    }

    @Test
    void whatStandsInDataIsForAllLoaders() {
        DataSpec data = read("data = dict(samples_per_gpu=32, workers_per_gpu=4, drop_last=True, pin_memory=False)");
        assertEquals(32, data.trainLoader().samplesPerGpu());
        assertEquals(32, data.valLoader().samplesPerGpu());
        assertEquals(4, data.testLoader().workersPerGpu());
        assertTrue(data.trainLoader().dropLast());
        assertFalse(data.testLoader().dropLast(), "scores of all examples are wanted");
        assertEquals(new RandomSampler(5), data.trainLoader().sampler(5));
        assertTrue(data.trainLoader().loading(5).rolling());
        assertEquals(3, data.trainLoader().batches(100));
    }

    @Test
    void aLoadersOwnDictComesFirst() {
        DataSpec data = read("""
                data = dict(samples_per_gpu=32, workers_per_gpu=4, persistent_workers=True,
                    train_dataloader=dict(samples_per_gpu=16, drop_last=True, shuffle=False, prefetch_factor=4),
                    val_dataloader=dict(samples_per_gpu=64, workers_per_gpu=1, shuffle=True, drop_last=True),
                    test_dataloader=dict(samples_per_gpu=8))
                """);
        assertEquals(16, data.trainLoader().samplesPerGpu());
        assertEquals(4, data.trainLoader().loading(0).prefetchFactor());
        assertEquals(new SequentialSampler(), data.trainLoader().sampler(5));
        assertEquals(64, data.valLoader().samplesPerGpu());
        assertEquals(1, data.valLoader().workersPerGpu());
        assertFalse(data.valLoader().dropLast());
        assertEquals(8, data.testLoader().samplesPerGpu());
        DataSpec only = read("data = dict(train_dataloader=dict(samples_per_gpu=2), val_dataloader=dict("
                + "samples_per_gpu=3), test_dataloader=dict(samples_per_gpu=4))");
        assertEquals(3, only.valLoader().samplesPerGpu());
    }

    @Test
    void samplerIsForTrainingAlone() {
        String data = "data = dict(samples_per_gpu=2, workers_per_gpu=0)\n";
        DataSpec repeat = read(data + "sampler = dict(type='RepeatAugSampler')");
        assertEquals(
                new RepeatAugSampler(true, 3, 256, 0, 7, Sampler.Rank.ONLY),
                repeat.trainLoader().sampler(7));
        assertEquals(256, repeat.trainLoader().batches(600));
        assertEquals(new SequentialSampler(), repeat.valLoader().sampler(7));
        DataSpec own = read("data = dict(samples_per_gpu=2, train_dataloader=dict("
                + "sampler_cfg=dict(type='DistributedSampler', round_up=False)))");
        assertEquals(
                new DistributedSampler(true, false, 7, Sampler.Rank.ONLY),
                own.trainLoader().sampler(7));
    }

    @Test
    void imagesThatCannotBeReadAreErrorsUnlessTheConfigSaysSkip() {
        DataSpec data = read("data = dict(samples_per_gpu=2, train=dict(type='A'), val=dict(type='A'))");
        assertEquals(OnError.RAISE, data.trainLoader().loading(0).onError());
        assertEquals(OnError.RAISE, data.valLoader().evaluationLoading().onError());
        DataSpec all = read("data = dict(samples_per_gpu=2, on_error='skip', test=dict(type='A', on_error='raise'))");
        assertEquals(OnError.REPLACE, all.trainLoader().loading(0).onError());
        assertEquals(OnError.LEAVE_OUT, all.valLoader().evaluationLoading().onError());
        assertEquals(OnError.RAISE, all.testLoader().evaluationLoading().onError());
        DataSpec one = read("data = dict(samples_per_gpu=2, train=dict(type='A', on_error='skip'))");
        assertEquals(OnError.REPLACE, one.trainLoader().loading(0).onError());
        assertEquals(OnError.RAISE, one.valLoader().evaluationLoading().onError());
    }

    @Test
    void mistakesAreNamed() {
        for (String[] mistake : new String[][] {
            {"data = dict(samples_per_gpu=0)", "samples_per_gpu must be a positive batch size"},
            {"data = dict(samples_per_gpu=2, workers_per_gpu=-1)", "workers_per_gpu must not be negative"},
            {"data = dict(samples_per_gpu=2, on_error='ignore')", "must be 'raise' or 'skip'"},
            {"data = dict(samples_per_gpu=2, val_dataloader=dict(sample_per_gpu=3))", "samples_per_gpu"},
            {"data = dict(samples_per_gpu=2, prefetch_factor=0)", "prefetch_factor must be positive"},
            {"data = dict(samples_per_gpu=2)\nsampler = dict(type='Repeat')", "names no sampler"},
        }) {
            UserError error = assertThrows(UserError.class, () -> read(mistake[0]));
            assertTrue(error.getMessage().contains(mistake[1]), error.getMessage());
        }
    }
}
