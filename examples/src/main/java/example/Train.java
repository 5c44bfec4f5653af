package example;

import dev.taxon.Evaluator;
import dev.taxon.Trainer;
import dev.taxon.TrainingJob;
import dev.taxon.config.Config;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Trains and shows how it goes: {@code Train CONFIG WORK_DIR [KEY=VALUE...]}. Ctrl-C ends the run after its step. */
public final class Train {
    private Train() {}

    public static void main(String[] args) {
        List<String> overrides = Arrays.asList(args).subList(2, args.length);
        Config config = Config.load(Path.of(args[0])).with(overrides);
        Trainer.Arguments arguments = new Trainer.Arguments(Path.of(args[1]), null, true, 0L, false, null);
        TrainingJob job = new TrainingJob(config, "config.py", arguments, new Printer());
        Runtime.getRuntime().addShutdownHook(new Thread(job::cancel));
        Trainer.Result result = job.run();
        if (result.finished()) {
            Path checkpoint = result.workDir().resolve("latest.pth");
            System.out.println(Evaluator.evaluate(config, checkpoint, List.of("accuracy")));
        }
    }

    private static final class Printer implements TrainingJob.Listener {
        @Override
        public void step(TrainingJob.Step step) {
            System.out.printf("%d/%d  loss %.4f%n", step.iteration(), step.iterations(), step.loss());
        }

        @Override
        public void evaluated(int epoch, Map<String, Object> metrics) {
            System.out.println("epoch " + epoch + ": " + metrics);
        }
    }
}
