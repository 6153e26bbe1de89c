//! Readers of lists, and the compiling of what they read.

use zeef::index::NameIndexBuilder;
use zeef::model::{BoardSeat, Entity};
use zeef::sources::{Format, Input, Issue, SeatSink, Sink, SinkError, format_named, register_named};

/// Words of the EU list.
pub const EU_WORDS: &[&str] = &[
    "<sanctionEntity euReferenceNumber=\"EU.1.1\" logicalId=\"1\">",
    "</sanctionEntity>",
    "<nameAlias wholeName=\"Nomen Nescio\" strong=\"true\"/>",
    "<birthdate circa=\"true\" calendarType=\"ISLAMIC\" birthdate=\"1957-02-30\" yearRangeFrom=\"1950\" yearRangeTo=\"-1\">",
    "<subjectType code=\"person\" classificationCode=\"P\"/>",
    "<subjectType code=\"enterprise\"/>",
    "<address countryIso2Code=\"IR\" city=\"x\"/>",
    "<identification identificationTypeCode=\"passport\" number=\"A 1, B 2\"/>",
    "<citizenship countryIso2Code=\"00\"/>",
    "<remark>",
    "</remark>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?x",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "&#x10FFFF;",
    "&#0;",
    "&lol;",
    "xmlns:x=\"",
    "</export>",
];

/// Words of the tracker's files.
pub const ASPI_WORDS: &[&str] = &[
    "\"values\": [",
    "\"value\": \"",
    "\"meta\": {",
    "\"aliases\": [",
    "\"refs\": [\"https://unitracker.aspi.org.au/universities/x\"]",
    "\"supervising agencies\": [",
    "\\ud800",
    "\\u0000",
    "id,name,risk,remarks\n",
    "very high",
    "<table><tr><th>University</th><th>Risk</th></tr>",
    "<td rowspan=\"4294967295\">",
    "<a href=\"https://unitracker.aspi.org.au/universities/x\">",
    "（",
    "）",
    "大学",
    ";",
    "|",
];

/// Words of the other lists.
pub const OTHER_WORDS: &[&str] = &[
    "un\n",
    "canada-nro\n",
    "us-1286\n",
    "boards\n",
    "<INDIVIDUAL><DATAID>7</DATAID>",
    "<REFERENCE_NUMBER>QDi.001</REFERENCE_NUMBER>",
    "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1950</FROM_YEAR><TO_YEAR>1900</TO_YEAR>",
    "<li><strong>",
    "</strong> (Iran)",
    "Known alias(es):",
    "&rsquo;",
    "organisation,member,birth_date,since,until\n",
    "31-02-2020",
    "schema,name,aliases,report-date,country\n",
];

/// Keeps what a reader delivers.
#[derive(Default)]
struct Kept {
    entities: Vec<Entity>,
    bytes: u64,
}

impl Sink for Kept {
    fn entity(&mut self, entity: Entity) -> Result<(), SinkError> {
        self.entities.push(entity);
        Ok(())
    }

    fn issue(&mut self, issue: Issue) {
        said(&issue);
    }

    fn progress(&mut self, bytes: u64) {
        assert!(bytes >= self.bytes, "progress went back");
        self.bytes = bytes;
    }
}

impl SeatSink for Kept {
    fn seat(&mut self, seat: BoardSeat) {
        assert!(!seat.member.is_empty() && !seat.organisation.is_empty(), "a seat without a member");
    }

    fn issue(&mut self, issue: Issue) {
        said(&issue);
    }
}

/// What is said of a record is short, and says where.
fn said(issue: &Issue) {
    assert!(!issue.place.is_empty() && issue.place.len() < 2_000, "an issue without a place");
    assert!(!issue.what.is_empty() && issue.what.len() < 2_000, "an issue without words");
}

/// How many of the entities read are compiled: what a file of megabytes holds more says nothing new.
const COMPILED: usize = 40;

fn read(format: &Format, files: &[&[u8]]) {
    let inputs = files.iter().map(|f| Input::from_reader("file".into(), *f));
    let Ok(inputs) = inputs.collect::<Result<Vec<_>, _>>() else { return };
    let mut kept = Kept::default();
    if (format.read)(inputs, &mut kept).is_err() && kept.entities.is_empty() {
        return;
    }
    let mut names = NameIndexBuilder::new();
    for entity in kept.entities.iter().take(COMPILED) {
        assert!(!entity.id.is_empty() && !entity.names.is_empty(), "an entity without a name");
        let stored = serde_json::to_vec(entity).expect("an entity can be stored");
        let again: Entity = serde_json::from_slice(&stored).expect("what was stored is read");
        assert_eq!(&again, entity, "stored as something else");
        names.add(entity);
    }
    assert_eq!(names.build().entity_count(), kept.entities.len().min(COMPILED));
}

fn named(name: &str) -> &'static Format {
    format_named(name).expect("a format of this name")
}

/// The EU list, plain or gzip.
pub fn eu(data: &[u8]) {
    read(named("eu"), &[data]);
}

/// Parts one file from the next, where several are read as one list.
pub const FILE_END: u8 = 0x1e;

/// The tracker: one file, or several.
pub fn aspi(data: &[u8]) {
    read(named("aspi"), &data.split(|b| *b == FILE_END).take(4).collect::<Vec<_>>());
}

/// The other lists and registers: the first line names one.
pub fn others(data: &[u8]) {
    let Some(end) = data.iter().position(|b| *b == b'\n') else { return };
    let (name, file) = (std::str::from_utf8(&data[..end]).unwrap_or(""), &data[end + 1..]);
    if let Some(format) = format_named(name) {
        read(format, &[file]);
    } else if let Some(register) = register_named(name)
        && let Ok(input) = Input::from_reader("file".into(), file)
    {
        let _ = (register.read)(vec![input], &mut Kept::default());
    }
}
