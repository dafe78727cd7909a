/* The versions: of both programs, and of what one of them stands for. */
#ifndef MAIN_VERSION_H
#define MAIN_VERSION_H

#define HOLDFAST_VERSION "0.1.0"

/* The release of keepalived that we tell programs to expect, and its date as it would print it. */
#define KEEPALIVED_VERSION "2.2.8"
#define KEEPALIVED_DATE "05/31,2023"

#endif
