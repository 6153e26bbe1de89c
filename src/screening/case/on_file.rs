//! Boards that the register has of a case's organisations: their members are subjects like any other.

use jiff::Timestamp;

use crate::index::BOARDS;
use crate::model::spelling::key;
use crate::screening::{
    AnswerError, BoardFound, ListStamp, Options, Screener, Strength, Subject, SubjectKind,
};

use super::finding::{CaseSubject, Period, Role};

/// What the register added to a case.
pub(super) struct OnFile {
    /// Places of members of boards whose organisation is only possibly the case's.
    pub doubtful: Vec<usize>,
    /// The register, if there is one.
    pub register: Option<ListStamp>,
}

/// Adds the members on file of the partner, its group and owners, the home university and funders.
/// Institutions of a CV are left out: their boards say nothing of whoever studied there.
///
/// # Errors
/// See [`AnswerError`].
pub(super) fn add_boards(
    screener: &Screener,
    subjects: &mut Vec<CaseSubject>,
    now: Timestamp,
) -> Result<OnFile, AnswerError> {
    let register = screener.snapshot().manifest().register(BOARDS);
    let first = subjects.len();
    let mut on_file = OnFile {
        doubtful: Vec::new(),
        register: register.map(|register| screener.register_stamp(register, now)),
    };
    for holder in 0..first {
        let concerned = matches!(
            subjects[holder].role,
            Role::Partner | Role::GroupCompany | Role::Owner | Role::HomeUniversity | Role::Funder
        );
        if !concerned || subjects[holder].subject.kind == SubjectKind::Person {
            continue;
        }
        let boards = screener.boards_of(&subjects[holder].subject, &Options::default(), now)?;
        for board in boards.unwrap_or_default() {
            let sure = match board.found {
                BoardFound::Number => true,
                // A name too common to tell is no ground to put somebody on a board.
                BoardFound::Name { strength: Strength::Weak, .. } => continue,
                BoardFound::Name { strength, .. } => strength >= Strength::Strong,
            };
            for member in board.members {
                let new = CaseSubject {
                    // Where the member would stand if the case named them.
                    path: match subjects[holder].role {
                        Role::Partner => "partner.board".to_owned(),
                        _ => subjects[holder].path.clone(),
                    },
                    role: Role::BoardMember,
                    role_text: member.role,
                    on_file_since: Some(member.as_of),
                    period: if member.former { Period::Past } else { Period::Current },
                    start: member.since,
                    end: member.until,
                    share: None,
                    belongs_to: Some(holder),
                    subject: Subject {
                        birth_date: member.birth_date,
                        ..Subject::named(member.name, SubjectKind::Person)
                    },
                };
                if is_known(subjects, &new) {
                    continue;
                }
                if !sure {
                    on_file.doubtful.push(subjects.len());
                }
                subjects.push(new);
            }
        }
    }
    Ok(on_file)
}

/// Whether the case already names this member with no less than the register knows.
fn is_known(subjects: &[CaseSubject], new: &CaseSubject) -> bool {
    let name = key(&new.subject.name);
    subjects.iter().any(|s| {
        s.role == Role::BoardMember
            && s.belongs_to == new.belongs_to
            && key(&s.subject.name) == name
            && (s.subject.birth_date == new.subject.birth_date || new.subject.birth_date.is_none())
            && s.period == new.period
    })
}
