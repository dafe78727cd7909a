/*
 * Log lines with a rate limit per kind.
 *
 * The sink is a value that is handed down, never a global. Lines that the world can provoke (a bad
 * packet, a flapping link) carry a struct log_limit, so that a storm is one line and a count. Time
 * is given by the caller: this module reads no clock and writes to no descriptor.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_LVL_ERROR, LOG_LVL_WARN, LOG_LVL_INFO, LOG_LVL_DETAIL, LOG_LVL_DEBUG };

#define LOG_LINE_MAX 512	/* octets of one line with its NUL; longer ones are cut */

struct log {
	void *ctx;
	/* Takes one line without a newline; must not block and must not call back. */
	void (*line)(void *ctx, enum log_level level, const char *text);
	enum log_level level;	/* lines above it are not formatted at all */
};

struct log_limit {
	int64_t next_us;	/* the next line of this kind may come at this time */
	uint32_t suppressed;	/* lines swallowed since the last one */
};

/* A sink that drops everything; for tests and for callers without a log. */
extern const struct log log_null;

void log_printf(const struct log *l, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void log_vprintf(const struct log *l, enum log_level level, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

/*
 * At most one line of this kind every EVERY_US of time; the next one that passes ends in
 * "(N similar lines suppressed)". Returns true when the line was written.
 */
bool log_limited(const struct log *l, struct log_limit *limit, int64_t now_us, int64_t every_us,
		 enum log_level level, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/* Copies TEXT to BUF with octets below 0x20 and 0x7f replaced by '?', for foreign text in lines. */
const char *log_clean(const char *text, char *buf, size_t size);

#endif
