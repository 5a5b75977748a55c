//! The kiosk's program. Before anything else the process is hardened; whatever it frees is wiped.

use std::alloc::System;
use std::process::ExitCode;

use clap::Parser;
use zeroizing_alloc::ZeroAlloc;

/// Wipes whatever is freed, also what libraries free: requests, PDF pages, TLS buffers.
#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    let hardened = kiosk_agent::hardening::harden();
    kiosk_agent::commands::run(kiosk_agent::commands::Arguments::parse(), hardened)
}
