# Two commands matter: `make demo` shows the main job, `make test` proves it.
# Each target installs what it needs on a Debian 12 with Rust (root or sudo).

# The demo leaves everything up with `make demo KEEP=1`.
KEEP ?=
# What `make load` is to do instead, such as LOAD="--agents 50 --certificates 2000".
LOAD ?=
# Seconds for each fuzz target; CI uses a few.
FUZZ_SECONDS ?= 60

.PHONY: help demo test load check bench fuzz build deb forensics

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: ## a card on the reader becomes signed certificates on paper and on a phone
	@scripts/install.sh run
	@cargo build --quiet --bins
	@cargo run --quiet -p fixtures -- demo $(if $(KEEP),--keep)

test: ## every test, on real pcscd, printer, TLS, SQLite and PostgreSQL
	@scripts/install.sh test
	@cargo build --quiet --bins
	scripts/with-postgres.sh cargo nextest run --workspace
	cargo test --workspace --doc --quiet

load: ## 200 kiosks at once, 20,000 certificates, with kills; every page read and compared
	@scripts/install.sh test
	cargo build --release --bins
	target/release/kiosk-load $(LOAD)

check: ## fmt, clippy, deny, docs, links between crates
	@scripts/install.sh check
	scripts/format.sh --check
	cargo metadata --locked --format-version 1 --manifest-path fuzz/Cargo.toml >/dev/null
	cargo clippy --workspace --all-targets -- -D warnings
	scripts/deny.sh
	RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --workspace --no-deps --document-private-items --quiet
	scripts/links.sh
	scripts/documents.sh

forensics: ## as root: what is left of residents in memory and files of a kiosk; planted leaks must be found
	@scripts/install.sh forensics
	@cargo build --quiet --workspace --bins
	@cargo run --quiet -p system-tests --bin forensics

bench: ## CPU time for each stage and for the whole; see docs/PERFORMANCE.md
	@scripts/install.sh test
	scripts/with-postgres.sh --durable cargo bench --workspace --bench '*'

fuzz: ## each decoder for FUZZ_SECONDS (60)
	@scripts/install.sh fuzz
	scripts/fuzz.sh $(FUZZ_SECONDS)

deb: ## the Debian packages, in target/debian
	@scripts/install.sh deb
	scripts/deb.sh

build: ## the three programs, optimised, in target/release
	@scripts/install.sh build
	cargo build --release --bins
