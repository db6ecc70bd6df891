// Calls of Linux and the C library that Swift's Glibc module does not offer.
#ifndef CBACKUPSYSTEM_H
#define CBACKUPSYSTEM_H

#include <pthread.h>
#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/// pipe2(2) with O_CLOEXEC. Returns 0, or -1 with errno set.
int backup_pipe_cloexec(int fds[2]);

/// fcntl(F_SETPIPE_SZ). Returns the size that the kernel gave, or -1 with errno set.
int backup_set_pipe_size(int fd, int bytes);

/// Keeps blocks of up to `bytes` on the heap when they are freed, instead of giving them
/// back to the kernel and faulting their pages in again for the next block (mallopt(3)).
void backup_keep_freed_blocks(size_t bytes);

/// Returns free heap memory to the kernel (malloc_trim(3)).
void backup_return_free_memory(void);

/// Overwrites memory in a way that the optimiser does not remove (explicit_bzero(3)).
void backup_wipe(void *memory, size_t bytes);

/// posix_spawn_file_actions_addclosefrom_np(3): the child has no descriptors from `first` on. Returns 0, or an error number.
int backup_spawn_closing_from(posix_spawn_file_actions_t *actions, int first);

/// Whether the process ignores a signal, as one does that nohup(1) started.
bool backup_ignores_signal(int signal);

/// Names the calling thread for `top -H` and core dumps; the kernel keeps 15 bytes.
void backup_name_thread(const char *name);

/// renameat2(RENAME_NOREPLACE): fails with EEXIST when `to` exists. Returns 0, or -1 with errno set.
int backup_rename_exclusive(const char *from, const char *to);

/// pthread_cond_clockwait with CLOCK_MONOTONIC. Returns 0, or ETIMEDOUT once `end` is over.
int backup_wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *end);

#endif
