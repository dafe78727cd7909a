# Holdfast. `make` builds build/holdfastd and build/holdfastctl; README.md names the rest.
# V=1 shows the commands. SAN=1 builds with ASan and UBSan into build/san, TSAN=1 with
# ThreadSanitizer into build/tsan; CC=clang into build/clang; CROSS=s390x-linux-gnu for another machine.

CC       := gcc
CFLAGS   ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	    -Wwrite-strings -Wundef -Wvla -Wformat=2 -Werror
B        := build
ifeq ($(CC),clang)
B        := build/clang
endif
ifdef SAN
B        := build/san
# A hundred programs are linked: gold takes half of ld's time, and a report needs lines, not types.
CFLAGS   := -O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
	    $(if $(shell command -v ld.gold),-fuse-ld=gold)
endif
ifdef FUZZING
# Smaller limits of the lexer: an expansion bomb under the sanitizers would look like a hang.
CC       := clang
B        := build/fuzz
CFLAGS   := -O1 -g1 -DLX_WORK_MAX=4000000 -DLX_MEM_MAX=2000000 -fsanitize=fuzzer-no-link,address,undefined \
	    -fno-sanitize-recover=all
endif
ifdef TSAN
B        := build/tsan
CFLAGS   := -O1 -g1 -fsanitize=thread
endif
ifdef CROSS
# For another machine: the pure floors, which need no library. CROSS=s390x-linux-gnu.
CC       := $(CROSS)-gcc
B        := build/$(CROSS)
CFLAGS   := -O2 -g1 -static
pkg       = $(if $(filter --cflags,$(1)),-Itests/cross,-lm)
endif
ifdef COV
B        := build/cov
CFLAGS   := -O0 -g --coverage
endif
Q        := $(if $(V),,@)
say       = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2))

PREFIX   ?= /usr
export PREFIX DESTDIR

# ---- floors: each may use itself and the lower ones; the link lines below are the proof ----
below_base   := base
below_core   := base core
below_config := base core config
below_engine := base core config engine
below_ctl    := base core config engine ctl
below_lint   := base core config lint
below_sys    := base core sys
below_cli    := base core config engine ctl lint
below_main   := base core config engine ctl lint sys

libs_base    :=
libs_core    :=
libs_config  := libconfig
libs_engine  := libconfig
libs_ctl     := libconfig jansson
libs_lint    := libconfig jansson
libs_cli     := $(libs_ctl)
libs_sys     := libnl-3.0 libnl-route-3.0 libmnl libevent libevent_pthreads libcap-ng libseccomp
libs_main    := $(libs_ctl) $(libs_sys)

ifndef CROSS
pkg          = $(shell pkg-config $(1) $(2) 2>/dev/null) $(if $(filter --libs,$(1)),-lm)
endif
ALL_CFLAGS  := -std=gnu17 -D_GNU_SOURCE -Iinclude $(WARN) $(call pkg,--cflags,$(libs_main)) \
	       $(CFLAGS) -MMD -MP -pthread
