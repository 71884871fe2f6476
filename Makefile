# Sequitur: `make report` reviews the example organisation, `make test` runs the tests, `make bench`
# measures. Each sets up what it needs first; set-up is idempotent and says what it does.

BINARY := .build/release/sequitur
REVIEW := acme-2026-Q3
PAIRS ?= 60000
SEED ?= 20260701
SECONDS ?= 600

BENCH :=
KILLS ?= 200
PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: help report year test bench fuzz build install install-files uninstall setup setup-test setup-bench lint format clean

help:
	@echo "make report   set up, build, and review the example organisation"
	@echo "make year     set up, build, and review four quarters of a part of it, one after the other"
	@echo "make test     set up, build, and run every test"
	@echo "make fuzz     damaged input and policies for SECONDS=600, then the engine against a brute"
	@echo "              force on PAIRS=60000 random policies and traces, from SEED, then KILLS=200"
	@echo "              reviews that are killed at random moments"
	@echo "make bench    set up, build, and measure; BENCH=--write writes docs/benchmarks.md,"
	@echo "              BENCH=--help tells the rest"
	@echo "make build    the release binary, $(BINARY)"
	@echo "make install  the binary, mappings, templates, manual page and shell completions, under"
	@echo "              PREFIX=/usr/local"
	@echo "make lint     the format and the style of the sources"

report: build
	@$(BINARY) review examples/acme/input --config examples/acme/review.yaml --replay --out output
	@echo
	@echo "Open output/$(REVIEW)/index.html in a browser."

year: build
	@for quarter in Q1 Q2 Q3 Q4; do \
		$(BINARY) review examples/acme/year/2026-$$quarter/input --out output/year \
			--config examples/acme/year/2026-$$quarter/review.yaml || exit; \
	done
	@echo
	@echo "Open output/year/acme-2026-Q4/index.html in a browser, or that of an earlier quarter."

build: setup
	@swift build -c release --product sequitur --quiet

install: build install-files

# What `install` puts in place, once the binary is there. The mappings and templates are replaced as
# a whole: a rule book of two versions would be none.
SHARE := $(DESTDIR)$(PREFIX)/share
install-files:
	@install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/sequitur/deploy $(SHARE)/man/man1 \
		$(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions \
		$(SHARE)/fish/vendor_completions.d
	@install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/sequitur
	@rm -rf $(SHARE)/sequitur/mappings $(SHARE)/sequitur/templates
	@cp -R mappings templates $(SHARE)/sequitur/
	@install -m 644 README.md LICENSE $(SHARE)/sequitur/
	@install -m 755 examples/deploy/review-last-quarter $(SHARE)/sequitur/deploy/
	@install -m 644 docs/sequitur.1 $(SHARE)/man/man1/
	@$(BINARY) --generate-completion-script bash >$(SHARE)/bash-completion/completions/sequitur
	@$(BINARY) --generate-completion-script zsh >$(SHARE)/zsh/site-functions/_sequitur
	@$(BINARY) --generate-completion-script fish >$(SHARE)/fish/vendor_completions.d/sequitur.fish
	@echo "installed under $(DESTDIR)$(PREFIX)"

uninstall:
	@rm -rf $(DESTDIR)$(PREFIX)/bin/sequitur $(SHARE)/sequitur $(SHARE)/man/man1/sequitur.1 \
		$(SHARE)/bash-completion/completions/sequitur $(SHARE)/zsh/site-functions/_sequitur \
		$(SHARE)/fish/vendor_completions.d/sequitur.fish

test: setup-test
	@swift test

# The long run of what `make test` does with few; the seed is fixed, and printed. It has a build
# folder of its own, since optimised tests are built with other flags than the product.
# Memory is bounded by the shell, so that an input that asks for more of it fails the run.
fuzz: setup-test build
	@swift build --build-tests -c release -Xswiftc -enable-testing --scratch-path .build/fuzz
	@ulimit -v 8000000; SEQUITUR_FUZZ_SECONDS=$(SECONDS) SEQUITUR_FUZZ_SEED=$(SEED) \
		swift test --skip-build -c release -Xswiftc -enable-testing --scratch-path .build/fuzz \
		--filter 'IntakeTests.FuzzTests|MutationTests|DecisionReaderTests'
	@SEQUITUR_DIFFERENTIAL_PAIRS=$(PAIRS) SEQUITUR_DIFFERENTIAL_SEED=$(SEED) \
		swift test --skip-build -c release -Xswiftc -enable-testing --scratch-path .build/fuzz \
		--filter DifferentialTests
	@SEQUITUR_KILLS=$(KILLS) SEQUITUR_RIVALS=20 SEQUITUR_BINARY=$(CURDIR)/$(BINARY) \
		swift test --skip-build -c release -Xswiftc -enable-testing --scratch-path .build/fuzz \
		--filter KillTests

bench: build setup-bench
	@python3 Tests/Benchmarks/bench.py $(BENCH)

setup:
	@sh .ci/setup build

setup-test:
	@sh .ci/setup test

setup-bench:
	@sh .ci/setup bench

lint:
	swift format lint --strict -r Package.swift Sources Tests

format:
	swift format format -i -r Package.swift Sources Tests

clean:
	rm -rf .build output/*/
