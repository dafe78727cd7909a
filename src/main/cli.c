/*
 * holdfastctl. All that it does is in command.c, where a test can call it.
 */
#include "main/command.h"

int main(int argc, char **argv)
{
	return cmd_main(argc, argv);
}