objects      = $(patsubst src/%.c,$(B)/obj/%.o,$(wildcard src/$(1)/*.c))
floor_objs   = $(foreach f,$(below_$(1)),$(call objects,$(f)))
link         = $(CC) $(CFLAGS) -pthread -Wl,-z,relro,-z,now -o $@ $(filter %.o,$^)

MAIN_OBJS   := $(filter-out %/cli.o %/daemon.o,$(call objects,main))
# holdfastctl stands on fewer floors: it runs on hosts without a daemon, and links no kernel library. Of
# sys it has what needs none.
CLI_SYS     := $(patsubst %,$(B)/obj/sys/%.o,acl keepwire limits program script_env script_path users)
CLI_OBJS    := $(patsubst %,$(B)/obj/main/%.o,cli client runtime_path $(patsubst \
	       src/main/%.c,%,$(wildcard src/main/command*.c)))

# `holdfastctl simulate` runs the engine in the tests' simulated world; its library part is world*.c.
WORLD_OBJS  := $(patsubst tests/%.c,$(B)/tobj/%.o,$(wildcard tests/sim/world*.c))
$(B)/obj/main/command_sim%.o: ALL_CFLAGS += -Itests
# holdfastd -t looks at scripts as `holdfastctl lint` does; of its other verbs it has none.
ctl_only     = $(filter-out %/command_lint.o,$(patsubst src/%.c,$(B)/obj/%.o,$(wildcard src/main/command*.c)))

all: $(B)/holdfastd $(B)/holdfastctl

$(B)/holdfastd: $(B)/obj/main/daemon.o $(filter-out $(ctl_only),$(MAIN_OBJS)) $(call floor_objs,main)
	$(call say,LINK,$@)
	$(Q)$(link) $(call pkg,--libs,$(libs_main))

$(B)/holdfastctl: $(CLI_OBJS) $(CLI_SYS) $(WORLD_OBJS) $(call floor_objs,cli)
	$(call say,LINK,$@)
	$(Q)$(link) $(call pkg,--libs,$(libs_cli))

$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/tobj/%.o: tests/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests $(call pkg,--cflags,check) -c -o $@ $<

# ---- unit tests: tests/unit/FLOOR/test_X.c with that floor and the lower ones only ----
UNIT_FLOORS := base core config engine ctl lint sys main
unit_tests   = $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/$(1)/test_*.c))
unit_helpers = $(patsubst tests/%.c,$(B)/tobj/%.o,$(filter-out $(wildcard \
	       tests/unit/$(1)/test_*.c),$(wildcard tests/unit/$(1)/*.c)))
UNIT_TESTS  := $(foreach f,$(UNIT_FLOORS),$(call unit_tests,$(f)))

define unit_rule
$(B)/tests/$(1)/test_%: $(B)/tobj/unit/$(1)/test_%.o $(call unit_helpers,$(1)) \
		$(call floor_objs,$(1)) $(if $(filter main,$(1)),$(MAIN_OBJS) $(WORLD_OBJS) $(B)/tobj/golden/same.o)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(link) $$(call pkg,--libs,check $(libs_$(1)))
endef
$(foreach f,$(UNIT_FLOORS),$(eval $(call unit_rule,$(f))))

STORY_OBJS  := $(patsubst tests/%.c,$(B)/tobj/%.o,$(wildcard tests/story/*.c))
$(B)/tests/story: $(STORY_OBJS) $(call floor_objs,core) $(B)/obj/engine/trace.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link)

# What scripts/cross runs on another machine.
cross-tests: $(call unit_tests,base) $(call unit_tests,core) $(B)/tests/story

GOLDEN_OBJS := $(patsubst tests/%.c,$(B)/tobj/%.o,$(wildcard tests/golden/*.c))
$(B)/tests/golden: $(GOLDEN_OBJS) $(call floor_objs,config)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link) $(call pkg,--libs,$(libs_config))

LINT_OBJS   := $(patsubst tests/%.c,$(B)/tobj/%.o,$(wildcard tests/lint/*.c))
$(B)/tests/lint_golden: $(LINT_OBJS) $(call floor_objs,lint)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link) $(call pkg,--libs,$(libs_lint))

# The simulated world around the unchanged engine.
SIM_OBJS    := $(patsubst tests/%.c,$(B)/tobj/%.o,$(wildcard tests/sim/*.c))
$(B)/tests/sim: $(SIM_OBJS) $(call floor_objs,engine)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link) $(call pkg,--libs,$(libs_engine))

# Every request for memory fails once; the linker sends the arena's calls to the test's allocator.
INJECT_OBJS := $(patsubst tests/%.c,$(B)/tobj/%.o,$(wildcard tests/inject/*.c) tests/golden/same.c \
	       tests/unit/engine/fake.c tests/unit/engine/jrig.c)
# The allocator is called before the sanitizers are ready.
$(B)/tobj/inject/alloc.o: ALL_CFLAGS += -fno-sanitize=all
WRAPPED     := arena_alloc arena_array arena_str arena_strn glob bufferevent_socket_new \
	       bufferevent_setwatermark evbuffer_add_cb pthread_create
$(B)/tests/inject: $(INJECT_OBJS) $(filter-out $(ctl_only),$(MAIN_OBJS)) $(call floor_objs,main)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link) $(WRAPPED:%=-Wl,--wrap=%) $(call pkg,--libs,$(libs_main))

# Each fuzz target replays its corpus in `make check`; `make fuzz` lets libFuzzer loose on it.
FUZZ        := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_HELP   := $(patsubst tests/%.c,$(B)/tobj/%.o,$(filter-out $(wildcard tests/fuzz/fuzz_*.c),\
	       $(wildcard tests/fuzz/*.c)))
$(B)/tests/replay_%: $(B)/tobj/fuzz/fuzz_%.o $(FUZZ_HELP) $(call floor_objs,ctl)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link) $(call pkg,--libs,$(libs_ctl))

$(B)/tests/fuzz_%: $(B)/tobj/fuzz/fuzz_%.o $(filter-out %/replay.o,$(FUZZ_HELP)) $(call floor_objs,ctl)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link) -fsanitize=fuzzer $(call pkg,--libs,$(libs_ctl))

# The programs that ask and listen in the hosts of `make torture`.
$(B)/tests/witness: $(patsubst tests/%.c,$(B)/tobj/%.o,$(wildcard tests/torture/*.c))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link)

# What the network tests throw at the daemons.
$(B)/tests/junk: $(B)/tobj/bench/junk.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link)

# What two threads share, for ThreadSanitizer (TSAN=1).
$(B)/tests/rings: $(patsubst tests/%.c,$(B)/tobj/%.o,$(wildcard tests/threads/*.c)) $(call floor_objs,sys)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link) -Wl,--wrap=pthread_clockjoin_np $(call pkg,--libs,$(libs_sys))

# What going on after the death of an engine costs; build/tests/bench_resume prints it.
$(B)/tests/bench_resume: $(B)/tobj/bench/resume.o $(call floor_objs,main)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link) $(call pkg,--libs,$(libs_main))

tests: $(B)/tests/bench_resume
# Loaded into a daemon under test, it lets system calls fail (tests/net/test_inject.py).
$(B)/tests/fault.so: tests/net/tools/fault.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARN) -O1 -g -shared -fPIC -o $@ $< -ldl

# A program that tells what it could do as the prover of an upgrade (tests/net/test_trust.py).
$(B)/tests/impostor: tests/net/tools/impostor.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARN) -O1 -g -o $@ $<

# What the network tests need beside the two programs.
net-tools: $(B)/tests/witness $(B)/tests/junk $(B)/tests/fault.so $(B)/tests/impostor

# Every source that any program is made of, compiled and not linked.
objects: $(patsubst src/%.c,$(B)/obj/%.o,$(wildcard src/*/*.c)) $(patsubst tests/%.c,$(B)/tobj/%.o,$(wildcard \
	 $(foreach d,unit/* story golden lint sim inject fuzz torture threads bench,tests/$(d)/*.c)))

tests: net-tools $(UNIT_TESTS) $(B)/tests/story $(B)/tests/golden $(B)/tests/lint_golden $(B)/tests/sim $(B)/tests/inject $(FUZZ:%=$(B)/tests/replay_%)

FUZZ_SECONDS ?= 60
fuzz: deps
	$(Q)scripts/fuzz $(FUZZ_SECONDS) $(FUZZ)

# ---- what people call ----
deps:
	$(Q)scripts/deps

# The inner loop, what README promises, what takes long, and both of these.
check-quick: deps
	$(Q)scripts/check quick

check: deps
	$(Q)scripts/check

check-more: deps
	$(Q)scripts/deps more
	$(Q)scripts/check more

check-all: deps
	$(Q)$(MAKE) --no-print-directory check
	$(Q)$(MAKE) --no-print-directory check-more

demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)KEEP=$(KEEP) scripts/demo

# 2,000 worlds of 10 virtual minutes; SEEDS=A-B for others. `make soak SECONDS=n` goes on for n seconds.
SEEDS ?= 1-2000
sim: deps
	$(Q)$(MAKE) --no-print-directory $(B)/tests/sim
	$(Q)$(B)/tests/sim --seeds $(SEEDS) --minutes 10

SECONDS ?= 60
soak: deps
	$(Q)$(MAKE) --no-print-directory $(B)/tests/sim
	$(Q)$(B)/tests/sim --seconds $(SECONDS)

mutate: deps
	$(Q)scripts/mutate

bench-smoke: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)/usr/bin/python3 tests/bench/smoke.py

# The fault matrix on a real pair, ours beside Debian's keepalived: about RUNS times 4 minutes.
RUNS ?= 3
torture: deps
	$(Q)$(MAKE) --no-print-directory all $(B)/tests/witness
	$(Q)/usr/bin/python3 -B tests/torture/torture.py --runs $(RUNS) $(if $(ROWS),--rows $(ROWS)) \
	    $(if $(OUT),--out $(OUT))

coverage: deps
	$(Q)scripts/coverage

# The tables of the configuration page come from the schema itself.
$(B)/holdfast.conf.5: man/holdfast.conf.5.in $(B)/holdfastd
	$(Q)$(B)/holdfastd --schema-man > $@.tables
	$(Q)sed -e '/^@SCHEMA@$$/r $@.tables' -e '/^@SCHEMA@$$/d' $< > $@
	$(Q)rm $@.tables

man: $(B)/holdfast.conf.5

install: all man
	$(Q)B=$(B) scripts/install

install-compat: install
	$(Q)B=$(B) scripts/install compat

uninstall:
	$(Q)scripts/install uninstall

clean:
	rm -rf build


.PHONY: all tests cross-tests net-tools objects fuzz deps check-quick check check-more check-all demo sim soak mutate bench-smoke torture coverage man install install-compat uninstall clean
.SECONDARY:

-include $(shell find $(B)/obj $(B)/tobj -name '*.d' 2>/dev/null)
