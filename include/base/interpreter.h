/*
 * Programs whose argument is the program: a command line that begins with one of them says which
 * script it runs further on.
 */
#ifndef BASE_INTERPRETER_H
#define BASE_INTERPRETER_H

#include <stdbool.h>

/* Is the last component of WORD such a program: a shell, a language, "env", "timeout" ...? */
bool itp_is(const char *word);

#endif
