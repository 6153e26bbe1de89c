//! A raw name into an analysed one, once.

pub mod cjk;
pub mod frequency;
pub mod lexicon;
pub mod nickname;
pub mod organisation;
pub mod script;
