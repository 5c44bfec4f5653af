package dev.taxon.checkpoint.hub;

import dev.taxon.UserError;
import dev.taxon.checkpoint.FileHash;
import dev.taxon.data.fetch.Download;
import dev.taxon.data.fetch.TransferProgress;
import dev.taxon.report.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the file behind a checkpoint's name: a path, an {@code http(s)://} address, or a name in a zoo
 * ({@code torchvision://}, {@code mmcls://}, {@code open-mmlab://}). What lies elsewhere is downloaded once, into the
 * folder that PyTorch caches in, so that the two share their files.
 *
 * <p>A download that was cut goes on where it stopped, in this run or a later one. Where the name ends in {@code -HASH.pth}
 * with at least eight hexadecimal digits, the file's SHA-256 must begin with them, as in torch.hub.
 */
public final class Hub {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://.*");
    private static final Pattern HASH = Pattern.compile(".*-([0-9a-f]{8,64})\\.[a-z]+");
    private static final Pattern DATE = Pattern.compile("20[12]\\d[01]\\d[0-3]\\d");

    private final Path folder;
    private final Download download;
    private final TransferProgress progress;

    /**
     * Caches in a folder of one's own.
     *
     * @param folder made when the first file is downloaded
     * @param progress shows downloads
     */
    public Hub(Path folder, Progress progress) {
        this(folder, progress, Download.DEFAULT);
    }

    Hub(Path folder, Progress progress, Download download) {
        this.folder = folder;
        this.download = download;
        this.progress = new TransferProgress(progress);
    }

    /** Caches where PyTorch does; see {@link #folder}. */
    public static Hub standard(Progress progress) {
        return new Hub(folder(System.getenv()), progress);
    }

    /**
     * PyTorch's cache: {@code $TORCH_HOME/hub/checkpoints}; TORCH_HOME is {@code $XDG_CACHE_HOME/torch} unless set, and
     * XDG_CACHE_HOME {@code ~/.cache}.
     */
    public static Path folder(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "~/.cache");
        String torch = environment.getOrDefault("TORCH_HOME", cache + "/torch");
        return expand(torch, home).resolve("hub").resolve("checkpoints");
    }

    private static Path expand(String path, String home) {
        return Path.of(path.equals("~") || path.startsWith("~/") ? home + path.substring(1) : path);
    }

    /** Whether a name is one of a zoo or an address, so that {@link #locate} may have to download. */
    public static boolean isRemote(String name) {
        return SCHEME.matcher(name).matches();
    }

    /**
     * The file behind {@code name}, downloaded if it is not here yet. {@code ~/} is the home folder. A path is not looked
     * at: who opens it tells what is wrong with it.
     *
     * @throws UserError one sentence: an unknown name or scheme, why a download failed, or a hash that differs
     */
    public synchronized Path locate(String name) {
        if (!isRemote(name)) {
            try {
                return expand(name, System.getProperty("user.home"));
            } catch (InvalidPathException e) {
                throw new UserError("'" + name + "' is no path of a checkpoint: " + e.getReason(), e);
            }
        }
        String url = Zoo.address(name).orElse(name);
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw UserError.of(
                    "%s: Taxon reads paths, http://, https://, torchvision://, mmcls:// and open-mmlab://; download the"
                            + " file and give its path",
                    name);
        }
        Path target = target(url);
        if (!Files.exists(target)) {
            fetch(url, target);
        }
        return target;
    }

    /**
     * Where an address is cached: under its file name, as in PyTorch. Without a hash in it that name may stand for other
     * contents at another address, so the file has a folder of its own.
     */
    private Path target(String url) {
        String path;
        try {
            path = String.valueOf(URI.create(url).getPath());
        } catch (IllegalArgumentException e) {
            throw new UserError(url + " is no address: " + e.getMessage(), e);
        }
        String file = path.substring(path.lastIndexOf('/') + 1);
        UserError.require(!file.isEmpty(), "%s names no file; give the address of a .pth or .safetensors file", url);
        return hash(file).isPresent()
                ? folder.resolve(file)
                : folder.resolve(FileHash.sha256(url).substring(0, 8)).resolve(file);
    }

    /** The digits that the SHA-256 of a file of this name begins with; a date is none. */
    static Optional<String> hash(String file) {
        Matcher matcher = HASH.matcher(file);
        return matcher.matches() && !DATE.matcher(matcher.group(1)).matches()
                ? Optional.of(matcher.group(1))
                : Optional.empty();
    }

    private void fetch(String url, Path target) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Path lockFile = target.resolveSibling(target.getFileName() + ".lock");
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new UserError(
                    "the folder of downloaded weights " + target.getParent() + " cannot be made: " + e
                            + "; set TORCH_HOME to a folder that can be written",
                    e);
        }
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) { // another run may be downloading the same
            if (lock.isValid() && !Files.exists(target)) {
                progress.line("Downloading: \"" + url + "\" to " + target);
                download.get(url, part, progress);
                verify(url, hash(String.valueOf(target.getFileName())), part);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.deleteIfExists(lockFile);
        } catch (IOException e) {
            throw new UserError(
                    "cannot download " + url + ": " + e.getMessage()
                            + "; connect this machine and run again, or put the" + " file at " + target + " by hand",
                    e);
        }
    }

    private static void verify(String url, Optional<String> expected, Path part) throws IOException {
        if (expected.isPresent()) {
            String got = FileHash.sha256(part);
            if (!got.startsWith(expected.get())) {
                Files.delete(part);
                throw UserError.of(
                        "%s sent a wrong file: its SHA-256 should begin with %s as its name says, and begins with %s;"
                                + " nothing of it was kept, try again later or another address",
                        url, expected.get(), got.substring(0, expected.get().length()));
            }
        }
    }
}
