# Everything a person or a runner does here is a target; CI calls nothing else.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.node/bin:$(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help install demo demo-fleet demo-graphs demo-github demo-seeds test test-fast test-docker test-cluster test-github-faults test-fuzz test-platforms programs rig-build rig-up rig-record check fmt fmt-check lint types laws dead action stage lint-workflows schemas runtime-lock github-pictures bench clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 27

install: node_modules/.package-lock.json ## Fetch Node 24 if needed, and the locked packages

node_modules/.package-lock.json: package.json package-lock.json
	@scripts/node24.sh
	npm ci --ignore-scripts --loglevel=error
	@touch $@

demo: install ## Judge four pull requests of an example repository, and leave everything to look at in .demo
	@node examples/porch/demo.ts

demo-github: install ## Play the life of a change on GitHub against an emulator, and leave everything in .demo-github (5 minutes)
	@node --disable-warning=ExperimentalWarning examples/porch/github/demo.ts

demo-graphs: install ## Measure where a graph of stages may run, and judge three pull requests of it; leaves everything in .demo-graphs
	@node --disable-warning=ExperimentalWarning examples/porch/demo-graphs.ts

demo-seeds: install ## Do the demo's verdicts hold for other data? (20 seeds, about 20 minutes)
	@node examples/porch/seeds.ts

demo-fleet: install ## On the rig: a release lands in two waves, another is taken back (CONTROLLERS="flux argocd"; docs/rig.md)
	@node examples/porch/fleet.ts $(CONTROLLERS)

test-fast: install ## Tests that start nothing (no process, port or browser), in half a minute: for the loop while you write
	@FIELDPROOF_FAST_TESTS=1 vitest run

test: install ## Every test that can run here; groups that can't are named
	@node scripts/test.ts

test-cluster: install ## Tests against real controllers on the rig (docs/rig.md); skipped by name until rig-build has run
	@FIELDPROOF_CLUSTER_TESTS=1 node scripts/test.ts

test-github-faults: install ## Each fault at each call to GitHub, a forged pass through all jobs, a check that is killed, many deploys at once (minutes)
	@FIELDPROOF_FAULT_TESTS=1 node scripts/test.ts

test-fuzz: install ## 100,000 inputs for each reader of what a pull request brings (FIELDPROOF_FUZZ_RUNS, FIELDPROOF_FUZZ_SEED)
	@FIELDPROOF_FUZZ_TESTS=1 node scripts/test.ts

test-platforms: install ## What has to be made elsewhere: the runtime on other systems, an emulated processor, servers of others, containers that misbehave (minutes)
	@FIELDPROOF_PLATFORM_TESTS=1 node scripts/test.ts

rig-build: install ## Build Kubernetes, Flux and Argo CD from their Go modules, into the cache (13 minutes on two cores, once)
	@node testing/rig/build.ts

programs: install ## Build nats-server and toxiproxy, unpack mosquitto, into the cache: what carries messages and shapes links (a minute, once)
	@node scripts/programs.ts

rig-up: install ## Start a rig of three sites and say how to reach it; Ctrl-C stops it (CONTROLLERS="flux argocd")
	@node testing/rig/up.ts $(CONTROLLERS)

rig-record: install ## Record anew what real controllers say in every state that watch must tell apart
	@node testing/rig/record.ts

check: fmt-check lint types laws dead lint-workflows test ## All that must hold before a commit

fmt: install
	oxfmt .

fmt-check: install
	oxfmt --check .

lint: install
	oxlint --type-aware --deny-warnings .

types: install
	tsc -p .

laws: install ## The architecture's laws, and that a planted violation of each is caught
	node scripts/laws.ts

dead: install ## Files, exports and packages that nothing uses
	knip

action: install ## Bundle the GitHub Action's driver, and what it needs before anything is installed, into action/dist
	node scripts/bundle-action.ts

stage: install ## Bundle the program of a deployed stage, and what it needs to reach brokers, into images/dist
	node scripts/bundle-stage.ts

lint-workflows: install ## actionlint and zizmor on every workflow that is shipped
	@scripts/lint-workflows.sh

runtime-lock: install ## Write what the stock runtime is made of anew, after its packages, Node or libraries changed
	@node scripts/lock-runtime.ts

schemas: install ## Write the JSON Schemas of every public file format
	node scripts/schemas.ts

github-pictures: install ## Draw anew what a reviewer sees on GitHub, into docs/images (needs chromium)
	@node scripts/github-pictures.ts

bench: install ## The benchmarks under bench/, one after another
	@for file in bench/*.ts; do echo "== $$file"; node "$$file"; done

clean:
	rm -rf .demo .demo-github .demo-graphs .fieldproof coverage
