//! The matcher of people from outside: pairs of names that must and must not match, properties that hold
//! for any name, and candidates against an oracle that scores every listed name.
//!
//! `variants` makes other spellings of listed names; `benches/quality.rs` reports on the same ones.

mod bynames;
mod pairs;
mod properties;
mod recall;
mod support;
mod variants;
