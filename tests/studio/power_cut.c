/* Keeps of each file in $POWER_CUT_FROM what a power cut would leave of it: its content at the last
   fsync or fdatasync, as a file of the same name in $POWER_CUT_TO. What was written since, and a
   file that was never synced, is lost. Loaded with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void keep(int fd)
{
    char link[64], path[PATH_MAX], part[PATH_MAX * 2], kept[PATH_MAX * 2], block[65536];
    const char *from = getenv("POWER_CUT_FROM"), *to = getenv("POWER_CUT_TO");
    ssize_t length;
    off_t at = 0;

    if (!from || !to)
        return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return;
    path[length] = 0;
    if (strncmp(path, from, strlen(from)) != 0 || path[strlen(from)] != '/')
        return;
    snprintf(part, sizeof part, "%s/.part", to);
    snprintf(kept, sizeof kept, "%s%s", to, path + strlen(from));
    pthread_mutex_lock(&one_at_a_time);
    int target = open(part, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    /* By the same descriptor: closing another one of the file would end SQLite's locks on it. */
    while ((length = pread(fd, block, sizeof block, at)) > 0) {
        if (write(target, block, length) != length)
            abort();
        at += length;
    }
    close(target);
    rename(part, kept);
    pthread_mutex_unlock(&one_at_a_time);
}

int fsync(int fd)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    int done = real(fd);
    if (done == 0)
        keep(fd);
    return done;
}

int fdatasync(int fd)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
    int done = real(fd);
    if (done == 0)
        keep(fd);
    return done;
}

/* What is in a folder is taken to be on the disk at once: hours pass between such changes. */
int unlink(const char *path)
{
    int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
    const char *from = getenv("POWER_CUT_FROM"), *to = getenv("POWER_CUT_TO");
    char kept[PATH_MAX * 2];
    int done = real(path);
    if (done == 0 && from && to && strncmp(path, from, strlen(from)) == 0) {
        snprintf(kept, sizeof kept, "%s%s", to, path + strlen(from));
        real(kept);
    }
    return done;
}
