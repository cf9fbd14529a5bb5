# The everyday commands, each one line over CMake presets and scripts. See CONTRIBUTING.md.

JOBS ?= $(shell nproc)
export JOBS
# What `make dev` builds: "fuzz" adds the fuzz targets, so that one build serves both.
PRESET ?= dev
# ccache makes the second build of anything fast; it is never required.
ifneq ($(shell command -v ccache),)
export CMAKE_CXX_COMPILER_LAUNCHER ?= ccache
# Without these it caches nothing that is compiled with a precompiled header.
export CCACHE_SLOPPINESS ?= pch_defines,time_macros
endif

.DEFAULT_GOAL := help
.PHONY: help demo build test checks dev fuzz bench format lint clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

demo: ## Build the program, draw a sheet, enlarge a picture: make demo [MODEL=file] [IMAGE=file]
	@scripts/install-deps --run
	@MODEL='$(MODEL)' IMAGE='$(IMAGE)' scripts/demo

build: ## Build everything (build/release)
	@scripts/install-deps --test
	cmake --preset release
	cmake --build --preset release -j $(JOBS)

test: ## Check the tree, build everything, run every test and the commands of the documents
	@scripts/install-deps --test
	tools/checks
	@$(MAKE) --no-print-directory build
	tools/check-docs --run build/release
	ctest --preset release -j $(JOBS)

checks: ## Run the checks that need no build
	tools/checks

dev: ## Build with clang, ASan and UBSan, without LibTorch, and run the tests
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET) -j $(JOBS)
	ctest --preset $(PRESET) -j $(JOBS)

fuzz: ## Run each fuzz target: make fuzz [TIME=30]
	@scripts/fuzz $(or $(TIME),30)

bench: ## Measure the engine beside LibTorch: make bench [ARGS="kernels --only conv"]
	@scripts/install-deps --test
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target gan_benchmark
	build/release/bench/gan_benchmark $(or $(ARGS),networks --json build/release/bench.json)

format: ## Format all C++
	tools/check-format --fix

lint: ## Run clang-tidy over the files changed since main, or over all: make lint [ALL=1]
	@scripts/lint $(if $(ALL),--all)

clean: ## Remove everything built
	rm -rf build demo
