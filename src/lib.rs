//! # Zeef: sanctions and entity screening for universities
//!
//! Zeef (Dutch for sieve) reads public lists of designated people and institutions, and answers
//! for a name with what else is known of its bearer: which listed entities it may be, how strongly,
//! and why. A person decides; zeef never does.
//!
//! # Layout
//!
//! One way through the house, each layer knowing only those before it:
//!
//! * [`model`]: entities as the lists give them. Knows nothing.
//! * [`sources`]: one reader per list format, bytes in, a stream of entities and issues out.
//! * [`names`]: a raw name into an analysed one, once: folding, script, sound, token kinds.
//! * [`index`]: the snapshot on disk (tantivy store and the compiled name index), candidates.
//! * [`matching`]: two analysed names and their attributes into evidence and a score.
//! * [`screening`]: the [`screening::Screener`]: analyse, find candidates, score, answer.
//! * [`report`]: a screened case as a page that people file: HTML, Markdown, JSON.
//! * [`review`]: what is kept: audit trail, suspected matches, decisions.
//! * [`update`]: lists kept fresh: fetched, checked, switched to.
//! * [`service`], [`cli`], [`batch`], `web` (the page): thin adapters over one screener.
//!
//! `ARCHITECTURE.md` tells the invariants and where to add things.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod batch;
pub mod cli;
pub mod index;
pub mod matching;
pub mod model;
pub mod names;
pub mod report;
pub mod review;
pub mod screening;
pub mod service;
pub mod sources;
pub mod update;
mod web;
