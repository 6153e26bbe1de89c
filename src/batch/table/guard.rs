//! Looks at a workbook before it is taken apart: whether it is one, and what it unpacks to.
//!
//! An XLSX file is a zip of XML parts. The reader behind this holds styles and texts in memory, believes the
//! counts that a part claims, and reads a cell whole, so that a small hostile file could take all memory.
//! Every part is therefore unpacked once into nothing and held to the limits below.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use quick_xml::events::Event;
use zip::ZipArchive;

use crate::batch::BatchError;

/// Largest workbook, in bytes as it lies on the disk.
pub const MAX_FILE: u64 = 128 << 20;
/// Most parts of a workbook. One of Excel's has a dozen and a few for each sheet.
const MAX_PARTS: usize = 10_000;
/// Largest part with the cells of a sheet, in bytes unpacked: the most rows that are read, in wide columns.
const MAX_SHEET: u64 = 512 << 20;
/// Largest part with the texts of all cells.
const MAX_STRINGS: u64 = 128 << 20;
/// Largest part of any other kind that is XML: styles, names of sheets, relations.
const MAX_OTHER: u64 = 16 << 20;
/// Most elements of such a part: each becomes some hundred bytes in memory. Excel knows at most 65,490
/// formats.
const MAX_OTHER_TAGS: u64 = 500_000;
/// All parts together.
const MAX_TOTAL: u64 = 1 << 30;
/// Longest text or tag, in bytes. Excel's cells hold 32,767 characters.
const MAX_TEXT: u64 = 1 << 20;

/// First bytes of a compound file: an XLS workbook of before 2007, or any workbook with a password.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Checks that `input` is an XLSX workbook that can be read in bounded memory, and goes back to its
/// beginning.
///
/// # Errors
/// Says what it is instead, or which limit it breaks.
pub(super) fn check(input: &mut (impl Read + Seek)) -> Result<(), BatchError> {
    let length = input.seek(SeekFrom::End(0)).map_err(BatchError::Read)?;
    input.rewind().map_err(BatchError::Read)?;
    if length > MAX_FILE {
        return fault(format!(
            "the workbook is larger than {} MiB; save the sheet as CSV, which has no limit",
            MAX_FILE >> 20
        ));
    }
    let mut magic = Vec::new();
    input.take(8).read_to_end(&mut magic).map_err(BatchError::Read)?;
    input.rewind().map_err(BatchError::Read)?;
    if magic == COMPOUND {
        return fault(compound(input)?);
    }
    if !magic.starts_with(b"PK") {
        return fault(if magic.is_empty() {
            "the workbook is empty: it has no bytes at all"
        } else {
            "this is no XLSX workbook; save it as .xlsx, or name its form: --format csv"
        });
    }
    parts(input)?;
    input.rewind().map_err(BatchError::Read)
}

/// What a compound file is.
fn compound(input: &mut impl Read) -> Result<&'static str, BatchError> {
    let mut bytes = Vec::new();
    input.take(MAX_FILE).read_to_end(&mut bytes).map_err(BatchError::Read)?;
    let marker: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let is_encrypted = bytes.windows(marker.len()).any(|window| window == marker);
    Ok(if is_encrypted {
        "the workbook is protected by a password; save it without one"
    } else {
        "this is an old workbook (.xls); open it in a spreadsheet program and save it as .xlsx"
    })
}

/// Unpacks every part into nothing.
fn parts(input: &mut (impl Read + Seek)) -> Result<(), BatchError> {
    let damaged = |_| BatchError::Table("the workbook is damaged: it is cut off or no zip file".into());
    let mut archive = ZipArchive::new(input).map_err(damaged)?;
    if archive.len() > MAX_PARTS {
        return fault(format!("the workbook has more than {MAX_PARTS} parts"));
    }
    let names: Vec<String> = archive.file_names().flatten().map(|name| plain(&name)).collect();
    let has = |wanted: &str| names.iter().any(|name| name.ends_with(wanted));
    if has("content.xml") && has("mimetype") {
        return fault("this is an OpenDocument sheet (.ods); save it as .xlsx");
    }
    if has("workbook.bin") {
        return fault("this is a binary workbook (.xlsb); save it as .xlsx");
    }
    if !has("_rels/.rels") || !has("[content_types].xml") {
        return fault("this is a zip file but no XLSX workbook; save the sheet as .xlsx");
    }
    let mut total = 0;
    for number in 0..archive.len() {
        let part = archive.by_index(number).map_err(|_| unpack())?;
        let name = plain(&part.name().map_err(|_| unpack())?);
        one_part(part, &name, &mut total)?;
    }
    Ok(())
}

