//! A raw name into an analysed one, once.

pub mod script;
