//! Registers, good and bad.

use super::*;

#[derive(Default)]
struct Seats {
    seats: Vec<BoardSeat>,
    issues: Vec<Issue>,
}

impl SeatSink for Seats {
    fn seat(&mut self, seat: BoardSeat) {
        self.seats.push(seat);
    }

    fn issue(&mut self, issue: Issue) {
        self.issues.push(issue);
    }
}

fn read_text(text: &str) -> Result<(Header, Seats), ReadError> {
    let input = Input::from_reader("register.csv".into(), text.as_bytes()).unwrap();
    let mut seats = Seats::default();
    read(vec![input], &mut seats).map(|header| (header, seats))
}

#[test]
fn headings_in_two_languages_and_any_order() {
    for table in [
        "organisation,member,role,since,until,source\n\
         Example University,A. Person,chair,2020-04-03,2024-12,annual report 2025-03-01\n",
        "Bron;Tot;Sinds;Functie;Bestuurslid;Organisatie\r\n\
         annual report 2025-03-01;12-2024;3-4-2020;chair;A. Person;Example University\r\n",
        "\u{feff}Peildatum\tLID\tInstelling\tfunctie\tvanaf\tt/m\tbron\n\
         2025-03-01\tA. Person\tExample University\tchair\t03.04.2020\t2024-12\tannual report 2025-03-01\n",
    ] {
        let (header, read) = read_text(table).unwrap();
        assert_eq!(read.issues, [], "{table}");
        assert_eq!(header.as_of, "2025-03-01");
        let [seat] = &read.seats[..] else { panic!("{table}") };
        assert_eq!((seat.organisation.as_str(), seat.member.as_str()), ("Example University", "A. Person"));
        assert_eq!((seat.role.as_str(), seat.line), ("chair", 2));
        assert_eq!(seat.since.unwrap().to_string(), "2020-04-03");
        assert_eq!(seat.until.unwrap().to_string(), "2024-12");
        assert_eq!(seat.as_of.unwrap().to_string(), "2025-03-01");
    }
}

#[test]
fn bad_rows_are_issues_with_their_line() {
    let table = "organisation,member,role,since,until,source,country,birth_date,shoe size\n\
        Example University,A. Person,chair,2020,,,NL,1970-01-02,44\n\
        ,A. Person,chair\n\
        Example University,,chair\n\
        Example University,B. Person,,2024,2020\n\
        Example University,C. Person,,in spring,heden\n\
        Example University,D. Person,,03/04/2020,,,Atlantis\n\
        \n\
        Example University,a. person,Chair,2020,,another source,NL,1970-01-02\n\
        Example University,E. Person,,2020-02-30,13/04/2020,\"a, b\"\n";
    let (header, read) = read_text(table).unwrap();
    assert_eq!(header.as_of, "");
    let issues: Vec<String> = read
        .issues
        .iter()
        .map(|i| {
            format!("{} {}: {}", if i.severity == Severity::Record { "R" } else { "V" }, i.place, i.what)
        })
        .collect();
    for (issue, expected) in issues.iter().zip([
        "V line 1: column 9 is not known",
        "R line 3: no organisation",
        "R line 4: no member",
        "V line 5: until lies before since",
        "V line 6: since is no date",
        "V line 7: since may have its day or its month first",
        "V line 7: the country",
        "R line 9: the same seat",
        "V line 10: since is no date",
    ]) {
        assert!(issue.starts_with(expected), "{issue}");
    }
    assert_eq!(issues.len(), 9, "{issues:#?}");
    let members: Vec<&str> = read.seats.iter().map(|s| s.member.as_str()).collect();
    assert_eq!(members, ["A. Person", "B. Person", "C. Person", "D. Person", "E. Person"]);
    let dates = |i: usize| [read.seats[i].since, read.seats[i].until].map(|d| d.map(|d| d.to_string()));
    assert_eq!(dates(1), [None, None], "a wrong end hides nobody");
    assert_eq!(dates(3), [Some("2020".into()), None]);
    assert_eq!(dates(4), [None, Some("2020-04-13".into())]);
}

#[test]
fn refuses_what_is_no_register() {
    for (table, part) in [
        ("organisation,role\nX,Y\n", "no column member"),
        ("lid;rol\nX;Y\n", "no column organisation"),
        ("a,b\nX,Y\n", "no column organisation and no column member"),
        ("organisation,member\n", "no seat"),
        ("organisation,member\n,\n", "no seat"),
        ("{}", "not a table"),
        ("<html>", "not a table"),
        ("", "empty"),
        (&format!("organisation,member\nX,\"{}", "y\n".repeat(20_000)), "quotation mark"),
    ] {
        let error = read_text(table).err().unwrap().to_string();
        assert!(error.contains(part) && error.contains("register.csv"), "{error}");
    }
}

#[test]
fn dates_as_people_type_them() {
    for (text, expected) in [
        ("2020-04-03", "2020-04-03"),
        ("2020-04-03 00:00:00", "2020-04-03"),
        ("2020-04-03T10:00:00Z", "2020-04-03"),
        ("3-4-2020", "2020-04-03"),
        ("03.04.2020", "2020-04-03"),
        ("13/4/2020", "2020-04-13"),
        ("4/13/2020", "2020-04-13"),
        ("4/4/2020", "2020-04-04"),
        ("3/4/2020", "2020"),
        ("2020/04/03", "2020-04-03"),
        ("4-2020", "2020-04"),
        ("2020.04", "2020-04"),
        ("2020", "2020"),
        ("heden", ""),
        ("Present", ""),
        ("31-2-2020", "fault"),
        ("44000", "fault"),
        ("1-2-3-4", "fault"),
        ("spring 2020", "fault"),
        ("1-2-20", "fault"),
    ] {
        let (date, fault) = date::read(text);
        let found = match (date, fault) {
            (Some(date), _) => date.to_string(),
            (None, Some(_)) => "fault".into(),
            (None, None) => String::new(),
        };
        assert_eq!(found, expected, "{text}");
        assert_eq!(fault.is_some(), matches!(expected, "fault") || text == "3/4/2020", "{text}");
    }
    for (source, expected) in [
        ("report of 2025-03-01, p. 3", Some("2025-03-01")),
        ("2025-03-01 and 2025-04-01", None),
        ("report 2024", None),
        ("no 12025-03-011", None),
    ] {
        assert_eq!(date::within(source).map(|d| d.to_string()).as_deref(), expected, "{source}");
    }
}

proptest::proptest! {
    #[test]
    fn no_table_makes_it_panic(table in "organisation;member;since;until\n([a-z0-9;\"\n /.é-]{0,80})") {
        let _ = read_text(&table);
    }
}
