//! The board that is on file for an organisation, and how old that knowledge is.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::index::{BOARDS, BoardMatch, BoardOnFile, RegisterManifest};
use crate::matching::organisation::{self, OrganisationQuery};
use crate::matching::{Explanation, score};
use crate::model::{BoardSeat, PartialDate};

use super::screener::graded;
use super::stamp::days_since;
use super::{AnswerError, DEFAULT_THRESHOLD, ListStamp, Options, Screener, Strength, Subject};

/// Most boards returned when the caller sets no limit.
const DEFAULT_LIMIT: usize = 20;

/// How an organisation was found in the register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum BoardFound {
    /// By one of the subject's identifiers.
    Number,
    /// By a name, with the scorer and the threshold of screening.
    Name {
        /// The subject's name that matched.
        query_name: String,
        /// The name on file that matched.
        matched_name: String,
        /// 0 to 1.
        score: f64,
        /// In words.
        strength: Strength,
        /// Why.
        explanation: Explanation,
    },
}

/// A member of a board, as the register has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardMember {
    /// The member's name.
    pub name: String,
    /// Birth date, as much as is known.
    pub birth_date: Option<PartialDate>,
    /// What the member is on the board; empty if not known.
    pub role: String,
    /// Since when, as far as is known.
    pub since: Option<PartialDate>,
    /// Until when, as far as is known.
    pub until: Option<PartialDate>,
    /// Whether `until` has wholly passed: a member no more, who was one.
    pub former: bool,
    /// Where the register has it from.
    pub source: String,
    /// As of when that is known: the row's source date, or else the register's; empty where neither says.
    pub as_of: String,
    /// Whole days since then, or since the import where nothing says.
    pub age_days: i64,
    /// Line of the register.
    pub line: u32,
}

impl BoardMember {
    fn of(seat: BoardSeat, register: &RegisterManifest, now: Timestamp) -> Self {
        let as_of = seat.as_of.map_or_else(|| register.as_of.clone(), |date| date.to_string());
        let today = now.to_zoned(TimeZone::UTC).date();
        Self {
            name: seat.member,
            birth_date: seat.birth_date,
            role: seat.role,
            since: seat.since,
            until: seat.until,
            former: seat.until.is_some_and(|until| has_passed(until, today)),
            source: seat.source,
            age_days: days_since(&as_of, &register.imported, now),
            as_of,
            line: seat.line,
        }
    }
}

/// The board of an organisation that is on file and may be the one asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// The organisation's name as on file.
    pub organisation: String,
    /// Its number on file, empty if none.
    pub organisation_id: String,
    /// Its country on file, ISO 3166-1 alpha-2; empty if not known.
    pub country: String,
    /// How it was found.
    pub found: BoardFound,
    /// Its members, former ones among them, in the order of the register.
    pub members: Vec<BoardMember>,
    /// The register: as of when it stands, how old it is and whether that is too old.
    pub register: ListStamp,
}

impl Screener {
    /// The boards on file for an organisation: of organisations with one of its identifiers, and of those
    /// whose name reaches the threshold, best first, at most `options.limit`. `None` where no register was
    /// imported, so that "not looked up" is never taken for "nobody".
    ///
    /// Nobody is a hit by standing there: a member is screened by [`Screener::screen`] as a subject.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use zeef::{index::Snapshot, screening::{Options, Screener, Subject, SubjectKind}};
    /// let screener = Screener::new(Arc::new(Snapshot::demo()?), vec![]);
    /// let partner = Subject::named("Fictional Univ. of Technology", SubjectKind::Organisation);
    /// match screener.boards_of(&partner, &Options::default(), jiff::Timestamp::now())? {
    ///     Some(boards) => boards.iter().flat_map(|b| &b.members).for_each(|m| println!("{}", m.name)),
    ///     None => println!("no register of boards was imported"),
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AnswerError::Subject`] where subject or options are at fault.
    pub fn boards_of(
        &self,
        organisation: &Subject,
        options: &Options,
        now: Timestamp,
    ) -> Result<Option<Vec<Board>>, AnswerError> {
        organisation.check()?;
        options.check()?;
        let Some((boards, register)) =
            self.snapshot().boards().zip(self.snapshot().manifest().register(BOARDS))
        else {
            return Ok(None);
        };
        let mut names = vec![organisation.name.as_str()];
        names.extend(organisation.aliases.iter().map(String::as_str).filter(|a| !a.trim().is_empty()));
        let queries: Vec<OrganisationQuery> = names
            .iter()
            .map(|name| OrganisationQuery::new(name, &organisation.countries, &organisation.address))
            .collect();
        let numbers: Vec<String> = organisation.identifiers.iter().map(|i| i.number.clone()).collect();
        let needed = score::bits(options.threshold.unwrap_or(DEFAULT_THRESHOLD));
        let stamp = self.register_stamp(register, now);
        let mut answer = Vec::new();
        for (number, found) in boards.find(&queries, &numbers, needed) {
            if answer.len() == options.limit.unwrap_or(DEFAULT_LIMIT) {
                break;
            }
            let Some(board) = boards.board(number) else { continue };
            let Some((name, found)) = told(&board, &found, &names, &queries) else { continue };
            answer.push(Board {
                organisation: name,
                organisation_id: board.id,
                country: board.country,
                found,
                members: board.seats.into_iter().map(|s| BoardMember::of(s, register, now)).collect(),
                register: stamp.clone(),
            });
        }
        Ok(Some(answer))
    }
}

/// The name on file and how it was found; `None` for a match that cannot be explained, which is none.
fn told(
    board: &BoardOnFile,
    found: &BoardMatch,
    names: &[&str],
    queries: &[OrganisationQuery],
) -> Option<(String, BoardFound)> {
    match *found {
        BoardMatch::Number => Some((board.names.first()?.clone(), BoardFound::Number)),
        BoardMatch::Name { query, name, exact, weak, .. } => {
            let (_, explanation) = organisation::explain(queries.get(query)?, &board.as_entity(), name)?;
            let matched_name = board.names.get(name)?.clone();
            let found = BoardFound::Name {
                query_name: (*names.get(query)?).to_owned(),
                matched_name: matched_name.clone(),
                score: score::score(explanation.bits),
                strength: graded(weak, exact, false, explanation.bits),
                explanation,
            };
            Some((matched_name, found))
        }
    }
}

/// Whether all of a date lies before a day: of a year or month only when it is over.
fn has_passed(date: PartialDate, today: Date) -> bool {
    let today = (today.year(), today.month().unsigned_abs().into(), today.day().unsigned_abs().into());
    let (year, month, day): (i32, Option<u32>, Option<u32>) = (date.year(), date.month(), date.day());
    let (this_year, this_month, this_day): (i16, u32, u32) = today;
    match (year.cmp(&i32::from(this_year)), month, day) {
        (std::cmp::Ordering::Equal, Some(month), Some(day)) => (month, day) < (this_month, this_day),
        (std::cmp::Ordering::Equal, Some(month), None) => month < this_month,
        (order, ..) => order.is_lt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_former_when_all_of_the_end_has_passed() {
        let today: Date = "2025-03-10".parse().unwrap();
        for (until, expected) in [
            ("2024", true),
            ("2025", false),
            ("2026", false),
            ("2025-02", true),
            ("2025-03", false),
            ("2025-04", false),
            ("2025-03-09", true),
            ("2025-03-10", false),
            ("2024-12-31", true),
            ("2026-01-01", false),
        ] {
            assert_eq!(has_passed(until.parse().unwrap(), today), expected, "{until}");
        }
    }
}
