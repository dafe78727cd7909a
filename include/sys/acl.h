/*
 * Who besides root may write a file or directory?
 *
 * The mode says it for the owner's group and for everybody; a POSIX access control list may name
 * further users and groups, and then the group's bits of the mode are the list's mask and no more.
 */
#ifndef SYS_ACL_H
#define SYS_ACL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define ACL_WHO_MAX 64

/*
 * What ST's mode and the access control list LIST (LEN octets as in the extended attribute
 * system.posix_acl_access; 0: there is none) allow. True: WHO is "everybody", "group 50" or "user
 * 1000". Group 0 and user 0 do not count, nor does the owner, who is in ST; nor is the sticky bit
 * looked at. A list that cannot be read counts as one that allows it.
 */
bool acl_writer(const struct stat *st, const void *list, size_t len, char who[static ACL_WHO_MAX]);

/* The same for the file at PATH, which is no symbolic link, and for an open file (no O_PATH). */
bool acl_path_writer(const char *path, const struct stat *st, char who[static ACL_WHO_MAX]);
bool acl_fd_writer(int fd, const struct stat *st, char who[static ACL_WHO_MAX]);

#endif
