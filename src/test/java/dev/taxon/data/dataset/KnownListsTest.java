package dev.taxon.data.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.data.archive.TestArchives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data sets whose annotations have a form of their own: VOC, CUB, Stanford Cars; and ImageNet's names. */
class KnownListsTest {
    @TempDir
    private Path root;

    private FileSets sets = new FileSets(Path.of(""));

    @BeforeEach
    void makeSets() {
        sets = new FileSets(root);
    }

    private static String object(String name, String difficult) {
        return "<object><name>" + name + "</name><bndbox><xmin>1</xmin></bndbox>" + difficult + "</object>";
    }

    @Test
    void vocHasRowsOfLabels() throws IOException {
        String hard = "<difficult>1</difficult>";
        String easy = "<difficult>0</difficult>";
        sets.write("VOC2007/ImageSets/Main/test.txt", "000001\n000002\n000003\n");
        sets.write(
                "VOC2007/Annotations/000001.xml",
                "<?xml version='1.0'?><annotation><owner><name>cat</name></owner>" + object("dog", easy)
                        + object("person", hard) + object("unicorn", easy) + "</annotation>");
        sets.write(
                "VOC2007/Annotations/000002.xml",
                "<annotation>" + object("person", hard) + object("person", easy) + object("aeroplane", "")
                        + object("dog", easy) + object("dog", hard) + "</annotation>");
        sets.write("VOC2007/Annotations/000003.xml", "<annotation></annotation>");
        Object[] keys = {"type", "VOC", "data_prefix", "VOC2007/", "ann_file", "VOC2007/ImageSets/Main/test.txt"};
        Dataset data = sets.build(true, keys);
        assertEquals(
                List.of(
                        "VOC2007/JPEGImages/000001.jpg:[11, ?14]",
                        "VOC2007/JPEGImages/000002.jpg:[0, 11, 14]",
                        "VOC2007/JPEGImages/000003.jpg:[]"),
                sets.listing(data));
        assertEquals(20, data.classes().size());
        assertEquals(-1, data.label(0));
        assertArrayEquals(new int[] {11}, data.labels().present(0));
        float[] target = new float[20];
        data.labels().addTo(target, 0, 0, 1);
        assertEquals(1, target[14], "as mmcls's heads: difficult is positive in the loss");
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(root.resolve("VOC2007"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                members.put("VOCdevkit/" + root.relativize(file), Files.readAllBytes(file));
            }
        }
        for (int i = 1; i <= 3; i++) {
            members.put("VOCdevkit/VOC2007/JPEGImages/00000" + i + ".jpg", new byte[1]);
        }
        Files.write(root.resolve("voc.tar"), TestArchives.tar(members));
        String inner = "voc.tar/VOCdevkit/VOC2007";
        Object[] archived = {"type", "VOC", "data_prefix", inner, "ann_file", inner + "/ImageSets/Main/test.txt"};
        try (Dataset fromTar = sets.build(true, archived)) {
            assertEquals(
                    sets.listing(data),
                    sets.listing(fromTar).stream()
                            .map(l -> l.replace("voc.tar/VOCdevkit/", ""))
                            .toList());
        }
        Object[] positive = {
            "type",
            "VOC",
            "data_prefix",
            "VOC2007/",
            "ann_file",
            "VOC2007/ImageSets/Main/test.txt",
            "difficult_as_postive",
            true
        };
        assertEquals(
                "VOC2007/JPEGImages/000001.jpg:[11, 14]",
                sets.listing(sets.build(true, positive)).getFirst());
        positive[7] = false;
        assertEquals(
                "VOC2007/JPEGImages/000001.jpg:[11]",
                sets.listing(sets.build(true, positive)).getFirst());
        sets.write("VOC2007/Annotations/000003.xml", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;");
        assertTrue(sets.error(true, keys).startsWith("ROOT/VOC2007/Annotations/000003.xml is no annotation of VOC: "));
        Files.delete(root.resolve("VOC2007/Annotations/000002.xml"));
        assertTrue(sets.error(true, keys).startsWith("cannot read ROOT/VOC2007/Annotations/000002.xml: "));
    }

    @Test
    void cubHasThreeLists() throws IOException {
        sets.write("cub/images.txt", "1 001.A/a b.jpg\n2 001.A/b.jpg\n3 002.B/c.jpg\n");
        sets.write("cub/image_class_labels.txt", "1 1\n2 1\n3 200\n");
        sets.write("cub/train_test_split.txt", "1 1\n2 0\n3 1\n");
        Files.createDirectories(root.resolve("cub/images"));
        Object[] keys = {
            "type", "CUB",
            "data_prefix", "cub/images",
            "ann_file", "cub/images.txt",
            "image_class_labels_file", "cub/image_class_labels.txt",
            "train_test_split_file", "cub/train_test_split.txt"
        };
        Dataset train = sets.build(false, keys);
        assertEquals(List.of("cub/images/001.A/a b.jpg:[0]", "cub/images/002.B/c.jpg:[199]"), sets.listing(train));
        assertEquals("Black_footed_Albatross", train.classes().getFirst());
        assertEquals(List.of("cub/images/001.A/b.jpg:[0]"), sets.listing(sets.build(true, keys)));
        sets.write("cub/image_class_labels.txt", "1 1\n2 0\n3 201\n");
        assertEquals(
                "cub/image_class_labels.txt:3: expected a number from 1 to 200, got '201'", sets.error(false, keys));
        sets.write("cub/image_class_labels.txt", "1 1\n");
        assertTrue(sets.error(false, keys).contains("cub/image_class_labels.txt has 1"));
    }

    @Test
    void carsAreInMatlabFiles() throws IOException {
        Files.createDirectories(root.resolve("cars/devkit"));
        Files.createDirectories(root.resolve("cars/cars_train"));
        Files.createDirectories(root.resolve("cars/cars_test"));
        Path train = root.resolve("cars/devkit/cars_train_annos.mat");
        Files.write(train, Golden.bytes("dataset/cars_plain.mat"));
        Files.write(
                root.resolve("cars/devkit/cars_test_annos_withlabels.mat"),
                Golden.bytes("dataset/cars_compressed.mat"));
        Object[] keys = {"type", "StanfordCars", "data_prefix", "cars"};
        Dataset data = sets.build(false, keys);
        assertEquals(
                List.of(
                        "cars/cars_train/00001.jpg:[13]",
                        "cars/cars_train/00002.jpg:[2]",
                        "cars/cars_train/a longer name, é.jpg:[195]"),
                sets.listing(data));
        assertEquals(196, data.classes().size());
        assertEquals(
                "cars/cars_test/00001.jpg:[13]",
                sets.listing(sets.build(true, keys)).getFirst());
        Files.write(train, Golden.bytes("dataset/cars_unlabelled.mat"));
        assertTrue(sets.error(false, keys).contains("have no 'class', only [bbox_x1"), sets.error(false, keys));
        byte[] whole = Golden.bytes("dataset/cars_plain.mat");
        for (int length = 0; length < whole.length; length += 37) {
            Files.write(train, java.util.Arrays.copyOf(whole, length));
            assertTrue(sets.error(false, keys).startsWith("cars/devkit/cars_train_annos.mat "));
        }
    }

    @Test
    void imageNetHasItsNames() throws IOException {
        sets.write("meta/val.txt", "ILSVRC2012_val_00000001.JPEG 65\nILSVRC2012_val_00000002.JPEG 970\n");
        Files.createDirectories(root.resolve("val"));
        Dataset val = sets.build(true, "type", "ImageNet", "data_prefix", "val", "ann_file", "meta/val.txt");
        assertEquals("sea snake", val.classes().get(val.label(0)));
        assertEquals(
                "toilet tissue, toilet paper, bathroom tissue", val.classes().get(999));
        sets.write("meta/named.txt", "x y.JPEG sea snake\nz.JPEG tench, Tinca tinca\n");
        Dataset named = sets.build(true, "type", "ImageNet", "data_prefix", "val", "ann_file", "meta/named.txt");
        assertEquals(List.of("val/x y.JPEG:[65]", "val/z.JPEG:[0]"), sets.listing(named));
        Dataset large = sets.build(
                false,
                "type",
                "ImageNet21k",
                "data_prefix",
                "val",
                "ann_file",
                "meta/val.txt",
                "recursion_subdir",
                true,
                "serialize_data",
                false);
        assertEquals(971, large.classes().size());
        assertTrue(sets.error(false, "type", "ImageNet21k", "data_prefix", "val", "multi_label", true)
                .contains("multi_label must be False"));
    }
}
