//! A raw name into an analysed one, once.

pub mod cjk;
pub mod frequency;
pub mod lexicon;
pub mod nickname;
pub mod organisation;
mod person;
pub mod rarity;
pub mod script;
pub mod sound;
pub mod word;

pub use person::{MAX_WORDS, PersonName, place_words};
