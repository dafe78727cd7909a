/* The version of both programs. */
#ifndef MAIN_VERSION_H
#define MAIN_VERSION_H

#define HOLDFAST_VERSION "0.1.0"

/* Where holdfastd listens and holdfastctl asks unless --control says otherwise. */
#define HOLDFAST_CONTROL "/run/holdfast/control.sock"

#endif