/// The name of a part as the reader looks for it.
fn plain(name: &str) -> String {
    name.to_lowercase().replace('\\', "/")
}

fn unpack() -> BatchError {
    BatchError::Table("the workbook is damaged: a part of it cannot be unpacked".into())
}

/// Unpacks one part into nothing; `name` is in lower case.
fn one_part(part: impl Read, name: &str, total: &mut u64) -> Result<(), BatchError> {
    let is_strings = name.ends_with("sharedstrings.xml");
    let limit = if is_strings {
        MAX_STRINGS
    } else if name.contains("worksheets/") {
        MAX_SHEET
    } else {
        MAX_OTHER
    };
    let mut part = BufReader::with_capacity(1 << 16, part);
    let mut head = Vec::new();
    (&mut part).take(1 << 12).read_to_end(&mut head).map_err(|_| unpack())?;
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    // Pictures and the like are never read; whatever is XML could be.
    let is_xml = start.trim_ascii_start().starts_with(b"<") || start.starts_with(b"\xff\xfe");
    let claimed = if is_strings { claimed_strings(&head) } else { None };
    let (mut size, mut tags, mut run) = (0_u64, 0_u64, 0_u64);
    let mut input = io::Cursor::new(head).chain(part);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = input.read(&mut buffer).map_err(|_| unpack())?;
        if read == 0 {
            break;
        }
        size += read as u64;
        *total += read as u64;
        if *total > MAX_TOTAL || (is_xml && size > limit) {
            return fault(format!(
                "the workbook unpacks to more than {} MiB; save the sheet as CSV, which has no limit",
                if *total > MAX_TOTAL { MAX_TOTAL } else { limit } >> 20
            ));
        }
        if !is_xml {
            continue;
        }
        let mut rest = &buffer[..read];
        while let Some(at) = rest.iter().position(|b| *b == b'<') {
            run += at as u64;
            check_run(run)?;
            (tags, run) = (tags + 1, 0);
            rest = &rest[at + 1..];
        }
        run += rest.len() as u64;
        check_run(run)?;
        if limit == MAX_OTHER && tags > MAX_OTHER_TAGS {
            return fault(format!("a part of the workbook has more than {MAX_OTHER_TAGS} elements"));
        }
    }
    // A text takes five bytes at least.
    if claimed.is_some_and(|claimed| claimed > size / 5) {
        return fault("the workbook is damaged: it claims more texts than it holds");
    }
    Ok(())
}

/// How many texts the part of texts says it holds.
fn claimed_strings(head: &[u8]) -> Option<u64> {
    let mut xml = quick_xml::Reader::from_reader(head);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(e) | Event::Empty(e)) => {
                let counts =
                    e.attributes().flatten().filter(|a| a.key.local_name().as_ref() == "uniqueCount");
                // A number that cannot be read is as good as too large.
                return counts.map(|a| a.value.trim().parse().unwrap_or(u64::MAX)).max();
            }
            // No element among the first bytes: nothing of Excel's, and nothing to believe.
            Ok(Event::Eof) | Err(_) => return Some(u64::MAX),
            Ok(_) => {}
        }
    }
}

fn check_run(run: u64) -> Result<(), BatchError> {
    if run > MAX_TEXT {
        return fault(format!("a cell or another part of the workbook is longer than {MAX_TEXT} bytes"));
    }
    Ok(())
}

fn fault<T>(what: impl Into<String>) -> Result<T, BatchError> {
    Err(BatchError::Table(what.into()))
}
