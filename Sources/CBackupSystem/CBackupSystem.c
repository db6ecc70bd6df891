#define _GNU_SOURCE
#include "CBackupSystem.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int backup_spawn_closing_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int backup_pipe_cloexec(int fds[2]) { return pipe2(fds, O_CLOEXEC); }

int backup_set_pipe_size(int fd, int bytes) { return fcntl(fd, F_SETPIPE_SZ, bytes); }

void backup_keep_freed_blocks(size_t bytes) {
    mallopt(M_MMAP_THRESHOLD, (int)bytes);
    mallopt(M_TRIM_THRESHOLD, (int)(2 * bytes));
}

void backup_return_free_memory(void) { malloc_trim(0); }

void backup_wipe(void *memory, size_t bytes) { explicit_bzero(memory, bytes); }

void backup_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

int backup_rename_exclusive(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int backup_wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *end) {
    return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, end);
}

bool backup_ignores_signal(int signal) {
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
