package example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taxon.Classifier;
import dev.taxon.Prediction;
import dev.taxon.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * Answers pictures with their classes: {@code Serve CONFIG CHECKPOINT PORT}, then
 * {@code curl --data-binary @cat.jpg http://localhost:PORT/}. A virtual thread a request; the classifier is shared.
 */
public final class Serve {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int MOST_BYTES = 20 << 20;

    private Serve() {}

    public static void main(String[] args) throws IOException {
        Classifier classifier = Classifier.load(Path.of(args[0]), Path.of(args[1]));
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", Integer.parseInt(args[2])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, classifier));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(1); // second for the requests in flight
            classifier.close();
        }));
        server.start();
        System.out.println("listening on http://localhost:" + server.getAddress().getPort() + "/");
    }

    private static void answer(HttpExchange exchange, Classifier classifier) throws IOException {
        try (exchange) {
            try {
                byte[] picture = exchange.getRequestBody().readNBytes(MOST_BYTES);
                Prediction p = classifier.predict(picture);
                send(exchange, OK, "{\"class\": \"%s\", \"score\": %s}\n".formatted(p.className(), p.score()));
            } catch (UserError notAnImage) {
                send(exchange, BAD_REQUEST, notAnImage.getMessage() + "\n");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
