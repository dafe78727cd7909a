/*
 * The list of interpreters and of programs that run another one. It exists once, because what is
 * judged to run, and to be safe, must be the same script.
 */
#include "base/interpreter.h"

#include <stddef.h>
#include <string.h>

bool itp_is(const char *word)
{
	static const char *const names[] = { "sh",	"bash",	   "dash",    "ash",	 "ksh",
					     "zsh",	"env",	   "sudo",    "nice",	 "ionice",
					     "nohup",	"setsid",  "timeout", "python",	 "python2",
					     "python3", "perl",	   "ruby",    "php",	 NULL };
	const char *slash = strrchr(word, '/');
	const char *base = slash ? slash + 1 : word;

	for (size_t i = 0; names[i]; i++) {
		if (strcmp(base, names[i]) == 0)
			return true;
	}
	return false;
}
