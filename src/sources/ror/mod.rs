//! Records of the Research Organization Registry (ROR), schema v2: what institutions are called
//! elsewhere.
//!
//! ROR (CC0) is not a list that is screened against. It *lends* listed institutions what it knows of
//! the same institution: labels in other languages, aliases, acronyms, parents, children. Everything
//! lent says so: `lent_by` is [`LENT_BY`], and the record's address stands among the entity's links
//! and identifiers.
//!
//! An import uses it in two steps:
//!
//! ```no_run
//! # use zeef::sources::{Input, ror};
//! # let mut entity = zeef::model::Entity::default();
//! let input = Input::open(std::path::Path::new("ror.jsonl.gz")).unwrap();
//! let mut issues = Vec::new();
//! let lender = ror::Lender::read(vec![input], &mut |issue| issues.push(issue))?;
//! // … then for each entity of any list, before it is indexed:
//! if let Some(record) = lender.lend(&mut entity) {
//!     println!("{} lent to {}", record.id, entity.id);
//! }
//! # Ok::<(), zeef::sources::ReadError>(())
//! ```

mod lender;
mod record;

pub use lender::Lender;
pub use record::{RorName, RorNameKind, RorRecord, RorRelation, read};

/// What names and relations from ROR carry in `lent_by`.
pub const LENT_BY: &str = "ror";

#[cfg(test)]
mod tests;
