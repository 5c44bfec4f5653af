// Reads a whole file without anything that a caller must give back.
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "taxon_image.h"

extern "C" int64_t taxon_file_read(uint8_t *dst, int64_t room, const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    struct stat about;
    int64_t size = fstat(file, &about) != 0 ? -errno : S_ISREG(about.st_mode) ? int64_t(about.st_size) : -EISDIR;
    int64_t done = 0;
    while (size <= room && done < size) {
        ssize_t got = read(file, dst + done, size_t(size - done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) size = -errno;
        if (got <= 0) break;
        done += got;
    }
    close(file);
    return size > room || size < 0 ? size : done;
}
