//! The one place where list formats are named.

use super::{Header, Input, ReadError, Sink, aspi, canada_nro, eu, un, us_1286};

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
