/*
 * Why this exists: a flood of bad packets must not become a flood of log lines, and a line must not
 * carry octets that drive a terminal. Both rules live here, once, in front of whatever sink there
 * is.
 */
#include "base/log.h"

#include <stdio.h>

const struct log log_null = { 0 };

static bool wanted(const struct log *l, enum log_level level)
{
	return l->line && level <= l->level;
}

static void clean_in_place(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
	}
}

void log_vprintf(const struct log *l, enum log_level level, const char *format, va_list args)
{
	char line[LOG_LINE_MAX];

	if (!wanted(l, level))
		return;
	vsnprintf(line, sizeof(line), format, args);
	clean_in_place(line);
	l->line(l->ctx, level, line);
}

void log_printf(const struct log *l, enum log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_vprintf(l, level, format, args);
	va_end(args);
}

bool log_limited(const struct log *l, struct log_limit *limit, int64_t now_us, int64_t every_us,
		 enum log_level level, const char *format, ...)
{
	char line[LOG_LINE_MAX - 48];	/* leaves room for the count */
	va_list args;

	if (!wanted(l, level))
		return false;
	if (now_us < limit->next_us) {
		if (limit->suppressed < UINT32_MAX)
			limit->suppressed++;
		return false;
	}
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (limit->suppressed)
		log_printf(l, level, "%s (%u similar lines suppressed)", line,
			   (unsigned int)limit->suppressed);
	else
		log_printf(l, level, "%s", line);
	limit->suppressed = 0;
	limit->next_us = now_us + every_us;
	return true;
}

const char *log_clean(const char *text, char *buf, size_t size)
{
	if (size > 0) {
		snprintf(buf, size, "%s", text);
		clean_in_place(buf);
	}
	return buf;
}
