//! What mutations begin with.
//!
//! Seeds that somebody wrote, and inputs that once broke something, are files in `seeds/TARGET`. The package's
//! fixtures are seeds too: good files, and hostile ones that the readers' own tests hold. What is large or regular is
//! made here.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The package's root, from which of the two manifests it was built.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    if here.join("fuzz").is_dir() { here.to_owned() } else { here.join("..") }
}

/// Folders of fixtures that a target reads.
fn fixtures(target: &str) -> &'static [&'static str] {
    match target {
        "eu_xml" => &["hostile"],
        "aspi" => &["hostile-aspi"],
        "cv" => &["cv"],
        "case" => &["cases"],
        _ => &[],
    }
}

/// Seeds that are kept as files, in the order of their names.
///
/// # Panics
/// When they cannot be read.
pub fn kept(target: &str) -> Vec<Vec<u8>> {
    let mut folders = vec![root().join("fuzz/seeds").join(target)];
    folders.extend(fixtures(target).iter().map(|f| root().join("fixtures").join(f)));
    let mut files: Vec<PathBuf> = folders
        .iter()
        .filter(|f| f.is_dir())
        .flat_map(|f| std::fs::read_dir(f).expect("a folder of seeds"))
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).expect("a seed")).collect()
}

/// `depth` times what opens, and no end.
fn deep(open: &str, depth: usize) -> Vec<u8> {
    open.repeat(depth).into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes).and_then(|()| packed.finish()).unwrap_or_default()
}

const EU: &str = "<export xmlns=\"http://eu.europa.ec/fpi/fsd/export\" generationDate=\"2026-08-05T16:47:04Z\" \
    globalFileId=\"1\"><sanctionEntity euReferenceNumber=\"EU.1.1\" logicalId=\"1\"><subjectType code=\"person\"/>";
const EU_END: &str = "</sanctionEntity></export>";

/// EU lists: nested, flooded, packed.
pub fn xml() -> Vec<Vec<u8>> {
    let list = |record: &str| format!("{EU}{record}{EU_END}");
    let name = |name: &str| format!("<nameAlias wholeName=\"{name}\" strong=\"true\"/>");
    let good = list(&name("Nomen Nescio"));
    let mut seeds = vec![
        deep("<a>", 5_000),
        list(&"<x a=\"\">".repeat(500)).into_bytes(),
        list(&name("Nomen").repeat(5_000)).into_bytes(),
        list(&name(&"\u{0301}".repeat(20_000))).into_bytes(),
        list(&name(&"&#x10FFFF;".repeat(5_000))).into_bytes(),
        list(&name(&"\u{202e}عبد".repeat(300))).into_bytes(),
        list(&format!("{}<birthdate birthdate=\"{}\"/>", name("N"), "9".repeat(5_000))).into_bytes(),
        gzip(good.as_bytes()),
        gzip(&gzip(good.as_bytes())),
        gzip(&[EU.as_bytes(), &vec![b' '; 8 << 20]].concat()),
        [gzip(good.as_bytes()), b"rest".to_vec()].concat(),
    ];
    let packed = gzip(good.as_bytes());
    seeds.push(packed[..packed.len() / 2].to_vec());
    seeds
}

/// Files of the tracker.
pub fn json() -> Vec<Vec<u8>> {
    let values = |values: &str| format!("{{\"values\":[{values}]}}").into_bytes();
    let one = |name: &str| {
        let page = "https://unitracker.aspi.org.au/universities/a-b";
        format!("{{\"value\":\"{name}\",\"meta\":{{\"refs\":[\"{page}\"],\"aliases\":[\"x\",\"大学\"]}}}}")
    };
    let mut two = values(&one("A University (大学)"));
    two.push(super::lists::FILE_END);
    two.extend(b"id,risk\na-b,very high\na-b,low\n");
    vec![
        values(&one("A University (大学)")),
        two,
        deep("[", 20_000),
        deep("{\"values\":[{\"meta\":", 500),
        values(&"{},".repeat(10_000)),
        values(&one(&"(".repeat(3_000))),
        values(&one(&"\\u202e\\u0301".repeat(1_000))),
        format!("id,name\n{}", "x,\"".repeat(3_000)).into_bytes(),
        format!("{}\nx", "name,".repeat(3_000)).into_bytes(),
        gzip(&[b"{\"values\":[\"".as_slice(), &vec![b'x'; 8 << 20]].concat()),
        format!("<table><tr><th>University<th>Risk</tr>{}", "<tr><td>".repeat(3_000)).into_bytes(),
    ]
}

