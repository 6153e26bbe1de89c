//! The `zeef` binary as a user runs it: arguments, answers, exit codes, files.
//!
//! Everything runs on the bundled demonstration lists and on the small files in `fixtures/`, in folders
//! of its own, whatever this machine has imported.

mod answers;
mod case;
mod config;
mod data;
mod deploy;
mod import;
mod private;
mod records;
mod rows;
mod serve;
mod sheets;
mod support;
