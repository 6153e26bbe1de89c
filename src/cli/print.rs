//! Text for people, on a terminal or not.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

/// Width of tables where the output is no terminal, in columns: fits a wide window and a landscape
/// page.
const WIDTH_ELSEWHERE: u16 = 120;

/// A table with these headings, as wide as the terminal.
pub(super) fn table<'a>(headings: impl IntoIterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(WIDTH_ELSEWHERE);
    }
    table.set_header(headings);
    table
}

/// Text from a list or an input, made safe to show: control characters could drive the terminal, and
/// characters that turn the writing direction could show a name as another.
pub(super) fn safe(text: &str) -> String {
    let turns = |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect()
}

/// Writes text to standard output.
///
/// # Errors
/// Whatever the operating system says.
pub(super) fn out(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}

/// Writes a value as indented JSON to standard output.
///
/// # Errors
/// Whatever the operating system says.
pub(super) fn json(value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    out(&text)
}

/// Writes a line to standard error. Nobody is left to tell when that fails.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes an error with its causes to standard error.
pub(super) fn error(error: &dyn Error) {
    let mut text = format!("zeef: {error}");
    let mut cause = error.source();
    while let Some(e) = cause {
        let part = e.to_string();
        // Many errors already say their cause.
        if !text.contains(&part) {
            let _ = write!(text, ": {part}");
        }
        cause = e.source();
    }
    note(&safe_lines(&text));
}

/// [`safe`], but for line ends.
fn safe_lines(text: &str) -> String {
    text.lines().map(safe).collect::<Vec<_>>().join("\n")
}

/// A count with its noun.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    match n {
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_drives_the_terminal_or_turns_the_text() {
        assert_eq!(safe("a\u{1b}[2Jb\nc\u{202E}d"), "a [2Jb c d");
        assert_eq!(safe("哈尔滨 محمد ‌"), "哈尔滨 محمد ‌");
    }
}
