//! Registers gathered, written, opened and asked.

use super::file::LAYOUT;
use super::*;
use crate::index::compiled::container;
use crate::matching::score::PRIOR_BITS;

fn seat(organisation: &str, id: &str, country: &str, member: &str) -> BoardSeat {
    BoardSeat {
        organisation: organisation.into(),
        organisation_id: id.into(),
        country: country.into(),
        member: member.into(),
        since: "2020-04".parse().ok(),
        ..BoardSeat::default()
    }
}

fn gathered(seats: &[BoardSeat]) -> Vec<BoardOnFile> {
    let mut builder = BoardsBuilder::new();
    seats.iter().cloned().for_each(|s| builder.add(s));
    builder.build()
}

fn opened(boards: &[BoardOnFile]) -> Boards {
    let file = tempfile::NamedTempFile::new().unwrap();
    Boards::write(boards, file.path()).unwrap();
    Boards::open(file.path()).unwrap()
}

#[test]
fn rows_of_one_organisation_come_together() {
    let boards = gathered(&[
        seat("Example University", "", "", "A"),
        seat("Fictional Institute", "12345678", "NL", "B"),
        seat("EXAMPLE UNIVERSITY", "", "NL", "C"),
        seat("Example University", "", "BE", "D"),
        seat("Fictional Institute of Things", "1234-5678", "", "E"),
        seat("Fictional Institute", "", "", "F"),
        seat("Other Fictional Institute", "", "", "G"),
        seat("Fictional Institute", "87654321", "NL", "H"),
    ]);
    let members: Vec<String> =
        boards.iter().map(|b| b.seats.iter().map(|s| s.member.as_str()).collect()).collect();
    assert_eq!(members, ["AC", "BEF", "D", "G", "H"]);
    assert_eq!(boards[1].names, ["Fictional Institute", "Fictional Institute of Things"]);
    assert_eq!((boards[0].country.as_str(), boards[2].country.as_str()), ("NL", "BE"));
}

#[test]
fn what_is_written_is_read() {
    let mut full = seat("Fictional University of Technology", "NL-1", "NL", "A. Person");
    full.birth_date = "1970-01-02".parse().ok();
    full.until = "2024".parse().ok();
    full.as_of = "2025-03-01".parse().ok();
    (full.role, full.source, full.line) = ("chair".into(), "x".repeat(400), 17);
    let boards = gathered(&[full, seat("虚构大学", "", "CN", "某人"), seat("Example Academy", "", "", "B")]);
    let open = opened(&boards);
    assert_eq!((open.organisation_count(), open.seat_count()), (3, 3));
    for (number, board) in (0..).zip(&boards) {
        assert_eq!(open.board(number).as_ref(), Some(board));
    }
    assert_eq!(open.board(3), None);
    assert_eq!(open.board(u32::MAX), None);
}

#[test]
fn damage_is_told_and_never_used() {
    let file = tempfile::NamedTempFile::new().unwrap();
    Boards::write(&gathered(&[seat("Example Academy", "", "", "B")]), file.path()).unwrap();
    let whole = std::fs::read(file.path()).unwrap();
    for at in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(file.path(), &bytes).unwrap();
        assert!(Boards::open(file.path()).is_err(), "byte {at}");
        std::fs::write(file.path(), &whole[..at]).unwrap();
        assert!(Boards::open(file.path()).is_err(), "cut at {at}");
    }
}

#[test]
fn names_of_another_analysis_are_analysed_anew() {
    let boards = gathered(&[seat("Fictional University of Technology", "", "", "A")]);
    let file = tempfile::NamedTempFile::new().unwrap();
    Boards::write(&boards, file.path()).unwrap();
    let [seats, _, _] = <[Vec<u8>; 3]>::try_from(container::read(file.path(), LAYOUT).unwrap()).unwrap();
    container::write(file.path(), LAYOUT, &[seats, b"another".to_vec(), vec![0; 4]]).unwrap();
    let query = [OrganisationQuery::new("Fictional Univ. of Technology", &[], "")];
    let old = Boards::open(file.path()).unwrap();
    assert_eq!(old.find(&query, &[], PRIOR_BITS).len(), 1);
    // Carried over, it is written as names are analysed now.
    let again = tempfile::NamedTempFile::new().unwrap();
    old.write_again(file.path(), again.path()).unwrap();
    assert!(old.outdated && !Boards::open(again.path()).unwrap().outdated);
}

#[test]
fn organisations_are_found_as_listed_ones_are() {
    let open = opened(&gathered(&[
        seat("Fictional University of Technology", "30001234", "NL", "A"),
        seat("Fictional University", "", "NL", "B"),
        seat("Beijing Institute of Technology", "", "CN", "C"),
        seat("Beijing University of Technology", "", "CN", "D"),
        seat("哈尔滨工业大学", "", "CN", "E"),
    ]));
    let found = |name: &str, countries: &[&str], numbers: &[&str]| -> Vec<u32> {
        let countries: Vec<String> = countries.iter().map(|c| (*c).to_owned()).collect();
        let numbers: Vec<String> = numbers.iter().map(|n| (*n).to_owned()).collect();
        let query = [OrganisationQuery::new(name, &countries, "")];
        open.find(&query, &numbers, PRIOR_BITS).into_iter().map(|f| f.0).collect()
    };
    for (name, countries, numbers, expected) in [
        ("Fictional Univ. of Technology", &[][..], &[][..], &[0][..]),
        ("Dept. of Physics, Fictional University of Technol., Nowhere", &[], &[], &[0]),
        ("FICTIONAL UNIVERSITY", &["NL"], &[], &[1]),
        ("Beijing Inst. of Technology", &["CN"], &[], &[2]),
        ("Beijing Univ. of Technology", &["CN"], &[], &[3]),
        ("哈爾濱工業大學", &[], &[], &[4]),
        ("Another Name", &[], &["3000-1234"], &[0]),
        ("Another Name", &[], &["3000"], &[]),
        ("University of Technology", &[], &[], &[]),
        ("", &[], &[], &[]),
    ] {
        assert_eq!(found(name, countries, numbers), expected, "{name}");
    }
}
