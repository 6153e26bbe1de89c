//! The snapshot from outside: import, open, search, damage, and imports killed half-way.
//!
//! Runs on small lists in a format of its own, so that it tests the snapshot and no reader.

mod boards;
mod damage;
mod diff;
mod imports;
mod kill;
mod lending;
mod search;
mod support;
