# raid: build, test, install.  GNU make; config.mk may set any variable.
-include config.mk

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/raid
LIBEXECDIR ?= $(PREFIX)/libexec
CC ?= cc
CFLAGS ?= -O2 -g
SAN ?= opt
B = build/$(SAN)

PKGS = sqlite3 libgit2 libcjson libpcre2-8 libmd libutf8proc libcurl \
	libarchive
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wformat=2
SAN_opt =
SAN_asan = -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
SAN_cov = -O0 --coverage
SAN_fuzz = -O1 -fsanitize=fuzzer-no-link,address,undefined
ifeq ($(SAN),fuzz)
CC = clang
endif
HARDEN_opt = -D_FORTIFY_SOURCE=2 -fstack-protector-strong
# What raid-logsum calls for each line is inlined across files, where the
# compiler can; other programs link the same objects as they are.
LTO_opt := $(shell printf 'int x;' | $(CC) -flto=auto -ffat-lto-objects \
	-x c -c -o /dev/null - 2>/dev/null && \
	echo -flto=auto -ffat-lto-objects)
ALLCFLAGS = -std=c11 -D_GNU_SOURCE -iquote lib -iquote cmd $(WARN) \
	$(HARDEN_$(SAN)) $(CFLAGS) $(LTO) $(SAN_$(SAN)) \
	$(shell pkg-config --cflags $(PKGS))
ALLLIBS = -Wl,--as-needed $(LDFLAGS) $(shell pkg-config --libs $(PKGS)) -lm -pthread

