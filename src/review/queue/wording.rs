//! How a hit stands, in a sentence for people (English).

use std::fmt;

use super::form::{FieldChange, FormField, Side};
use super::types::{MatchState, Standing};

impl Standing {
    /// Whether it had been cleared and is open again, since what that rested on changed.
    pub fn came_back(&self) -> bool {
        !self.state.is_decided() && !self.difference.is_empty()
    }

    /// What is said beside the hit; nothing of one that is simply open. Holds what people wrote.
    pub fn sentence(&self) -> String {
        let by = |what: &str| {
            let day = self
                .decided
                .map_or(String::new(), |t| format!(" on {}", t.to_zoned(jiff::tz::TimeZone::UTC).date()));
            format!("{what}{day} by {} because: {}", self.decided_by, self.reason)
        };
        match self.state {
            MatchState::Cleared => by("Cleared"),
            MatchState::Confirmed => by("Confirmed"),
            _ if self.came_back() => {
                let changes: Vec<String> = self.difference.iter().map(ToString::to_string).collect();
                format!("Was cleared and came back: {}", changes.join("; "))
            }
            MatchState::InReview => "In review.".to_owned(),
            MatchState::Open => String::new(),
        }
    }
}

/// The field, the side that changed, and what was added and removed.
impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.side {
            Side::Subject => "subject",
            Side::Entity => "list",
        };
        let field = match self.field {
            FormField::Names => "names",
            FormField::BirthDates => "birth dates",
            FormField::BirthPlaces => "birth places",
            FormField::Gender => "gender",
            FormField::Identifiers => "identifiers",
            FormField::Addresses => "addresses",
        };
        write!(f, "{field} ({side})")?;
        for (sign, values) in [('+', &self.added), ('-', &self.removed)] {
            for value in values {
                write!(f, " {sign}{value}")?;
            }
        }
        Ok(())
    }
}
