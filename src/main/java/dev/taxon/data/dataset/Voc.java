package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.data.dataset.Labels.MultiLabel;
import dev.taxon.data.source.Images;
import dev.taxon.data.source.Tree;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Pascal VOC, any number of classes a sample: {@code ann_file} lists images, {@code JPEGImages} and {@code Annotations}
 * below {@code data_prefix} hold them and their objects. Source: mmcls 0.25, datasets/voc.py.
 */
final class Voc {
    private final Map<String, Integer> numbers;
    private final byte difficultValue;
    private final XMLInputFactory xml = XMLInputFactory.newFactory();

    private Voc(List<String> classes, byte difficultValue) {
        this.numbers = Annotations.numbers(classes);
        this.difficultValue = difficultValue;
        xml.setProperty(XMLInputFactory.SUPPORT_DTD, false); // nothing outside of the file is read
        xml.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    }

    static Dataset build(Request request) {
        Fields fields = request.fields();
        String file = fields.text("ann_file");
        String prefix = fields.text("data_prefix");
        List<String> classes = request.classes(ClassNames.VOC);
        byte difficult = Labels.DIFFICULT;
        if (fields.has("difficult_as_postive")) { // mmcls's spelling
            difficult = (byte) (fields.bool("difficult_as_postive", false) ? 1 : 0);
        }
        fields.done();
        List<String> ids = request.paths().lines(file, "ann_file");
        UserError.require(!ids.isEmpty(), "%s names no image", request.paths().resolve(file));
        Tree tree = request.paths().tree(fields, "data_prefix", prefix);
        try {
            Voc reader = new Voc(classes, difficult);
            Images.Builder images = tree.images();
            List<String> annotations = new ArrayList<>();
            byte[] rows = new byte[Math.multiplyExact(ids.size(), classes.size())];
            for (int i = 0; i < ids.size(); i++) {
                images.add("JPEGImages/" + ids.get(i) + ".jpg", file + ":" + (i + 1));
                String annotation = "Annotations/" + ids.get(i) + ".xml";
                annotations.add(annotation);
                reader.read(tree.read(annotation), tree.name() + "/" + annotation, rows, i * classes.size());
            }
            MultiLabel labels = new MultiLabel(rows, classes.size());
            return FileDataset.annotated(
                    request.type(), classes, tree, images.build(), labels, request.pipeline(), annotations);
        } catch (Throwable e) {
            tree.close();
            throw e;
        }
    }

    /** Sets the values of the classes of an image's objects; those of other names do not count, as in mmcls. */
    private void read(byte[] file, String name, byte[] rows, int at) {
        try {
            XMLStreamReader in = xml.createXMLStreamReader(new ByteArrayInputStream(file));
            int depth = 0;
            int label = -1;
            boolean difficult = false;
            while (in.hasNext()) {
                int event = in.next();
                if (event == XMLStreamReader.START_ELEMENT) {
                    depth++;
                    String element = in.getLocalName();
                    if (depth == 2 && element.equals("object")) {
                        label = -1;
                        difficult = false;
                    } else if (depth == 3 && element.equals("name")) {
                        label = numbers.getOrDefault(in.getElementText().strip(), -1);
                        depth--; // getElementText goes on to the end of the element
                    } else if (depth == 3 && element.equals("difficult")) {
                        difficult = !in.getElementText().strip().equals("0");
                        depth--;
                    }
                } else if (event == XMLStreamReader.END_ELEMENT) {
                    if (depth == 2 && in.getLocalName().equals("object") && label >= 0) {
                        set(rows, at + label, difficult);
                    }
                    depth--;
                }
            }
        } catch (XMLStreamException e) {
            throw new UserError(
                    name + " is no annotation of VOC: "
                            + String.valueOf(e.getMessage()).replaceAll("\\s+", " "),
                    e);
        }
    }

    /** An object that is easy to see counts more than one of its class that is difficult. */
    private void set(byte[] rows, int at, boolean difficult) {
        if (!difficult) {
            rows[at] = 1;
        } else if (rows[at] == 0) {
            rows[at] = difficultValue;
        }
    }
}
