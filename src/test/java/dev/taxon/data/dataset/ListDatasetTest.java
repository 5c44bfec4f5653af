package dev.taxon.data.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListDatasetTest {
    @TempDir
    private Path root;

    private FileSets sets = new FileSets(Path.of(""));

    @BeforeEach
    void makeSets() {
        sets = new FileSets(root);
    }

    @Test
    void columnsAreChosenByName() throws IOException {
        sets.write(
                "d/list.csv",
                "\uFEFFid,label,path\n1,cat,a.jpg\r\n\n2,\"dog, big\",\"b \"\"1\"\".jpg\"\n3,cat,c.jpg\n");
        Dataset data = sets.build(false, "type", "ListDataset", "ann_file", "d/list.csv");
        assertEquals(List.of("d/a.jpg:[0]", "d/b \"1\".jpg:[1]", "d/c.jpg:[0]"), sets.listing(data));
        assertEquals(List.of("cat", "dog, big"), data.classes());
        Object[] given = {
            "type",
            "ListDataset",
            "ann_file",
            "d/list.csv",
            "data_prefix",
            "d",
            "classes",
            List.of("dog, big", "cat"),
            "image",
            "path"
        };
        assertEquals("d/a.jpg:[1]", sets.listing(sets.build(false, given)).getFirst());
        given[7] = List.of("cat");
        assertEquals(
                "ROOT/d/list.csv:4: the label 'dog, big' is neither a class index nor one of 'classes'",
                sets.error(false, given));
        given[9] = "file";
        assertEquals(
                "ROOT/d/list.csv:2: there is no column 'file', only [id, label, path]; name yours in 'image' and 'label',"
                        + " or say header=False",
                sets.error(false, given));
        sets.write("d/list.csv", "path,label\na.jpg,1,2\n");
        assertEquals(
                "ROOT/d/list.csv:2: has 3 values, but the first row has 2; a value with the separator in it needs double"
                        + " quotes",
                sets.error(false, "type", "ListDataset", "ann_file", "d/list.csv"));
        sets.write("d/list.csv", "path,label\na.jpg,\"1\n");
        assertEquals(
                "ROOT/d/list.csv:2: a double quote is not closed",
                sets.error(false, "type", "ListDataset", "ann_file", "d/list.csv"));
    }

    @Test
    void columnsWithoutNamesHaveNumbers() throws IOException {
        sets.write("d/list.tsv", "7\ta.jpg\tx\n10\tb.jpg\ty\n");
        Dataset data = sets.build(
                false, "type", "ListDataset", "ann_file", "d/list.tsv", "header", false, "image", 1, "label", 0);
        assertEquals(List.of("d/a.jpg:[7]", "d/b.jpg:[10]"), sets.listing(data));
        assertEquals(11, data.classes().size(), "numbers name themselves");
    }

    @Test
    void severalLabelsASample() throws IOException {
        sets.write("d/list.csv", "path,label\na.jpg,sea|sun\nb.jpg,\nc.jpg,sun\n");
        Dataset data = sets.build(false, "type", "ListDataset", "ann_file", "d/list.csv", "label_delimiter", "|");
        assertEquals(List.of("d/a.jpg:[0, 1]", "d/b.jpg:[]", "d/c.jpg:[1]"), sets.listing(data));
        assertEquals(List.of("sea", "sun"), data.classes());
        sets.write("d/hot.csv", "path,sun,sea\na.jpg,1,-1\nb.jpg,0,1\n");
        Object[] hot = {"type", "ListDataset", "ann_file", "d/hot.csv", "label", List.of("sun", "sea")};
        assertEquals(List.of("d/a.jpg:[0, ?1]", "d/b.jpg:[1]"), sets.listing(sets.build(false, hot)));
        sets.write("d/hot.csv", "path,sun,sea\na.jpg,1,2\n");
        assertEquals("ROOT/d/hot.csv:2: column 'sea' must be 1, 0 or -1, got '2'", sets.error(false, hot));
    }

    @Test
    void jsonLines() throws IOException {
        sets.write(
                "d/list.jsonl",
                "{\"path\": \"a.jpg\", \"label\": 2, \"more\": [1]}\n\n{\"label\": 0, \"path\": \"b\"}\n");
        Object[] keys = {"type", "ListDataset", "ann_file", "d/list.jsonl"};
        assertEquals(List.of("d/a.jpg:[2]", "d/b:[0]"), sets.listing(sets.build(false, keys)));
        sets.write(
                "d/list.jsonl",
                "{\"path\": \"a.jpg\", \"label\": [\"x\", \"y\"]}\n{\"path\": \"b\", \"label\": \"y\"}\n");
        assertEquals(List.of("d/a.jpg:[0, 1]", "d/b:[1]"), sets.listing(sets.build(false, keys)));
        sets.write("d/list.jsonl", "{\"path\": \"a.jpg\"}\n");
        assertEquals("ROOT/d/list.jsonl:1: there is no 'label', only [path]", sets.error(false, keys));
        sets.write("d/list.jsonl", "{\"path\": \"a.jpg\", \"label\": 1}\n{\"path\": \n");
        assertTrue(sets.error(false, keys).startsWith("ROOT/d/list.jsonl:2: is no JSON: "));
        sets.write("d/list.jsonl", "\n");
        assertEquals("ROOT/d/list.jsonl names no image", sets.error(false, keys));
    }
}