/// Files of the other lists and registers.
pub fn lists() -> Vec<Vec<u8>> {
    let fixture = |list: &str, file: &str| {
        let bytes = std::fs::read(root().join("fixtures").join(file)).unwrap_or_default();
        [list.as_bytes(), b"\n", bytes.as_slice()].concat()
    };
    let un = |record: &str| {
        let list = "<CONSOLIDATED_LIST dateGenerated=\"2026-01-01T00:00:00Z\"><INDIVIDUALS><INDIVIDUAL>";
        format!("un\n{list}{record}</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>").into_bytes()
    };
    vec![
        fixture("canada-nro", "canada-nro-demo.html"),
        fixture("us-1286", "us-1286-demo.csv"),
        fixture("boards", "boards-demo.csv"),
        un("<DATAID>7</DATAID><REFERENCE_NUMBER>QDi.001</REFERENCE_NUMBER><FIRST_NAME>Aaa</FIRST_NAME>\
            <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1950</FROM_YEAR>\
            <TO_YEAR>1960</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>"),
        un(&"<INDIVIDUAL_ALIAS><ALIAS_NAME>x</ALIAS_NAME></INDIVIDUAL_ALIAS>".repeat(2_000)),
        [b"canada-nro\n".to_vec(), deep("<ul><li><strong>", 3_000)].concat(),
        [b"canada-nro\n".to_vec(), deep("<li><strong>A</strong> (Iran)<p>Known alias(es): &", 500)].concat(),
        [b"boards\norganisation,member\n".to_vec(), deep("\"x\"\"", 3_000)].concat(),
    ]
}

/// Rows: JSON Lines, CSV, workbooks.
pub fn rows() -> Vec<Vec<u8>> {
    let book = |sheet: &str| {
        format!(
            "=== [Content_Types].xml\n<Types/>\n=== _rels/.rels\n<Relationships/>\n\
             === xl/_rels/workbook.xml.rels\n<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" \
             Target=\"worksheets/sheet1.xml\"/></Relationships>\n\
             === xl/workbook.xml\n<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
             <sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>\n\
             === xl/sharedStrings.xml\n<sst count=\"2\" uniqueCount=\"2\"><si><t>naam</t></si><si><t>Vladimir Putin</t></si></sst>\n\
             === xl/worksheets/sheet1.xml\n<worksheet><sheetData>{sheet}</sheetData></worksheet>\n"
        )
        .into_bytes()
    };
    let head = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>geboortedatum</t></is></c></row>";
    let mut seeds = vec![
        book(&format!(
            "{head}<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\"><v>19274</v></c></row>"
        )),
        book(&format!("{head}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>")),
        book(&format!("{head}{}", "<row><c><v>".repeat(2_000))),
        book(&format!("{head}<row r=\"2\"><c r=\"A2\" t=\"s\"><v>4294967295</v></c></row>")),
        deep("{\"name\": [", 3_000),
        "{\"name\": \"Vladimir Putin\", \"id\": 1}\n".repeat(300).into_bytes(),
        format!("{{\"name\": \"{}\"}}", "\\u0301".repeat(3_000)).into_bytes(),
        format!("{{\"query\": \"{}\", \"candidate\": \"x\"}}", "x ".repeat(900)).into_bytes(),
        format!("naam;geboortedatum\n{}", "Vladimir Putin;7-10-1952\n".repeat(300)).into_bytes(),
        format!("name\n{}", "\"".repeat(9_999)).into_bytes(),
        format!("{}\n{}", "name,".repeat(5_000), ",".repeat(5_000)).into_bytes(),
    ];
    // A workbook that unpacks to eight megabytes of one cell, as it would be sent.
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let filled = zip
        .start_file("xl/worksheets/sheet1.xml", options)
        .and_then(|()| zip.write_all(&vec![b'x'; 8 << 20]).map_err(Into::into));
    if let (Ok(()), Ok(bytes)) = (filled, zip.finish()) {
        seeds.push(bytes.into_inner());
    }
    seeds
}

/// Names: a line each.
pub fn names() -> Vec<Vec<u8>> {
    let lines = |lines: &[String]| lines.join("\n").into_bytes();
    let x = |times: usize, text: &str| text.repeat(times);
    vec![
        lines(&[x(2_000, "a")]),
        lines(&[x(1_000, "a ")]),
        lines(&[x(100, "محمد "), x(100, "muhammad ")]),
        lines(&[x(1_900, "\u{0301}"), x(1_900, "\u{0489}")]),
        lines(&[x(150, "王"), x(150, "Wang ")]),
        lines(&[x(125, "김이 "), x(75, "Kim ")]),
        lines(&[x(60, "ﷺ"), x(75, "\u{fdfa}")]),
        lines(&[x(75, "University of "), x(75, "Univ. "), x(75, "大学")]),
        lines(&[x(75, "("), x(75, ")")]),
        lines(&[x(225, "a-"), x(225, "-a")]),
        lines(&[x(80, "bin abu al von "), x(80, "Dr. Jr. ")]),
        lines(&[x(100, "\u{1f468}\u{200d}"), x(100, "\u{202e}\u{2066}")]),
    ]
}

