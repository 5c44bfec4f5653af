package dev.taxon.bench;

import dev.taxon.Devices;
import dev.taxon.Settings;
import dev.taxon.config.Config;
import dev.taxon.device.Device;
import dev.taxon.device.HostWeights;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.dist.Communicator;
import dev.taxon.dist.Compression;
import dev.taxon.dist.ExchangeSpec;
import dev.taxon.dist.GradientExchange;
import dev.taxon.dist.Launch;
import dev.taxon.dist.MpiCommunicator;
import dev.taxon.dist.Replicas;
import dev.taxon.metric.ScoreFunction;
import dev.taxon.model.ImageClassifier;
import dev.taxon.model.Initializer;
import dev.taxon.optim.Optimizer;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import dev.taxon.train.Optimization;
import dev.taxon.train.Session;
import dev.taxon.train.TrainSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Training steps as one rank of a job, or alone: without communication, with all of it behind the backward pass, and with it during
 * the pass. Arguments: CONFIG BATCH THREADS SECONDS BUCKET_MB COMPRESSION ALPHA_US MB_PER_S; the last two slow the link down (0 0:
 * as it is). With the word {@code allreduce} instead of a config: times of all-reduces by size. Rank 0 prints {@code name value}.
 */
public final class ScalingBench {
    private static final int CLASSES = 10;

    private ScalingBench() {}

    public static void main(String[] args) {
        Launch launch = Launch.of(System.getenv());
        try (Communicator own = launch.by() == null ? Communicator.alone() : new MpiCommunicator(launch, System.err)) {
            if (args[0].equals("allreduce")) {
                allReduce(own, Double.parseDouble(args[1]));
                return;
            }
            double alpha = Double.parseDouble(args[6]) * 1e3;
            double bandwidth = Double.parseDouble(args[7]);
            Communicator ranks = alpha + bandwidth == 0 ? own : new SlowLink(own, alpha, bandwidth);
            ExchangeSpec spec = new ExchangeSpec(
                    Double.parseDouble(args[4]), Compression.valueOf(args[5].toUpperCase(Locale.ROOT)));
            steps(
                    ranks,
                    Config.load(Path.of(args[0])),
                    Integer.parseInt(args[1]),
                    Integer.parseInt(args[2]),
                    spec,
                    Double.parseDouble(args[3]));
        }
    }

    /** How the gradients of a step travel. */
    private enum Way {
        ALONE,
        BEHIND,
        DURING
    }

    private static void steps(
            Communicator ranks, Config config, int batch, int threads, ExchangeSpec spec, double seconds) {
        ImageClassifier model = ImageClassifier.read(config.fields().dict("model"));
        TrainSpec train = TrainSpec.read(config.fields());
        Optimizer optimizer = train.optimizer();
        try (Device device = Devices.open(new Settings("cpu", threads));
                Session session = new Session(
                        device, model.graph(Shape.of(3, 32, 32)), ScoreFunction.of(model.multiLabel()), ranks);
                Arena arena = Arena.ofConfined()) {
            Initializer.initialize(session.weights(), model.inits(session.graph()), 0);
            HostWeights weights = session.hostWeights();
            Replicas.start(ranks, weights, List.of());
            Optimization optimization = new Optimization(optimizer, train.schedule(), null, weights);
            Program program = session.program(Options.train(batch));
            Rng rng = new Rng(1, ranks.rank());
            MemorySegment input = arena.allocate(program.input().byteSize(), 64);
            for (long i = 0; i < input.byteSize() / Float.BYTES; i++) {
                input.setAtIndex(ValueLayout.JAVA_FLOAT, i, rng.nextInt(2001) / 1000f - 1);
            }
            int[] labels = new int[batch];
            Arrays.setAll(labels, i -> rng.nextInt(CLASSES));
            GradientExchange exchange = new GradientExchange(ranks, weights, spec);
            Way[] ways = ranks.size() == 1 ? new Way[] {Way.ALONE} : Way.values();
            List<List<Double>> times = new ArrayList<>();
            Arrays.stream(ways).forEach(w -> times.add(new ArrayList<>()));
            double end = System.nanoTime() + seconds * 1e9;
            for (int round = 0; goesOn(ranks, round < 3 || System.nanoTime() < end); round++) {
                for (int w = 0; w < ways.length; w++) {
                    ranks.barrier();
                    long start = System.nanoTime();
                    program.writeInput(input);
                    program.writeTargets(labels);
                    program.forward(new Program.Draw(0, round));
                    step(program, exchange, ways[w]);
                    optimization.step();
                    program.loss();
                    if (round > 0) {
                        times.get(w).add((System.nanoTime() - start) / 1e6);
                    }
                }
            }
            for (int w = 0; w < ways.length && ranks.isFirst(); w++) {
                System.out.println("%s %.3f".formatted(ways[w].name().toLowerCase(Locale.ROOT), median(times.get(w))));
            }
            if (ranks.isFirst()) {
                System.out.println("parameters " + weights.table().parameterFloats());
            }
        }
    }

    /** Rank 0 decides for all. */
    private static boolean goesOn(Communicator ranks, boolean own) {
        double[] flag = {ranks.isFirst() && own ? 1 : 0};
        ranks.sum(flag);
        return flag[0] > 0;
    }

    private static void step(Program program, GradientExchange exchange, Way way) {
        switch (way) {
            case ALONE -> program.backward(false, Program.GradientListener.NONE);
            case DURING -> {
                program.backward(false, exchange);
                exchange.await();
            }
            case BEHIND -> {
                List<Long> offsets = new ArrayList<>();
                program.backward(false, offsets::add);
                offsets.forEach(exchange::ready);
                exchange.await();
            }
        }
    }

    private static void allReduce(Communicator ranks, double seconds) {
        List<Long> sizes = new ArrayList<>();
        for (long bytes = 4 << 10; bytes <= 64 << 20; bytes *= 4) {
            sizes.add(bytes);
        }
        try (Arena arena = Arena.ofShared()) {
            for (long bytes : sizes) {
                MemorySegment data = arena.allocate(bytes, 64);
                List<Double> times = new ArrayList<>();
                double end = System.nanoTime() + seconds * 1e9 / sizes.size();
                for (int i = 0; goesOn(ranks, i < 5 || System.nanoTime() < end); i++) {
                    ranks.barrier();
                    long start = System.nanoTime();
                    ranks.average(data, Compression.NONE).await();
                    times.add((System.nanoTime() - start) / 1e6);
                }
                if (ranks.isFirst()) {
                    System.out.println("allreduce %d %.4f".formatted(bytes, median(times)));
                }
            }
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
