/*
 * holdfastctl. All that it does is in command.c, where a test can call it.
 */
#include "main/command.h"
#include "sys/limits.h"

int main(int argc, char **argv)
{
	lim_fill_standard();
	return cmd_main(argc, argv);
}
