# Sekisho. `make` tells what there is to make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test down bench bench-analysis bench-gateway fuzz mutation promises generate verify lint images cluster setup

# Only a KUBECONFIG given to make itself counts: one that is exported in the shell may be that of the last demo.
EXISTING := $(if $(filter command,$(firstword $(origin KUBECONFIG))),--kubeconfig '$(KUBECONFIG)')
CACHE := $(or $(SEKISHO_CACHE),.cache)
NODE := node_modules/.bin/node

help: ## Tell what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo '  make demo KUBECONFIG=FILE [IMAGES=HOST/TEAM]   the demo on a cluster that exists'
	@echo '  SEKISHO_CLUSTER=NAME SEKISHO_SUBNET=10.202.0.0/16 make demo   a second local cluster'

demo: setup ## Start a local cluster, install Sekisho, run examples/, tell how they went
	@set -a && . $(CACHE)/env && $(NODE) scripts/demo.ts

test: ## The same set-up, then every test
	@scripts/setup $(EXISTING)
	@scripts/test

down: ## Stop every local cluster and remove all that it left
	@scripts/down

setup: ## Only the set-up: packages, modules, cluster, images, chart
	@scripts/setup $(EXISTING)

cluster: ## Only the local cluster
	@"$$(local-cluster/build)"/sekisho-cluster up --name $(or $(SEKISHO_CLUSTER),sekisho) $(if $(SEKISHO_SUBNET),--subnet $(SEKISHO_SUBNET))

images: ## Only the images
	@npm run --silent build && images/build

bench: setup ## Requests against plain Jobs: time, throughput, API calls, CPU
	@set -a && . $(CACHE)/env && npm run --silent bench

bench-analysis: node_modules ## The analysis against the bare parsers: time, memory, event loop
	@npm run --silent bench-analysis

bench-gateway: node_modules ## The plugin gateway against a bare express proxy: time, CPU, memory; SECONDS=20
	@npm run --silent bench-gateway

fuzz: node_modules ## Broken and disguised programs against the analysis; SECONDS=60, SEED=…
	@npm run --silent fuzz

mutation: node_modules ## Small changes of the analysis, each of which a test must notice; N=200, SEED=…, HALF=unseen|seen|all
	@npm run --silent mutation

promises: ## What PROMISES.md promises, and what the last test run showed of it
	@npm run --silent promises

generate: ## Write crds/, the chart's copies of them, manifests/, docs
	@npm run --silent generate

verify: ## Fail when something generated is not up to date
	@npm run --silent verify

lint: ## Types, lint, chart
	@npm run --silent typecheck && npm run --silent lint && "$$(scripts/tools)/helm" lint --strict --quiet helm/sekisho
