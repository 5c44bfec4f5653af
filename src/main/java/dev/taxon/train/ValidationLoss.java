package dev.taxon.train;

import dev.taxon.data.Batch;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The loss of batches in evaluation mode: running statistics, no dropout. The network's evaluation program gives the logits, a
 * graph of the loss alone the rest. A seesaw loss counts the samples of training only.
 */
final class ValidationLoss implements AutoCloseable {
    private final Session session;
    private final Session loss;

    /** The session, whose graph has a loss, is borrowed. */
    ValidationLoss(Session session) {
        this.session = session;
        loss = new Session(session.device(), lossAlone(session.graph()), session.scores());
    }

    /** The loss of a graph with its logits as input. */
    private static Graph lossAlone(Graph graph) {
        Node whole = graph.loss();
        Node target = graph.target();
        if (whole == null || target == null) {
            throw new IllegalStateException("the graph has no loss");
        }
        Node logits = new Node(
                0,
                "input",
                new Layer.Input(graph.output().shape()),
                List.of(),
                graph.output().shape(),
                List.of(),
                List.of());
        Node targets = new Node(1, target.name(), target.layer(), List.of(), target.shape(), List.of(), List.of());
        Node last = new Node(
                2, whole.name(), whole.layer(), List.of(logits, targets), whole.shape(), List.of(), whole.buffers());
        return new Graph(List.of(logits, targets, last), List.copyOf(whole.buffers()), logits, logits, targets, last);
    }

    /** Logits of a batch (N, classes), by the network as it is now. */
    float[] logits(Batch batch) {
        Program program = session.program(Options.eval(batch.count()));
        program.writeInput(batch.data());
        program.forward(Program.Draw.NONE);
        float[] logits = new float[batch.count() * session.classes()];
        program.readOutput(MemorySegment.ofArray(logits));
        return logits;
    }

    double of(Batch batch, float[] logits) {
        Weights counts = loss.weights();
        for (Buffer buffer : loss.graph().executionBuffers()) {
            float[] value = new float[Math.toIntExact(buffer.shape().numel())];
            session.weights().read(buffer, MemorySegment.ofArray(value));
            counts.write(buffer, MemorySegment.ofArray(value));
        }
        Program program = loss.program(Options.train(batch.count()));
        program.writeInput(MemorySegment.ofArray(logits));
        TrainStep.writeTargets(program, batch);
        program.forward(Program.Draw.NONE);
        return program.loss();
    }

    @Override
    public void close() {
        loss.close();
    }
}
