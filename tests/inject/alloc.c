/*
 * Why this exists: no machine runs out of memory on demand, and a library cannot be asked to. The
 * arena is replaced besides malloc(), for it asks that only once in 16 KiB: a refusal in between
 * would never be tried.
 *
 * libconfig 1.5 does not look at what malloc() gave it, a new bufferevent of libevent 2.1
 * neither, and glob() of glibc 2.36 frees twice when it is refused. The daemon asks for all that
 * they may need beforehand (arena_room()), so their own requests are not counted here.
 */
#include "inject/alloc.h"

#include <errno.h>
#include <glob.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "base/arena.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *p);
void *__interceptor_malloc(size_t size) __attribute__((weak));
void *__interceptor_calloc(size_t n, size_t size) __attribute__((weak));
void *__interceptor_realloc(void *p, size_t size) __attribute__((weak));
void *__interceptor_aligned_alloc(size_t align, size_t size) __attribute__((weak));
void __interceptor_free(void *p) __attribute__((weak));
void __sanitizer_print_stack_trace(void) __attribute__((weak));

static struct {
	atomic_bool armed;
	bool lasting, show;
	long at;
	atomic_long count, live;
	atomic_bool refused, in_library;
	uintptr_t skip_from, skip_to;	/* libconfig's code */
} a;

/* A new thread's first requests are those of the sanitizer, which does not bear a refusal; whether
 * they come before the counting begins is chance. So a thread counts from its own first line on. */
static _Thread_local bool counts;

struct first_line {
	void *(*run)(void *arg);
	void *arg;
};

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
			  void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
			  void *arg);

static void *begin(void *arg)
{
	struct first_line line = *(struct first_line *)arg;

	__libc_free(arg);
	counts = true;
	return line.run(line.arg);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
			  void *arg)
{
	struct first_line *line = __libc_malloc(sizeof(*line));
	int error;

	if (!line)
		return EAGAIN;
	*line = (struct first_line){ run, arg };
	error = __real_pthread_create(thread, attr, begin, line);
	if (error)
		__libc_free(line);
	return error;
}

static int find_libconfig(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	if (!strstr(info->dlpi_name, "libconfig"))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *h = &info->dlpi_phdr[i];

		if (h->p_type != PT_LOAD || !(h->p_flags & PF_X))
			continue;
		a.skip_from = info->dlpi_addr + h->p_vaddr;
		a.skip_to = a.skip_from + h->p_memsz;
	}
	return 1;
}

void alc_arm(long at, bool lasting)
{
	if (!a.skip_from)
		dl_iterate_phdr(find_libconfig, NULL);
	a.at = at;
	a.lasting = lasting;
	a.count = 0;
	a.refused = false;
	counts = true;
	a.armed = true;
}

bool alc_disarm(void)
{
	a.armed = false;
	return a.refused;
}

long alc_count(void)
{
	return a.count;
}

long alc_live(void)
{
	return a.live;
}

void alc_show(void)
{
	a.show = true;
}

static bool refused(const void *caller)
{
	uintptr_t from = (uintptr_t)caller;

	if (!a.armed || !counts || a.in_library || (from >= a.skip_from && from < a.skip_to))
		return false;
	long n = a.count++;
	if (a.lasting ? n < a.at : n != a.at)
		return false;
	a.refused = true;
	errno = ENOMEM;
	if (a.show && __sanitizer_print_stack_trace) {
		a.show = false;
		a.armed = false;
		__sanitizer_print_stack_trace();
		a.armed = true;
	}
	return true;
}

static void *counted(void *p)
{
	a.live += p != NULL;
	return p;
}

#define REFUSED() refused(__builtin_return_address(0))

void *malloc(size_t size)
{
	if (REFUSED())
		return NULL;
	return counted(__interceptor_malloc ? __interceptor_malloc(size) : __libc_malloc(size));
}

void *calloc(size_t n, size_t size)
{
	if (REFUSED())
		return NULL;
	return counted(__interceptor_calloc ? __interceptor_calloc(n, size) :
					      __libc_calloc(n, size));
}

static void *resize(void *p, size_t size)
{
	void *to = __interceptor_realloc ? __interceptor_realloc(p, size) :
					   __libc_realloc(p, size);

	return p ? to : counted(to);
}

void *realloc(void *p, size_t size)
{
	return REFUSED() ? NULL : resize(p, size);
}

