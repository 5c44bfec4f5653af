package dev.taxon.data.dataset;

import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.data.transform.Pipeline;
import java.util.List;

/**
 * A data set of image files that a config asks for.
 *
 * @param fields its dict; {@code type} and {@code pipeline} are read
 * @param paths what its paths mean
 * @param test the split that {@code test_mode} says
 */
record Request(Fields fields, Paths paths, boolean test, Pipeline pipeline) {
    String type() {
        return fields.text("type");
    }

    /** {@code classes}: absent, a list of names, or a file with one name a line. */
    List<String> classes(List<String> otherwise) {
        return fields.value("classes") instanceof Value.Text file
                ? paths.lines(file.value(), "classes")
                : fields.texts("classes", otherwise);
    }

    /** Refuses storage services, which mmcls reads through the same key. */
    void checkFileClient() {
        Fields client = fields.dictOrNull("file_client_args");
        if (client != null && !client.text("backend", "disk").equals("disk")) {
            throw client.error("backend", "must be 'disk': images are read from files");
        }
    }
}
