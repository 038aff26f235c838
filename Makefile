# Everything a person or a machine does with this repository goes through here.
SHELL := /bin/bash
GO ?= go
ARGS ?=

.PHONY: help run build test race lint fuzz bench vuln tools

help: ## show this
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## start the server with everything embedded; ARGS="--addr 127.0.0.1:9000" and the like
	./bin/fortunet serve --data data $(ARGS)

build: ## build bin/fortunet
	@mkdir -p bin
	$(GO) build -trimpath -o bin/fortunet ./cmd/fortunet

test: tools lint race ## everything that must pass, installing what it needs

tools: ## install what the tests need (Debian packages, when root) or say what is missing
	@./tools/need

lint: ## gofmt, go vet, staticcheck
	@bad=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$bad" ]; then echo "gofmt: $$bad"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool -modfile=tools.mod staticcheck ./...

race: ## the tests, under the race detector
	$(GO) test -race -shuffle=on -timeout 20m ./...

fuzz: ## fuzz every decoder for a while; FUZZTIME=1m
	@for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg 2>/dev/null | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-10s} $$pkg || exit 1; \
	  done; done

bench: ## the benchmarks; FORTUNET_BENCH_DIR says on which disk
	$(GO) test -run '^$$' -bench . -benchmem ./...

vuln: ## known vulnerabilities of what is linked in; needs the network
	$(GO) tool -modfile=tools.mod govulncheck ./...
