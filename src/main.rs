//! The `zeef` command.

#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Screening allocates little, but what it does allocate sits on many threads at once; mimalloc
/// keeps the tail latency steadier there than the system allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    zeef::cli::run(std::env::args_os())
}
