/* Calls for files. They go to the kernel directly: what another library might do on the way is not wanted here. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long fail(const struct rule *rule) {
    errno = (int)rule->value;
    return -1;
}

/* Syncs. */

#define SYNCING(fd, call)                                        \
    const struct rule *rule = strike(SYNC, fd, NULL);            \
    if (rule) return rule->action == LIE ? 0 : (int)fail(rule);  \
    return call;

int fsync(int fd) { SYNCING(fd, syscall(SYS_fsync, fd)) }
int fdatasync(int fd) { SYNCING(fd, syscall(SYS_fdatasync, fd)) }

/* Mapped memory has no descriptor: rules for any path strike it under the name "mapped". */
int msync(void *address, size_t length, int flags) {
    const struct rule *rule = strike(SYNC, -1, "mapped");
    if (rule) return rule->action == LIE ? 0 : (int)fail(rule);
    return syscall(SYS_msync, address, length, flags);
}

/* Writes. */

static size_t half(size_t count, const struct rule *rule) {
    size_t unit = rule->value > 0 ? (size_t)rule->value : 1;
    size_t whole = count / 2 / unit * unit;
    return whole ? whole : count / 2;
}

static ssize_t die(void) {
    kill(getpid(), SIGKILL);
    return -1;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    const struct rule *rule = strike(WRITE, fd, NULL);
    if (!rule) return syscall(SYS_write, fd, bytes, count);
    if (rule->action == LIE) return (ssize_t)count;
    if (rule->action != TEAR) return fail(rule);
    syscall(SYS_write, fd, bytes, half(count, rule));
    return die();
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    const struct rule *rule = strike(WRITE, fd, NULL);
    if (!rule) return syscall(SYS_pwrite64, fd, bytes, count, offset);
    if (rule->action == LIE) return (ssize_t)count;
    if (rule->action != TEAR) return fail(rule);
    syscall(SYS_pwrite64, fd, bytes, half(count, rule), offset);
    return die();
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

static size_t total(const struct iovec *parts, int count) {
    size_t bytes = 0;
    for (int i = 0; i < count; i++) bytes += parts[i].iov_len;
    return bytes;
}

/* Writes the first bytes only; offset is -1 for the file's own. */
static void write_first(int fd, const struct iovec *parts, int count, size_t bytes, off64_t offset) {
    for (int i = 0; i < count && bytes; i++) {
        size_t part = parts[i].iov_len < bytes ? parts[i].iov_len : bytes;
        if (offset < 0) {
            syscall(SYS_write, fd, parts[i].iov_base, part);
        } else {
            syscall(SYS_pwrite64, fd, parts[i].iov_base, part, offset);
            offset += part;
        }
        bytes -= part;
    }
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    const struct rule *rule = strike(WRITE, fd, NULL);
    if (!rule) return syscall(SYS_writev, fd, parts, count);
    if (rule->action == LIE) return (ssize_t)total(parts, count);
    if (rule->action != TEAR) return fail(rule);
    write_first(fd, parts, count, half(total(parts, count), rule), -1);
    return die();
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    const struct rule *rule = strike(WRITE, fd, NULL);
    if (!rule) return syscall(SYS_pwritev, fd, parts, count, (long)offset, 0L);
    if (rule->action == LIE) return (ssize_t)total(parts, count);
    if (rule->action != TEAR) return fail(rule);
    write_first(fd, parts, count, half(total(parts, count), rule), offset);
    return die();
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    return pwritev64(fd, parts, count, offset);
}

/* Reads. */

ssize_t read(int fd, void *bytes, size_t count) {
    const struct rule *rule = strike(READ, fd, NULL);
    return rule ? fail(rule) : syscall(SYS_read, fd, bytes, count);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t offset) {
    const struct rule *rule = strike(READ, fd, NULL);
    return rule ? fail(rule) : syscall(SYS_pread64, fd, bytes, count, offset);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t offset) { return pread64(fd, bytes, count, offset); }

ssize_t readv(int fd, const struct iovec *parts, int count) {
    const struct rule *rule = strike(READ, fd, NULL);
    return rule ? fail(rule) : syscall(SYS_readv, fd, parts, count);
}

/* Names. */

static int open_file(int folder, const char *path, int flags, mode_t mode) {
    const struct rule *rule = strike(OPEN, -1, path);
    if (!rule && flags & O_CREAT) rule = strike(CREATE, -1, path);
    return rule ? (int)fail(rule) : (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE(flags)                                   \
    mode_t mode = 0;                                  \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {          \
        va_list more;                                 \
        va_start(more, flags);                        \
        mode = va_arg(more, mode_t);                  \
        va_end(more);                                 \
    }

int open(const char *path, int flags, ...) {
    MODE(flags)
    return open_file(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags)
    return open_file(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    MODE(flags)
    return open_file(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    MODE(flags)
    return open_file(folder, path, flags | O_LARGEFILE, mode);
}

/* Struck by the new name. */
int rename(const char *from, const char *to) {
    const struct rule *rule = strike(RENAME, -1, to);
    return rule ? (int)fail(rule) : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    const struct rule *rule = strike(RENAME, -1, to);
    return rule ? (int)fail(rule) : (int)syscall(SYS_renameat, from_folder, from, to_folder, to);
}

/* Sizes. */

int ftruncate64(int fd, off64_t length) {
    const struct rule *rule = strike(RESIZE, fd, NULL);
    return rule ? (int)fail(rule) : (int)syscall(SYS_ftruncate, fd, length);
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
    const struct rule *rule = strike(GROW, fd, NULL);
    return rule ? (int)fail(rule) : (int)syscall(SYS_fallocate, fd, mode, offset, length);
}

int fallocate(int fd, int mode, off_t offset, off_t length) { return fallocate64(fd, mode, offset, length); }

static void crop(const struct rule *rule, struct statvfs64 *found) {
    uint64_t blocks = (uint64_t)rule->value * 1024 / (found->f_frsize ? found->f_frsize : 512);
    if (found->f_bavail > blocks) found->f_bavail = blocks;
    if (found->f_bfree > blocks) found->f_bfree = blocks;
}

/* Of a file system whose mount has the most common options: nobody asks this shim for them. */
static int room_of(const char *path, struct statvfs64 *found) {
    struct statfs64 system;
    if (syscall(SYS_statfs, path, &system) != 0) return -1;
    memset(found, 0, sizeof *found);
    found->f_bsize = system.f_bsize;
    found->f_frsize = system.f_frsize ? system.f_frsize : system.f_bsize;
    found->f_blocks = system.f_blocks;
    found->f_bfree = system.f_bfree;
    found->f_bavail = system.f_bavail;
    found->f_files = system.f_files;
    found->f_ffree = system.f_ffree;
    found->f_favail = system.f_ffree;
    found->f_namemax = system.f_namelen;
    const struct rule *rule = strike(SPACE, -1, path);
    if (rule) crop(rule, found);
    return 0;
}

int statvfs64(const char *path, struct statvfs64 *found) { return room_of(path, found); }

/* On systems of 64 bits both are laid out the same. */
int statvfs(const char *path, struct statvfs *found) { return room_of(path, (struct statvfs64 *)found); }
