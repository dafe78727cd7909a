/*
 * What a process may still ask of the kernel.
 *
 * The engine reads packets. Once it has started it needs a few system calls on descriptors that are
 * open, and everything else is only of use to somebody else: so the kernel refuses it (seccomp).
 */
#ifndef SYS_SANDBOX_H
#define SYS_SANDBOX_H

/*
 * Confines the calling process, and the threads that it makes later, for good. Call it with a
 * single thread. From here on
 *   - opening files or sockets, and whatever else is not on the list, gives EPERM;
 *   - what only an intruder does (exec, ptrace, mount, namespaces, modules ...) ends the process
 *     with SIGSYS;
 *   - no memory becomes executable, and no file or socket is mapped;
 *   - a socket is bound no more, and takes only the options that adverts' sockets need: none of
 *     packet sockets, none of a firewall.
 * The kernel logs both where it is told to (sysctl kernel.seccomp.actions_logged). Returns 0, or a
 * positive errno: nothing is confined then.
 */
int sbx_enter(void);

#endif
