"""What `make check-quick`, `make check` and `make check-more` consist of: each suite's name, its command, what must be
built before, and how its outcome is read."""
import re
import sys

# Other machines: what they are, Debian's name of the compiler, QEMU's of the machine.
MACHINES = [("64 bits, big-endian", "s390x-linux-gnu", "qemu-s390x"), ("32 bits, big-endian", "powerpc-linux-gnu", "qemu-ppc")]
PYTEST = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"]


def whole(results):
    """A suite that is right or wrong as a whole."""
    failed = any(status for _, status, _ in results)
    return int(not failed), int(failed), "".join(text for *_, text in results)


def counted(results):
    """Commands that end in "N passed, N failed"."""
    passed = failed = 0
    for _, status, text in results:
        lines = re.findall(r"^(\d+) passed, (\d+) failed$", text, re.M)
        p, f = map(int, lines[-1]) if lines else (0, 1)
        passed, failed = passed + p, failed + (f or int(status != 0))
    return passed, failed, "".join(text for *_, text in results)


def units(results):
    """Check programs: each ends in "100%: Checks: 12, Failures: 0, Errors: 0", and one that says nothing did not run."""
    passed = failed = 0
    said = []
    for argv, status, text in results:
        lines = re.findall(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$", text, re.M)
        checks, wrong = sum(int(c) for c, *_ in lines), sum(int(f) + int(e) for _, f, e in lines)
        bad = wrong or int(status != 0 or not checks)
        passed, failed = passed + max(0, checks - wrong), failed + bad
        if bad:
            tail = [line for line in text.split("\n") if not re.match(r"\d+%:", line)][-30:]
            said += [f"{argv[0]}: {checks} checks, status {status}", *tail]
    return passed, failed, "\n".join(said)


def replays(results):
    """Fuzz targets that were given files: argv[1:]."""
    passed = failed = 0
    said = []
    for argv, status, text in results:
        good = status == 0 and len(argv) > 1
        passed, failed = passed + (len(argv) - 1 if good else 0), failed + int(not good)
        if not good:
            said += [f"{argv[0]}: status {status}, {len(argv) - 1} files", text]
    return passed, failed, "\n".join(said)


def pytests(results):
    """pytest's last line. What was skipped, or failed as expected, has failed."""
    (_, status, text), = results
    last = [line for line in text.split("\n") if re.search(r"passed|failed|error|no tests ran", line)][-1:] or [""]
    passed = sum(int(n) for n in re.findall(r"(\d+) passed", last[0]))
    failed = sum(int(n) for n in re.findall(r"(\d+) (?:failed|errors?|skipped|xfailed|xpassed)", last[0]))
    return passed, failed or int(status != 0), text


LEAKS = "tests/net/test_leaks.py"


class Suite:
    """jobs: argument vectors; needs: names of suites that must have passed before; after: those that must have ended;
    cores: what each job takes; timed: it measures time; front: it has a place of its own, in front of the queue; limit:
    seconds for a job."""

    def __init__(self, name, judge, jobs, needs=(), *, after=(), cores=1.0, timed=False, front=False, limit=1800):
        self.name, self.judge, self.jobs, self.needs, self.after = name, judge, jobs, list(needs), list(after)
        self.cores, self.timed, self.front, self.limit, self.turn = cores, timed, front, limit, 0


class Makers:
    """The suites that several tiers share."""

    def __init__(self, root, cores):
        self.root, self.cores = root, cores

    def build(self, name, *targets, needs=()):
        return Suite(name, whole, [["make", "--no-print-directory", f"-j{self.cores}", *targets]], needs, cores=self.cores)

    def static(self, needs):
        """What reads sources and objects."""
        return [Suite("tidy", whole, [["scripts/tidy"]]),
                Suite("floors", whole, [["scripts/check-floors", "build"]], needs),
                Suite("floors, self-test", whole, [["scripts/check-floors", "--self-test", "build"]], needs),
                Suite("manual pages", whole, [["scripts/check-man"]], needs),
                Suite("rows", whole, [["scripts/check-rows"]]),
                Suite("rows, self-test", whole, [["scripts/check-rows", "--self-test"]])]

    def unit(self, name, build, needs):
        """Many of them wait for clocks and children: two share a core."""
        paths = sorted(p.relative_to(self.root / "tests/unit").with_suffix("")
                       for p in self.root.glob("tests/unit/*/test_*.c"))
        return Suite(name, units, [[f"{build}/tests/{path}"] for path in paths], needs, cores=0.5, timed=True, limit=600)

    def files(self, pattern):
        return sorted(str(p.relative_to(self.root)) for p in self.root.glob(pattern))

    def sim(self, build, needs, seeds):
        first, last = seeds
        step = (last - first) // self.cores + 1
        return Suite(f"sim, {last - first + 1} seeds", counted,
                     [[f"{build}/tests/sim", "--seeds", f"{a}-{min(a + step - 1, last)}", "--minutes", "10"]
                      for a in range(first, last + 1, step)], needs)

    def virtual(self, build, needs, seeds):
        """What runs on a virtual clock, or on none."""
        return [Suite("story", counted, [[f"{build}/tests/story", *self.files("tests/story/*.story")]], needs),
                Suite("golden", counted, [[f"{build}/tests/golden", "tests/golden"]], needs),
                Suite("lint", counted, [[f"{build}/tests/lint_golden", "tests/lint"]], needs),
                self.sim(build, needs, seeds),
                Suite("sim, stories", counted,
                      [[f"{build}/tests/sim", "--story", *self.files("tests/sim/seeds/*.story")]], needs)]

    def fuzzers(self):
        return [p.stem[len("fuzz_"):] for p in sorted(self.root.glob("tests/fuzz/fuzz_*.c"))]

    def corpora(self, needs):
        """Every corpus file through its fuzz target, under the sanitizers."""
        return Suite("fuzz corpora", replays,
                     [[f"build/san/tests/replay_{name}", *self.files(f"tests/fuzz/corpus/{name}/*")] for name in self.fuzzers()],
                     needs, limit=300)

    def net(self, needs):
        workers = str(2 * self.cores)
        return Suite("net", pytests, [[*PYTEST, "-n", workers, "--dist", "loadgroup", "--durations=15", "tests/net",
                                       f"--ignore={LEAKS}"]], needs, timed=True, front=True)

    def leaks(self, needs):
        """It builds in the sanitizers' folder, where nobody else may be building."""
        return Suite("net, leaks", pytests, [[*PYTEST, LEAKS]], needs, timed=True)


def quick(make):
    """The inner loop: everything that needs neither sanitizers nor time. The first build takes as long as it takes."""
    built = ["build"]
    return [make.build("build", "all", "tests"), *make.static(built), *make.virtual("build", built, (1, 100)),
            make.unit("unit", "build", built)]


def check(make):
    """All that matters."""
    gcc, san = "build gcc", "build sanitizers"
    return [make.build(gcc, "all", "man", "net-tools"), make.net([gcc]), make.build(san, "SAN=1", "tests", needs=[gcc]),
            *make.static([gcc]),
            make.build("build clang", "CC=clang", "CFLAGS=-O0", "objects", needs=[san]),
            make.build("build gcc, tests", "objects", needs=[san]),
            Suite("mutations", counted, [["scripts/mutate"]], [gcc, "build gcc, tests"], cores=make.cores),
            *make.virtual("build/san", [san], (1, 300)),
            Suite("inject", counted, [["build/san/tests/inject"]], [san]),
            make.corpora([san]), make.leaks([san]), make.unit("unit", "build/san", [san])]


def more(make):
    """What takes long. The fault matrix measures milliseconds, so all else waits for its end."""
    built, matrix = ["build"], "torture"
    rest = [make.unit("unit, as shipped", "build", built),
            make.build("build threads", "TSAN=1", "build/tsan/tests/rings"),
            Suite("threads", counted, [["setarch", "-R", "build/tsan/tests/rings"]], ["build threads"]),
            make.sim("build", built, (301, 5300)),
            Suite("mutations, second rules", counted, [["scripts/mutate", "--second"]], built, cores=make.cores),
            *[Suite(f"machine of {name}", counted, [["scripts/cross", compiler, machine]], cores=make.cores)
              for name, compiler, machine in MACHINES],
            Suite("guest, links", counted, [[sys.executable, "-B", "tests/guest/guest.py", "tests/guest/links.sh"]], built),
            Suite("fuzzers, 20 s", counted, [["scripts/fuzz", "20", *make.fuzzers()]], cores=make.cores)]
    for suite in rest:
        suite.after.append(matrix)
    return [make.build("build", "all", "tests"),
            Suite(matrix, counted, [[sys.executable, "-B", "tests/torture/torture.py", "--runs", "1"]], built,
                  timed=True, front=True), *rest]


def suites(root, cores, tier):
    return {"quick": quick, "check": check, "more": more}[tier](Makers(root, cores))
