//! The one place where list formats are named.

use super::{Header, Input, Issue, ReadError, Sink, aspi, boards, canada_nro, eu, un, us_1286};
use crate::model::BoardSeat;

/// Reads all files given for one list (an ASPI galaxy file and an operator's CSV, say) into a sink.
pub type Reader = fn(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError>;

/// A list format that zeef reads.
pub struct Format {
    /// Name on the command line (`--source NAME=FILE`), and the id of the list it fills.
    pub name: &'static str,
    /// The list's full name, for people.
    pub title: &'static str,
    /// What files are expected, for help and errors.
    pub files: &'static str,
    /// The reader.
    pub read: Reader,
}

/// All formats, in the order they are shown. Another list is a file beside this one and a line here.
pub fn formats() -> &'static [Format] {
    const FORMATS: &[Format] = &[eu::FORMAT, aspi::FORMAT, un::FORMAT, canada_nro::FORMAT, us_1286::FORMAT];
    FORMATS
}

/// The format of this name.
pub fn format_named(name: &str) -> Option<&'static Format> {
    formats().iter().find(|f| f.name == name)
}

/// Where the reader of a register delivers what it reads, in file order.
pub trait SeatSink {
    /// Takes one seat.
    fn seat(&mut self, seat: BoardSeat);

    /// Takes one issue; reading goes on.
    fn issue(&mut self, issue: Issue);
}

/// Reads all files given for one register into a sink.
pub type RegisterReader = fn(inputs: Vec<Input<'_>>, sink: &mut dyn SeatSink) -> Result<Header, ReadError>;

/// A register that zeef reads: reference data that an operator keeps, imported like a list and no list.
/// Nobody in it is listed, nobody in it is ever a hit.
pub struct Register {
    /// Name on the command line (`--source NAME=FILE`), and the id it is carried under.
    pub name: &'static str,
    /// Its full name, for people.
    pub title: &'static str,
    /// What files are expected, for help and errors.
    pub files: &'static str,
    /// The reader.
    pub read: RegisterReader,
}

/// All registers. Their names differ from those of the [`formats`].
pub fn registers() -> &'static [Register] {
    const REGISTERS: &[Register] = &[boards::REGISTER];
    REGISTERS
}

/// The register of this name.
pub fn register_named(name: &str) -> Option<&'static Register> {
    registers().iter().find(|r| r.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_has_a_name_of_its_own() {
        let mut names: Vec<&str> = formats().iter().map(|f| f.name).collect();
        names.extend(registers().iter().map(|r| r.name));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
