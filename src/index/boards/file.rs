//! The register in a generation: one checked file of three sections, the organisations with their seats,
//! the index of their names, and the version of the analysis that made it.

use std::io;
use std::path::Path;
use std::sync::OnceLock;

use crate::index::compiled::container::{self, Bytes, Output};
use crate::index::compiled::{NameIndexError, VERSION};
use crate::index::organisations::{OrganisationIndex, OrganisationIndexError};
use crate::model::{BoardSeat, PartialDate};

use super::build::index;
use super::{BoardOnFile, Boards, number_key};

/// Version of the layout. The index of names has that of the analysis: an old one is made anew.
pub(super) const LAYOUT: u32 = 1;

impl Boards {
    /// Writes the boards of a register to a file (synced, not renamed).
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(boards: &[BoardOnFile], path: &Path) -> io::Result<()> {
        let mut out = Output::default();
        for board in boards {
            write_board(&mut out, board);
        }
        let sections = [out.bytes, index(boards).to_bytes(), VERSION.to_le_bytes().to_vec()];
        container::write(path, LAYOUT, &sections).map_err(into_io)
    }

    /// Writes the register, opened from `from`, to another file: as it is, or with its names as they are
    /// analysed now.
    ///
    /// # Errors
    /// When `from` cannot be read again or `to` cannot be written.
    pub(in crate::index) fn write_again(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.outdated {
            return Self::write(&self.boards().map_err(into_io)?, to);
        }
        std::fs::copy(from, to)?;
        std::fs::File::open(to)?.sync_all()
    }

    /// Opens a register; every part of it is read once and checked.
    ///
    /// # Errors
    /// [`NameIndexError`]; a damaged register has to be imported again.
    pub fn open(path: &Path) -> Result<Self, NameIndexError> {
        let sections = container::read(path, LAYOUT)?;
        let Ok([bytes, names, analysis]) = <[Vec<u8>; 3]>::try_from(sections) else {
            return Err(NameIndexError::Damaged("it has another number of sections".into()));
        };
        let mut reader = Bytes::new(&bytes);
        let mut starts = vec![0];
        let mut numbers = Vec::new();
        let mut seats = 0;
        while !reader.is_empty() {
            let organisation = starts.len() as u32 - 1;
            let board = read(&mut reader)?;
            if let Some(key) = number_key(board.id) {
                numbers.push((key, organisation));
            }
            seats += board.seats.len() as u64;
            starts.push(bytes.len() - reader.left());
        }
        numbers.sort_unstable();
        // Written before names were analysed as they are now: the seats hold the truth.
        let outdated = analysis != VERSION.to_le_bytes();
        let index = OnceLock::new();
        if !outdated {
            let damaged = |error: OrganisationIndexError| NameIndexError::Damaged(error.to_string());
            let read = OrganisationIndex::from_bytes(&names).map_err(damaged)?;
            index.get_or_init(|| read);
        }
        Ok(Self { index, bytes, starts, numbers, seats, outdated })
    }

    pub(super) fn boards(&self) -> Result<Vec<BoardOnFile>, NameIndexError> {
        self.starts.windows(2).map(|range| read_board(&self.bytes[range[0]..range[1]])).collect()
    }
}

fn into_io(error: NameIndexError) -> io::Error {
    match error {
        NameIndexError::Io(error) => error,
        NameIndexError::Damaged(what) => io::Error::other(what),
    }
}

fn write_board(out: &mut Output, board: &BoardOnFile) {
    out.text(&board.id);
    out.text(&board.country);
    out.u32(board.names.len() as u32);
    board.names.iter().for_each(|name| out.text(name));
    out.u32(board.seats.len() as u32);
    for seat in &board.seats {
        out.u32(seat.line);
        // Mostly the first spelling: a number instead of a text.
        let name = board.names.iter().position(|n| *n == seat.organisation);
        out.u32(name.unwrap_or(0) as u32);
        for text in [&seat.organisation_id, &seat.country, &seat.member, &seat.role, &seat.source] {
            out.text(text);
        }
        for date in [seat.birth_date, seat.since, seat.until, seat.as_of] {
            out.u32(date.map_or(0, packed));
        }
    }
}

/// An organisation as its bytes have it.
struct Read<'a> {
    id: &'a str,
    country: &'a str,
    names: Vec<&'a str>,
    seats: Vec<SeatRead<'a>>,
}

struct SeatRead<'a> {
    line: u32,
    name: usize,
    /// Number, country, member, role, source.
    texts: [&'a str; 5],
    /// Birth, since, until, as of.
    dates: [Option<PartialDate>; 4],
}

fn read<'a>(bytes: &mut Bytes<'a>) -> Result<Read<'a>, NameIndexError> {
    let damaged = |what: &str| NameIndexError::Damaged(what.to_owned());
    let (id, country) = (bytes.text()?, bytes.text()?);
    // Counts are not trusted with memory: what is not there breaks off.
    let mut names = Vec::new();
    for _ in 0..bytes.u32()? {
        names.push(bytes.text()?);
    }
    let mut seats = Vec::new();
    for _ in 0..bytes.u32()? {
        let (line, name) = (bytes.u32()?, bytes.u32()? as usize);
        let mut texts = [""; 5];
        for text in &mut texts {
            *text = bytes.text()?;
        }
        let mut dates = [None; 4];
        for date in &mut dates {
            *date = match bytes.u32()? {
                0 => None,
                number => Some(unpacked(number).ok_or_else(|| damaged("a date that does not exist"))?),
            };
        }
        if name >= names.len() {
            return Err(damaged("a seat without an organisation"));
        }
        seats.push(SeatRead { line, name, texts, dates });
    }
    Ok(Read { id, country, names, seats })
}

/// An organisation from its bytes.
pub(super) fn read_board(bytes: &[u8]) -> Result<BoardOnFile, NameIndexError> {
    let read = read(&mut Bytes::new(bytes))?;
    let seats = read.seats.iter().map(|seat| {
        let [organisation_id, country, member, role, source] = seat.texts.map(str::to_owned);
        let [birth_date, since, until, as_of] = seat.dates;
        BoardSeat {
            organisation: read.names[seat.name].to_owned(),
            organisation_id,
            country,
            member,
            birth_date,
            role,
            since,
            until,
            source,
            as_of,
            line: seat.line,
        }
    });
    Ok(BoardOnFile {
        names: read.names.iter().map(|&name| name.to_owned()).collect(),
        id: read.id.to_owned(),
        country: read.country.to_owned(),
        seats: seats.collect(),
    })
}

/// A date as a number: 20200403, with zeros for what is not known.
fn packed(date: PartialDate) -> u32 {
    date.year().unsigned_abs() * 10_000 + date.month().unwrap_or(0) * 100 + date.day().unwrap_or(0)
}

fn unpacked(number: u32) -> Option<PartialDate> {
    let known = |part: u32| (part > 0).then_some(part);
    let year = i32::try_from(number / 10_000).ok()?;
    PartialDate::new(year, known(number / 100 % 100), known(number % 100)).ok()
}
