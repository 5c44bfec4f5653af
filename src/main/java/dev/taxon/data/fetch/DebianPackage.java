package dev.taxon.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A package of Debian: its files where it is installed, else through apt-get, which downloads it without installing.
 *
 * @param installed the folder of its {@code NAME.gz} files on a machine that has it
 */
record DebianPackage(String packageName, Path installed) implements Source {
    @Override
    public String name() {
        return "Debian package " + packageName;
    }

    @Override
    public void bring(Delivery delivery, Path scratch, TransferProgress progress)
            throws IOException, InterruptedException {
        for (Wanted file : delivery.missing()) {
            Path packed = installed.resolve(file.name() + ".gz");
            if (Files.exists(packed)) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
                    delivery.accept(file, in);
                }
            }
        }
        if (!delivery.missing().isEmpty()) {
            download(delivery, scratch, progress);
        }
    }

    private void download(Delivery delivery, Path scratch, TransferProgress progress)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(scratch, "deb-");
        try {
            var _ = Client.run(folder, progress, name(), List.of("apt-get", "-q", "download", packageName));
            try (var files = Files.newDirectoryStream(folder, "*.deb")) {
                for (Path deb : files) {
                    Archives.deb(deb, Archives.to(delivery));
                }
            }
        } finally {
            Trees.delete(folder);
        }
    }
}
