//! Seats on governing boards.

use serde::{Deserialize, Serialize};

use super::PartialDate;

/// A person's seat on the governing board of an organisation, as a register gives it.
///
/// Reference data: who sits on a board is not listed for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BoardSeat {
    /// The organisation's name.
    pub organisation: String,
    /// The register's or the operator's own number of the organisation (a trade register number, a ROR
    /// id); empty if none.
    pub organisation_id: String,
    /// Country of the organisation, ISO 3166-1 alpha-2; empty if not known.
    pub country: String,
    /// The member's name.
    pub member: String,
    /// The member's birth date, as much as is known.
    pub birth_date: Option<PartialDate>,
    /// What the member is on the board; empty if not known.
    pub role: String,
    /// Since when, as far as is known.
    pub since: Option<PartialDate>,
    /// Until when, as far as is known; none for a member who sits.
    pub until: Option<PartialDate>,
    /// Where the operator has it from.
    pub source: String,
    /// As of when the source says so; none where the row does not tell.
    pub as_of: Option<PartialDate>,
    /// Line of the register.
    pub line: u32,
}
