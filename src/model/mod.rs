//! Entities as the lists give them.
//!
//! This layer knows nothing of the others and has no logic beyond the invariants of its own types.
//! Values stay as the list wrote them; folding and interpretation belong to [`crate::names`].

mod board;
pub mod country;
mod date;
mod entity;
mod listing;
pub(crate) mod spelling;

pub use board::BoardSeat;
pub use date::{DateSpan, PartialDate, PartialDateError};
pub use entity::{
    Address, Birth, Citizenship, Contact, Entity, EntityKind, Gender, Identifier, Name, NameQuality,
    Relation, RelationKind, RiskRating,
};
pub use listing::{Designation, Listing};
