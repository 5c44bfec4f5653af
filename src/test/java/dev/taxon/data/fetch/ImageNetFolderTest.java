package dev.taxon.data.fetch;

import static dev.taxon.data.archive.TestArchives.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.archive.TestArchives;
import dev.taxon.data.fetch.ImageNetFolder.Split;
import dev.taxon.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives in the form of ILSVRC2012's, of three and two images. Nothing is fetched. */
class ImageNetFolderTest {
    @TempDir
    private Path dir;

    private byte[] train() throws IOException {
        Map<String, byte[]> outer = new LinkedHashMap<>();
        outer.put("n02.tar", TestArchives.tar(Map.of("n02_7.JPEG", bytes("three"))));
        Map<String, byte[]> first = new LinkedHashMap<>();
        first.put("n01_2.JPEG", bytes("two"));
        first.put("n01_1.JPEG", bytes("one"));
        outer.put("n01.tar", TestArchives.tar(first));
        return TestArchives.tar(outer);
    }

    private byte[] val() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("ILSVRC2012_val_00000001.JPEG", bytes("v1"));
        members.put("ILSVRC2012_val_00000002.JPEG", bytes("v2"));
        return TestArchives.tar(members);
    }

    private static String md5(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    }

    private ImageNetFolder folder(Path at) throws Exception {
        return new ImageNetFolder(
                at,
                Progress.none(),
                new Split("train", "train.tar", train().length, md5(train()), 3),
                new Split("val", "val.tar", val().length, md5(val()), 2));
    }

    private String error(Path at, boolean checksums) throws Exception {
        ImageNetFolder folder = folder(at);
        return String.valueOf(assertThrows(UserError.class, () -> folder.prepare(checksums, false, false))
                        .getMessage())
                .replace(dir.toString(), "DIR");
    }

    private void lists() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("./train.txt", bytes("n01/n01_1.JPEG 0\nn01/n01_2.JPEG 0\nn02/n02_7.JPEG 1\n"));
        members.put("./val.txt", bytes("ILSVRC2012_val_00000001.JPEG 1\nILSVRC2012_val_00000002.JPEG 0\n"));
        members.put("../evil.txt", bytes("x"));
        TestArchives.gzip(dir.resolve("caffe_ilsvrc12.tar.gz"), TestArchives.tar(members));
    }

    @Test
    void saysWhatMustBeDownloaded() throws Exception {
        assertEquals(
                "DIR lacks val.tar (10,240 bytes, md5 " + md5(val()) + "), and train.tar (10,240 bytes, md5 "
                        + md5(train()) + "), and meta/train.txt and meta/val.txt (from"
                        + " http://dl.caffe.berkeleyvision.org/caffe_ilsvrc12.tar.gz); for the images register at"
                        + " https://image-net.org, agree to its terms, and download them by hand from the page of"
                        + " ILSVRC2012; put all into the folder and run this again",
                error(dir, false)
                        .replaceAll("train.tar \\([0-9,]+", "train.tar (10,240")
                        .replaceAll("val.tar \\([0-9,]+", "val.tar (10,240"));
        Files.write(dir.resolve("val.tar"), new byte[512]);
        assertTrue(error(dir, false).contains("DIR/val.tar has 512 bytes, expected"), error(dir, false));
    }

    @Test
    void checksIndexesAndUnpacks() throws Exception {
        lists();
        Files.write(dir.resolve("val.tar"), val());
        Files.write(dir.resolve("train.tar"), train());
        Path link = Files.createSymbolicLink(dir.resolve("data"), dir);
        assertEquals(
                List.of(
                        link + "/val.tar: 2 images, indexed",
                        link + "/train.tar: 3 images, indexed",
                        link + "/meta: lists of 3 and 2 images"),
                folder(link).prepare(true, false, false));
        folder(dir).prepare(false, true, false);
        assertEquals("two", Files.readString(dir.resolve("train/n01/n01_2.JPEG")));
        assertEquals("v2", Files.readString(dir.resolve("val/ILSVRC2012_val_00000002.JPEG")));
        assertTrue(Files.notExists(dir.resolveSibling("evil.txt")) && Files.notExists(dir.resolve("meta/evil.txt")));
        Files.delete(dir.resolve("train.tar"));
        assertTrue(
                folder(dir).prepare(false, false, false).contains(dir + "/train is there; its archive is not needed"));
        byte[] damaged = val();
        damaged[600] ^= 1;
        Files.write(dir.resolve("val.tar"), damaged);
        assertTrue(error(dir, true).contains("DIR/val.tar has md5 "), error(dir, true));
        Files.write(dir.resolve("val.tar"), val());
        Files.writeString(dir.resolve("meta/val.txt"), "a 1\n");
        assertTrue(error(dir, false).contains("DIR/meta/val.txt has 1 lines, expected 2"), error(dir, false));
    }
}
