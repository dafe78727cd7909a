/*
 * Why this exists: the corpus of a fuzz target is also a regression test, on machines without
 * libFuzzer. Linked with one target, this program feeds it every file that is named on the command
 * line.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX (1u << 20)

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data;
	size_t n;

	if (!f) {
		perror(path);
		return 1;
	}
	data = malloc(INPUT_MAX);
	if (!data) {
		fclose(f);
		fprintf(stderr, "%s: out of memory\n", path);
		return 1;
	}
	n = fread(data, 1, INPUT_MAX, f);
	fclose(f);
	/* Exactly N octets, so that ASan sees a read behind the last one. */
	if (n > 0) {
		uint8_t *exact = realloc(data, n);

		data = exact ? exact : data;
	}
	LLVMFuzzerTestOneInput(data, n);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE...\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	return failed;
}
