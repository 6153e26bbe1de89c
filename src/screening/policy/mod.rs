//! A university's policy as data: its questions, standing advice and deciders.
//!
//! A profile is a TOML file, checked when it is read: a rule that could never fire, or that names what
//! is not there, is an error with its place. Applied to a screened case it gives the
//! [`CaseResult`](super::case::CaseResult). It decides nothing.