LIBSRC := $(wildcard lib/*/*.c)
LIBOBJ := $(LIBSRC:%.c=$(B)/%.o)
PROGS := $(patsubst cmd/%.c,%,$(wildcard cmd/raid-*.c))
SCRIPTS := $(notdir $(wildcard scripts/raid scripts/raid-* \
	scripts/members/raid-member-*))
GLUE := $(patsubst %.c,$(B)/%.o,$(filter-out cmd/raid-%,$(wildcard cmd/*.c)))
PROMPTS := $(notdir $(wildcard lib/array/prompts/*))
UNITS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
HELPERS := $(patsubst tests/%.c,%,$(filter-out %/faultio.c %/noflock.c,$(wildcard tests/*.c)))
CASES := $(patsubst %.c,$(B)/%.o,$(wildcard tests/cases/*.c))
LLMD := $(patsubst %.c,$(B)/%.o,$(wildcard tests/llmd/*.c))
TESTBINS := $(UNITS:%=$(B)/t/%) $(FUZZERS:%=$(B)/t/%) $(HELPERS:%=$(B)/t/%) \
	$(B)/t/llmd $(B)/t/cases $(B)/t/faultio.so $(B)/t/noflock.so
DATA = presets.json redact.txt
vpath raid% scripts scripts/members
vpath %.json lib/array
vpath %.txt lib/base

.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: all tests check bench bench-logs cov soak lint fuzz install uninstall \
	clean

all: $(PROGS:%=$(B)/%) $(B)/libexec/raid-patch-full $(SCRIPTS:%=$(B)/%) \
    $(PROMPTS:%=$(B)/prompts/%) \
    $(DATA:%=$(B)/%)

tests: all $(TESTBINS)

# The folders are prerequisites: a deleted source leaves no object behind.
$(B)/libraid.a: $(LIBOBJ) $(sort $(dir $(LIBSRC)))
	rm -f $@
	ar rcs $@ $(LIBOBJ)

$(B)/lib/logs/%.o: private LTO = $(LTO_$(SAN))
$(B)/raid-logsum: private LTO = $(LTO_$(SAN))

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -MMD -MP -c -o $@ $<

# An archive, so that a program links only the glue that it uses.
$(B)/glue.a: $(GLUE) cmd/
	rm -f $@
	ar rcs $@ $(GLUE)

$(PROGS:%=$(B)/%): $(B)/%: $(B)/cmd/%.o $(B)/glue.a $(B)/libraid.a
	$(CC) $(ALLCFLAGS) -o $@ $(filter %.o,$^) $(B)/glue.a $(B)/libraid.a \
	    $(ALLLIBS)

# Started for each answer: without the libraries that only journals and
# commits need.  raid-patch-full has them.
$(B)/raid-patch: $(B)/cmd/far/patch_far.o

$(B)/libexec/raid-patch-full: $(B)/cmd/raid-patch.o $(B)/glue.a $(B)/libraid.a
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -o $@ $^ $(ALLLIBS)

$(SCRIPTS:%=$(B)/%): $(B)/%: %
	@mkdir -p $(@D)
	install -m 755 $< $@

$(DATA:%=$(B)/%): $(B)/%: %
	@mkdir -p $(@D)
	install -m 644 $< $@

$(B)/prompts/%: lib/array/prompts/%
	@mkdir -p $(@D)
	install -m 644 $< $@

$(B)/t/test_%: $(B)/tests/unit/test_%.o $(B)/libraid.a
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -o $@ $^ $(ALLLIBS) -lcmocka

# Without clang a fuzz target replays its corpus.
ifeq ($(SAN),fuzz)
FUZZMAIN = -fsanitize=fuzzer
else
FUZZMAIN = $(B)/tests/fuzz/replay.o
endif
$(B)/t/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o \
    $(B)/libraid.a
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -o $@ $< $(FUZZMAIN) $(B)/libraid.a $(ALLLIBS)

$(HELPERS:%=$(B)/t/%): $(B)/t/%: $(B)/tests/%.o $(B)/libraid.a
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -o $@ $^ $(ALLLIBS)

# The model server of the tests.
$(B)/t/llmd: $(LLMD) $(B)/libraid.a tests/llmd/
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -o $@ $(LLMD) $(B)/libraid.a $(ALLLIBS)

# Cases for raid-patch.
$(B)/t/cases: $(CASES) $(B)/libraid.a tests/cases/
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -o $@ $(CASES) $(B)/libraid.a $(ALLLIBS)

# Loaded into programs that may be sanitized; itself it is not.
$(B)/t/%.so: tests/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARN) -O2 -fPIC -shared -o $@ $<

# T='tests/0010-post.t ...' runs some; J is how many at once.
T ?= $(sort $(wildcard tests/*.t))
J ?= 2
check: tests
	BUILD=$(abspath $(B)) CMOCKA_MESSAGE_OUTPUT=TAP \
	prove -j$(J) -e 'sh tests/run' $(PROVEFLAGS) $(T) $(if $(filter command%,$(origin T)),,$(UNITS:%=$(B)/t/%))

bench: tests
	BUILD=$(abspath $(B)) sh scripts/dev/bench
	BUILD=$(abspath $(B)) sh scripts/dev/bench-journal
	BUILD=$(abspath $(B)) sh scripts/dev/bench-array
	BUILD=$(abspath $(B)) sh scripts/dev/bench-patch

# The labelled logs and what scores them are not part of the project.
bench-logs: all
	BUILD=$(abspath $(B)) sh scripts/dev/bench-logs

# A test that is late under gcov must not hide the figures.
cov:
	find build/cov -name '*.gcda' -delete 2>/dev/null || :
	-$(MAKE) SAN=cov check
	BUILD=build/cov sh scripts/dev/cov

soak: tests
	BUILD=$(abspath $(B)) sh scripts/dev/soak

lint: all
	BUILD=$(abspath $(B)) CC="$(CC)" sh scripts/dev/lint

fuzz:
	$(MAKE) SAN=fuzz tests
	BUILD=build/fuzz sh scripts/dev/fuzz

install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DATADIR)/prompts
	install -m 755 $(PROGS:%=$(B)/%) $(SCRIPTS:%=$(B)/%) $(DESTDIR)$(BINDIR)
	install -D -m 755 $(B)/libexec/raid-patch-full \
	    $(DESTDIR)$(LIBEXECDIR)/raid-patch-full
	install -m 644 $(PROMPTS:%=lib/array/prompts/%) \
	    $(DESTDIR)$(DATADIR)/prompts
	install -m 644 $(DATA:%=$(B)/%) $(DESTDIR)$(DATADIR)
	for f in man/*.[157]; do \
	    install -D -m 644 $$f \
		$(DESTDIR)$(MANDIR)/man$${f##*.}/$${f##*/} || exit; \
	done

uninstall:
	cd $(DESTDIR)$(BINDIR) && rm -f $(PROGS) $(SCRIPTS)
	rm -f $(DESTDIR)$(LIBEXECDIR)/raid-patch-full
	rm -rf $(DESTDIR)$(DATADIR)
	for m in $(notdir $(wildcard man/*.[157])); do \
	    rm -f $(DESTDIR)$(MANDIR)/man$${m##*.}/$$m; \
	done

clean:
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
