package dev.taxon.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Files over HTTP: each one gzipped under a base address, or all in one {@code .tar.gz}. */
sealed interface Mirror extends Source {
    Download download();

    /**
     * A folder of gzipped files.
     *
     * @param base ends with a slash; {@code NAME.gz} follows
     */
    record Each(String base, Download download) implements Mirror {
        @Override
        public String name() {
            return base;
        }

        @Override
        public void bring(Delivery delivery, Path scratch, TransferProgress progress) throws IOException {
            for (Wanted file : delivery.missing()) {
                String url = base + file.name() + ".gz";
                Path part = Download.part(scratch, url);
                download.get(url, part, progress);
                try (InputStream in = new GZIPInputStream(Files.newInputStream(part), 1 << 16)) {
                    delivery.accept(file, in);
                } finally {
                    Files.delete(part); // whole: of no more use if it was right, and of none if it was wrong
                }
            }
        }
    }

    /**
     * One archive.
     *
     * @param url of the archive
     */
    record Tar(String url, Download download) implements Mirror {
        @Override
        public String name() {
            return url;
        }

        @Override
        public void bring(Delivery delivery, Path scratch, TransferProgress progress) throws IOException {
            Path part = Download.part(scratch, url);
            download.get(url, part, progress);
            try {
                Archives.tarGz(part, Archives.to(delivery));
            } finally {
                Files.delete(part);
            }
        }
    }
}
