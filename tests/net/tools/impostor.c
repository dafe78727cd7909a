/*
 * A program of root's that is no holdfastd: it says what it could do as the prover of an upgrade.
 *
 * One line on standard output, a word each for what is found to be possible and should not be,
 * between "can:" and "end"; the keeper passes it on as the reason of its refusal.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static bool status_has(const char *name, const char *value)
{
	char line[256];
	size_t len = strlen(name);
	FILE *f = fopen("/proc/self/status", "r");
	bool same = false;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, len) && line[len] == ':')
			same = !strcmp(line + len + 1 + strspn(line + len + 1, " \t"), value);
	if (f)
		fclose(f);
	return same;
}

static bool has_rights(void)
{
	static const char *const sets[] = { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" };

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (!status_has(sets[i], "0000000000000000\n"))
			return true;
	return !status_has("NoNewPrivs", "1\n") || getgroups(0, NULL) > 0;
}

/* 0 to 2, the configuration and the record. */
static bool has_more_descriptors(void)
{
	for (int fd = 5; fd < 4096; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return true;
	return false;
}

static bool writes_files(void)
{
	int fd = open("/tmp/hf-impostor", O_CREAT | O_WRONLY, 0600);

	signal(SIGXFSZ, SIG_IGN);
	return fd >= 0 && write(fd, "x", 1) == 1;
}

/* The engine's own record begins with a word that no engine could do without. */
static void spoil_the_record(void)
{
	struct stat st;

	if (fstat(4, &st))
		return;
	void *at = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, 4, 0);

	if (at != MAP_FAILED)
		memset(at, 0xff, (size_t)st.st_size);
}

static bool makes_raw_sockets(void)
{
	return socket(AF_INET, SOCK_RAW, 112) >= 0 || socket(AF_PACKET, SOCK_RAW, 0) >= 0;
}

static bool reads_roots_files(void)
{
	return open("/etc/shadow", O_RDONLY) >= 0;
}

static bool signals_others(void)
{
	return kill(getppid(), 0) == 0;
}

static bool dumps_core(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_CORE, &limit) || limit.rlim_max;
}

int main(void)
{
	static const struct {
		const char *word;
		bool (*can)(void);
	} tries[] = {
		{ "rights", has_rights }, { "descriptors", has_more_descriptors },
		{ "write", writes_files }, { "sockets", makes_raw_sockets },
		{ "shadow", reads_roots_files }, { "signal", signals_others },
		{ "core", dumps_core },
	};

	spoil_the_record();
	printf("uid %u gid %u can:", getuid(), getgid());
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		if (tries[i].can())
			printf(" %s", tries[i].word);
	printf(" end\n");
	return 0;
}
