# pps: builds under build/, in two flavours: build/pps (what is installed) and build/check/ (with ASan and
# UBSan, what the tests run). `make help` lists the targets. V=1 shows whole commands; CC, CFLAGS, CPPFLAGS,
# LDFLAGS and LDLIBS of the user come last and win. WERROR= builds with compilers that warn more than ours.

# Each goal is built on all processors. Several goals are made in turn, as they are written: deps installs what check needs.
ifneq ($(word 2,$(MAKECMDGOALS)),)
.PHONY: $(MAKECMDGOALS)
.NOTPARALLEL:
$(MAKECMDGOALS):
	@$(MAKE) --no-print-directory $@
else
ifeq ($(findstring --jobserver,$(shell echo "$$MAKEFLAGS")),)
MAKEFLAGS += -j$(shell nproc)
endif

PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
CFLAGS  ?= -O2 -g
WERROR  ?= -Werror
INSTALL ?= install

VERSION := $(shell sed -n 's/^\#define PPS_VERSION "\(.*\)"/\1/p' include/pps/version.h)

# Every Debian package that is needed, and nothing else; the reason of each stands in docs/dependencies.md.
DEPS_BUILD := gcc make pkg-config libc6-dev libsqlite3-dev libcurl4-openssl-dev libcjson-dev libcmark-dev cmark \
              libgmime-3.0-dev libcsv-dev tzdata ca-certificates
DEPS_TEST  := bats libcmocka-dev python3 python3-aiosmtpd postfix kannel kannel-extras openssl sqlite3 strace faketime mandoc \
              clang libclang-rt-14-dev python3-pystache python3-html5lib spamassassin

PKGS := sqlite3 libcurl libcjson libcmark gmime-3.0

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes -Wvla \
        -Wformat=2 $(WERROR)
HARDEN := -fstack-protector-strong -fPIE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
HARDEN_LD := -pie -Wl,-z,relro,-z,now
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# gcc's sanitisers within the program, which the tests start thousands of times, and not loaded with it. clang's are.
sanitize_ld = $(eval sanitize_ld := $$(if $$(findstring clang,$$(shell $$(CC) --version)),,-static-libasan -static-libubsan))$(sanitize_ld)

# Asked once, and only when something is compiled. pkg-config does not know libcsv. libcurl is not linked with: see
# src/gateway/curl.c.
pkg_cflags = $(eval pkg_cflags := $$(shell pkg-config --cflags $(PKGS) | sed 's/-I/-isystem /g'))$(pkg_cflags)
pkg_libs = $(eval pkg_libs := $$(shell pkg-config --libs $(filter-out libcurl,$(PKGS))) -lcsv)$(pkg_libs)

base_cflags = -std=c11 -D_GNU_SOURCE -Iinclude $(WARN) -MMD -MP $(pkg_cflags)