void *reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) || REFUSED())
		return NULL;
	return resize(p, bytes);
}

void *aligned_alloc(size_t align, size_t size)
{
	if (REFUSED())
		return NULL;
	return counted(__interceptor_aligned_alloc ? __interceptor_aligned_alloc(align, size) :
						     __libc_memalign(align, size));
}

void free(void *p)
{
	a.live -= p != NULL;
	if (__interceptor_free)
		__interceptor_free(p);
	else
		__libc_free(p);
}

/* The sanitizer's own would not come by malloc(). */
static char *copy_of(const char *text, size_t len)
{
	char *copy = __interceptor_malloc ? __interceptor_malloc(len + 1) :
					    __libc_malloc(len + 1);

	if (!counted(copy))
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *strdup(const char *text)
{
	return REFUSED() ? NULL : copy_of(text, strlen(text));
}

/* What libc's strdup() is for a library that was built with optimisation. */
char *__strdup(const char *text);

char *__strdup(const char *text)
{
	return REFUSED() ? NULL : copy_of(text, strlen(text));
}

char *strndup(const char *text, size_t len)
{
	return REFUSED() ? NULL : copy_of(text, strnlen(text, len));
}

/* ---- the linker sends calls from other files here (--wrap) ---- */

int __real_glob(const char *pattern, int flags, int (*error)(const char *, int), glob_t *g);
int __wrap_glob(const char *pattern, int flags, int (*error)(const char *, int), glob_t *g);

int __wrap_glob(const char *pattern, int flags, int (*error)(const char *, int), glob_t *g)
{
	a.in_library = true;
	int result = __real_glob(pattern, flags, error, g);

	a.in_library = false;
	return result;
}

struct bufferevent *__real_bufferevent_socket_new(struct event_base *base, int fd, int options);
struct bufferevent *__wrap_bufferevent_socket_new(struct event_base *base, int fd, int options);

struct bufferevent *__wrap_bufferevent_socket_new(struct event_base *base, int fd, int options)
{
	a.in_library = true;
	struct bufferevent *stream = __real_bufferevent_socket_new(base, fd, options);

	a.in_library = false;
	return stream;
}

void __real_bufferevent_setwatermark(struct bufferevent *b, short what, size_t low, size_t high);
void __wrap_bufferevent_setwatermark(struct bufferevent *b, short what, size_t low, size_t high);

void __wrap_bufferevent_setwatermark(struct bufferevent *b, short what, size_t low, size_t high)
{
	a.in_library = true;
	__real_bufferevent_setwatermark(b, what, low, high);
	a.in_library = false;
}

void *__real_evbuffer_add_cb(struct evbuffer *b, evbuffer_cb_func fn, void *ctx);
void *__wrap_evbuffer_add_cb(struct evbuffer *b, evbuffer_cb_func fn, void *ctx);

void *__wrap_evbuffer_add_cb(struct evbuffer *b, evbuffer_cb_func fn, void *ctx)
{
	a.in_library = true;
	void *entry = __real_evbuffer_add_cb(b, fn, ctx);

	a.in_library = false;
	return entry;
}

void *__real_arena_alloc(struct arena *arena, size_t size);
void *__real_arena_array(struct arena *arena, size_t n, size_t size);
char *__real_arena_str(struct arena *arena, const char *text);
char *__real_arena_strn(struct arena *arena, const char *text, size_t len);
void *__wrap_arena_alloc(struct arena *arena, size_t size);
void *__wrap_arena_array(struct arena *arena, size_t n, size_t size);
char *__wrap_arena_str(struct arena *arena, const char *text);
char *__wrap_arena_strn(struct arena *arena, const char *text, size_t len);

void *__wrap_arena_alloc(struct arena *arena, size_t size)
{
	return REFUSED() ? NULL : __real_arena_alloc(arena, size);
}

void *__wrap_arena_array(struct arena *arena, size_t n, size_t size)
{
	return REFUSED() ? NULL : __real_arena_array(arena, n, size);
}

char *__wrap_arena_str(struct arena *arena, const char *text)
{
	return REFUSED() ? NULL : __real_arena_str(arena, text);
}

char *__wrap_arena_strn(struct arena *arena, const char *text, size_t len)
{
	return REFUSED() ? NULL : __real_arena_strn(arena, text, len);
}
