/* The version of both programs. */
#ifndef MAIN_VERSION_H
#define MAIN_VERSION_H

#define HOLDFAST_VERSION "0.1.0"

#endif