SRC := $(sort $(wildcard src/*/*.c src/store/sqlite/*.c))
EMBED := schema.sql $(sort $(wildcard src/store/sqlite/migrations/*.sql)) $(sort $(shell find templates -type f))
UNIT := $(sort $(wildcard tests/unit/test_*.c tests/store/test_*.c))

OBJ  := $(SRC:src/%.c=build/obj/%.o) build/obj/embedded.o
COBJ := $(SRC:src/%.c=build/check/obj/%.o) build/check/obj/embedded.o
UNIT_BIN := $(patsubst tests/%.c,build/check/%,$(UNIT))

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n'
endif

.PHONY: all deps demo golden fuzz check check-fast check-faults bench man screenshots install uninstall clean format help
.DELETE_ON_ERROR:

all: build/pps build/pps-method.7

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

build/pps: $(OBJ) build/obj/main.o
	$(say) LINK $@
	$(Q)$(CC) $(HARDEN_LD) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(pkg_libs) $(LDLIBS)

# The story of docs/method.md as a manual page.
build/pps-method.7: docs/method.md docs/method-man.sh docs/pps.1
	$(say) MAN $@
	@mkdir -p $(@D)
	$(Q)sh docs/method-man.sh > $@

build/obj/%.o: src/%.c
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(base_cflags) $(HARDEN) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

build/check/pps: $(COBJ) build/check/obj/main.o
	$(say) LINK $@
	$(Q)$(CC) $(SANITIZE) $(sanitize_ld) -o $@ $^ $(LDFLAGS) $(pkg_libs) $(LDLIBS)

build/check/obj/%.o: src/%.c
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(base_cflags) $(SANITIZE) -O1 -g $(CPPFLAGS) -c -o $@ $<

# schema.sql and everything under templates/ is built into the program from that one copy.
build/gen/embedded.c: src/util/embed.sh $(EMBED)
	$(say) EMBED $@
	@mkdir -p $(@D)
	$(Q)sh src/util/embed.sh $(EMBED) > $@
build/obj/embedded.o: build/gen/embedded.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(base_cflags) $(HARDEN) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
build/check/obj/embedded.o: build/gen/embedded.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(base_cflags) $(SANITIZE) -g $(CPPFLAGS) -c -o $@ $<

build/check/libpps.a: $(COBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^
build/check/unit/%: tests/unit/%.c build/check/libpps.a
	$(say) TEST $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(base_cflags) $(SANITIZE) -g -Itests $(CPPFLAGS) -o $@ $< build/check/libpps.a $(pkg_libs) -lcmocka $(LDLIBS)
# It looks, in the place of libcurl, at what libcurl says.
build/check/unit/test_gateway_smtp: LDLIBS += -Wl,--wrap=curl_multi_info_read
build/check/store/%: tests/store/%.c build/check/libpps.a
	$(say) TEST $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(base_cflags) $(SANITIZE) -g -Itests $(CPPFLAGS) -o $@ $< build/check/libpps.a $(pkg_libs) -lcmocka $(LDLIBS)

# The fuzz targets: clang with libFuzzer. They need the rooms up to message, and what reads presets and replies.
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,build/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_OBJ := $(patsubst src/%.c,build/fuzz/obj/%.o,$(wildcard src/util/*.c src/core/*.c src/message/*.c) $(addprefix src/gateway/,gateway.c preset.c preset_read.c reply.c)) build/fuzz/obj/embedded.o
FUZZ_CC := clang -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -DMUSTACHE_MAX_STEPS=2000

build/fuzz/obj/%.o: src/%.c
	$(say) CLANG $<
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(filter-out -Werror,$(base_cflags)) -fsanitize=fuzzer-no-link -c -o $@ $<
build/fuzz/obj/embedded.o: build/gen/embedded.c
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(filter-out -Werror,$(base_cflags)) -c -o $@ $<
build/fuzz/libpps.a: $(FUZZ_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^
build/fuzz/%: tests/fuzz/fuzz_%.c build/fuzz/libpps.a
	$(say) FUZZ $@
	$(Q)$(FUZZ_CC) $(filter-out -Werror,$(base_cflags)) -fsanitize=fuzzer -o $@ $< build/fuzz/libpps.a $(pkg_libs) $(LDLIBS)

SECONDS ?= 60
fuzz: $(FUZZ) ## random templates, letters and data for SECONDS (60) each; what breaks a promise is kept in build/fuzz
	/usr/bin/python3 -B tests/fuzz/test_fuzz.py --seconds $(SECONDS)

deps: ## install the Debian packages that building and testing need (as root or through sudo)
	@sh tests/deps.sh $(DEPS_BUILD) $(DEPS_TEST)

demo: build/pps ## three weeks of an agency in a scratch folder, explained
	@sh tests/demo.sh build/pps

check: all build/check/pps $(UNIT_BIN) $(FUZZ) ## all tests
	@sh tests/run.sh all

check-fast: all build/check/pps $(UNIT_BIN) ## the tests without real servers, about half a minute
	@sh tests/run.sh fast

check-faults: build/pps build/check/pps $(UNIT_BIN) ## every point of the fault tests, ten thousand days, the mutants: long
	@sh tests/run.sh faults $(LIMIT)

golden: build/pps ## renew tests/golden, the shipped messages as readers get them: look at the diff before it is committed
	@PPS=build/pps /usr/bin/python3 -B tests/golden/test_golden.py --renew

bench: build/pps ## speed and memory beside sqlite3, throughput beside smtplib
	@python3 tests/bench/bench.py build/pps
	@python3 tests/bench/throughput.py build/pps

screenshots: build/pps ## every letter as a picture, in build/screenshots (needs chromium)
	@/usr/bin/python3 -B tests/screenshots.py

man: build/pps ## bring the generated part of docs/pps.1 up to date
	$(Q)sh docs/make-man.sh build/pps

install: all ## DESTDIR and PREFIX are respected
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man7 $(DESTDIR)$(PREFIX)/share/doc/pps/docs
	$(INSTALL) -m 0755 build/pps $(DESTDIR)$(PREFIX)/bin/.pps.new
	mv -f $(DESTDIR)$(PREFIX)/bin/.pps.new $(DESTDIR)$(PREFIX)/bin/pps
	$(INSTALL) -m 0644 docs/pps.1 $(DESTDIR)$(PREFIX)/share/man/man1/pps.1
	$(INSTALL) -m 0644 docs/pps-delivery.7 build/pps-method.7 $(DESTDIR)$(PREFIX)/share/man/man7/
	$(INSTALL) -m 0644 README.md CHANGELOG.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/pps/
	$(INSTALL) -m 0644 docs/*.md docs/*.sql $(DESTDIR)$(PREFIX)/share/doc/pps/docs/

uninstall: ## removes what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/pps $(DESTDIR)$(PREFIX)/share/man/man1/pps.1 \
	      $(DESTDIR)$(PREFIX)/share/man/man7/pps-delivery.7 $(DESTDIR)$(PREFIX)/share/man/man7/pps-method.7
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/pps

format: ## lay the code out by .clang-format
	clang-format -i $(shell find src include tests -name '*.[ch]')

clean: ## remove build/
	rm -rf build

-include $(FUZZ_OBJ:.o=.d) $(FUZZ:=.d) $(OBJ:.o=.d) $(COBJ:.o=.d) $(UNIT_BIN:=.d) build/obj/main.d build/check/obj/main.d
endif