/// Calls of HTTP.
pub fn calls() -> Vec<Vec<u8>> {
    let screen = |body: &str| format!("/v1/screen\n{body}").into_bytes();
    vec![
        screen("{\"name\": \"Vladimir Putin\", \"birth_date\": \"1952-10-07\", \"kind\": \"person\"}"),
        screen(&"[".repeat(50_000)),
        screen(&format!("{{\"name\": \"{}\"}}", "x".repeat(60_000))),
        screen(&format!("{{\"name\": \"x\", \"aliases\": [{}\"\"]}}", "\"\",".repeat(20_000))),
        b"/v1/compare\n{\"query\": {\"name\": \"Putin\"}, \"candidate\": {\"name\": \"Putjin\"}}".to_vec(),
        b"/v1/case\n{\"hire\": {\"candidate\": {\"names\": [\"Nomen Nescio\"]}}}".to_vec(),
        b"/match/default?limit=99999999999999999999\n{\"queries\": {\"q\": {\"schema\": \"Person\", \"properties\": {\"name\": [\"Putin\"]}}}}".to_vec(),
        format!("/match/default\n{{\"queries\": {{{}}}}}", "\"q\": {},".repeat(5_000)).into_bytes(),
        b"GET /v1/entities?query=putin&page_size=-1&page_token=AAAA".to_vec(),
        b"GET /v1/entities/eu/EU.7510.16".to_vec(),
        b"GET /search?query=%ff%00%e2%80&list=eu&list=aspi".to_vec(),
        b"GET /entity/eu/..%2f..%2fetc%2fpasswd".to_vec(),
        format!("GET /v1/entities?query={}", "(a AND ".repeat(300)).into_bytes(),
        format!("GET /v1/entities?query={}", "putin~9 ".repeat(300)).into_bytes(),
        format!("GET /search?query={}", "\"".repeat(2_000)).into_bytes(),
    ]
}

/// Cases.
pub fn yaml() -> Vec<Vec<u8>> {
    let hire = |rest: &str| format!("hire:\n  candidate: {{names: [Nomen Nescio]}}\n{rest}").into_bytes();
    vec![
        deep("[", 5_000),
        deep("{a: ", 5_000),
        deep("- ", 5_000),
        deep("{\"hire\":", 5_000),
        b"a: &a [x]\nb: [*a, *a]\n".to_vec(),
        hire("  duration_months: 99999999999999999999\n"),
        hire(&format!(
            "  affiliations:\n{}",
            "    - {institution: Beihang University, country: CN}\n".repeat(40)
        )),
        hire(&format!("  work: {{field: \"{}\"}}\n", "x ".repeat(5_000))),
        hire(&format!("  supervisors: [{{name: \"{}\"}}]\n", "\u{0301}".repeat(1_900))),
        format!("{}: x\n", "k".repeat(60_000)).into_bytes(),
        "x: y\n".repeat(8_000).into_bytes(),
    ]
}

/// CVs.
pub fn texts() -> Vec<Vec<u8>> {
    vec![
        "University of ".repeat(2_000).into_bytes(),
        "大学".repeat(8_000).into_bytes(),
        "Dept. of Physics, ".repeat(2_000).into_bytes(),
        "2011–2015 Harbin Institute of Technology\n".repeat(500).into_bytes(),
        "\n".repeat(50_000).into_bytes(),
        "(".repeat(20_000).into_bytes(),
        "Univ. \u{0301}\u{202e}".repeat(2_000).into_bytes(),
    ]
}

/// Policies: those that come with the package, and nests.
pub fn toml() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> =
        zeef::screening::policy::EMBEDDED.iter().map(|(_, text)| text.as_bytes().to_vec()).collect();
    seeds.push(deep("a = [", 3_000));
    seeds.push(format!("x = {}", "[".repeat(5_000)).into_bytes());
    seeds.push(format!("[[rules]]\nwhen = {}", "{not = ".repeat(2_000)).into_bytes());
    seeds.push(format!("[{}]\n", "a.".repeat(5_000)).into_bytes());
    seeds.push(b"extends = \"policy.toml\"\n".to_vec());
    seeds
}
