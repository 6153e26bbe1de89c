//! Two analysed names and their attributes into evidence and a score.
//!
//! Evidence is counted in bits: the base-2 logarithm of how much likelier an observation is for the
//! same bearer than for two people or institutions at random (Fellegi and Sunter, "A theory for
//! record linkage", 1969). Parts add up; [`score`] maps the sum to 0..1.
//!
//! Nothing here does I/O, reads a clock or can fail.

pub mod align;
pub mod attributes;
pub mod birth;
pub mod cjk;
mod explanation;
pub mod organisation;
pub mod person;
pub mod score;
pub mod sound;
pub mod word;

pub use explanation::{Alignment, AlignmentKind, Evidence, EvidenceKind, Explanation, Verdict};
