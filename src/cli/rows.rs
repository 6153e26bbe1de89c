//! `zeef batch` and `zeef compare --format jsonl`: rows from a file or standard input, answers to a file
//! or standard output.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tempfile::NamedTempFile;

use crate::batch::{self, BatchError, Layout, MAX_WORKBOOK_BYTES, Screening, Table, Tally};

use super::exit::{CliError, code};
use super::plan::{Form, RowsFrom, RowsPlan, TableForm};
use super::records::Kept;
use super::{data, notice, print};

/// Screens rows.
///
/// # Errors
/// See [`CliError`]. Bad rows are answered in their place and are no error.
pub(super) fn screen(plan: &RowsPlan, form: &Form) -> Result<u8, CliError> {
    let Some(lists) = &plan.data else { return Err(crate::screening::AnswerError::NoLists.into()) };
    let screener = data::open(lists)?;
    data::require(&screener, &plan.options.lists)?;
    let now = jiff::Timestamp::now();
    let stamp = screener.stamp(&plan.options, now);
    notice::warn(&stamp, &plan.options.lists);
    let mut kept = match &plan.record {
        Some(record) => Kept::open(record, &screener)?,
        None => None,
    };
    // All rows are one run; the time tells it from the others of this user.
    let recording = kept.as_mut().map(|kept| kept.for_rows(format!("batch-{}", now.as_millisecond())));
    let screening = Screening { screener: &screener, options: &plan.options, now, recording };
    let (input, length) = open(&plan.input)?;
    let Form::Table { rows, answers, reading } = form else {
        let work =
            |output: &mut Output, progress: &Progress| screening.lines(input, output, &progress.tell());
        return write(plan, length, work);
    };
    let (table, length) = match rows {
        TableForm::Csv => (Table::csv(input, reading)?, length),
        TableForm::Workbook => {
            let table = Table::workbook(seekable(plan, input)?, reading)?;
            let rows = table.rows();
            (table, rows)
        }
    };
    show(table.layout());
    write(plan, length, |output, progress| match answers {
        TableForm::Csv => screening.table_to_csv(table, output, &progress.tell()),
        TableForm::Workbook => {
            let warnings = notice::warnings(&stamp, &plan.options.lists);
            screening.table_to_workbook(table, warnings, output, &progress.tell())
        }
    })
}

/// Compares rows.
///
/// # Errors
/// See [`CliError`]. Bad rows are answered in their place and are no error.
pub(super) fn compare(plan: &RowsPlan) -> Result<u8, CliError> {
    if let Some(lists) = &plan.data {
        data::open(lists)?;
    }
    let (input, length) = open(&plan.input)?;
    let threshold = plan.options.threshold;
    write(plan, length, |output, progress| batch::compare(threshold, input, output, &progress.tell()))
}

/// Where answers go.
type Output<'a> = dyn Write + Send + 'a;

/// Opens the input; with its length in bytes where it has one worth showing.
fn open(input: &RowsFrom) -> Result<(Box<dyn Read + Send>, Option<u64>), CliError> {
    match input {
        RowsFrom::Stdin => Ok((Box::new(io::stdin()), None)),
        RowsFrom::File(path) => {
            let file = File::open(path).map_err(file_error(path))?;
            let meta = file.metadata().map_err(file_error(path))?;
            if meta.is_dir() {
                return Err(file_error(path)(io::ErrorKind::IsADirectory.into()));
            }
            // A pipe or device has none.
            let length = meta.is_file().then_some(meta.len());
            Ok((Box::new(file), length))
        }
    }
}

/// A workbook is read from its end: what cannot be gone back in is kept in a file without a name.
fn seekable(plan: &RowsPlan, input: Box<dyn Read + Send>) -> Result<File, CliError> {
    if let RowsFrom::File(path) = &plan.input
        && path.is_file()
    {
        return File::open(path).map_err(file_error(path));
    }
    let kept = || -> io::Result<File> {
        let mut file = tempfile::tempfile()?;
        // One byte more than may be is enough to be refused.
        io::copy(&mut input.take(MAX_WORKBOOK_BYTES + 1), &mut file)?;
        file.rewind()?;
        Ok(file)
    };
    kept().map_err(|e| BatchError::Read(e).into())
}

/// Says on standard error what the columns of a table were taken for.
fn show(layout: &Layout) {
    let place = match &layout.sheet {
        Some(sheet) => format!("sheet {sheet:?}, header line in row {}", layout.header_row),
        None => format!("header line in row {}", layout.header_row),
    };
    let mut table = print::table(["column", "heading", "taken as"]);
    for column in &layout.columns {
        table.add_row([column.letter(), print::safe(&column.heading), layout.taken_as(column)]);
    }
    print::note(&format!("zeef: {}\n{table}", print::safe(&place)));
    for remark in &layout.remarks {
        print::note(&format!("zeef: {}", print::safe(remark)));
    }
    print::note("zeef: --column \"HEADING=MEANING\" corrects a column; zeef batch --help lists the meanings");
}

/// Opens the output, shows progress, and says how it went. `length` is that of the input, in the unit of
/// [`Tally::position`].
fn write(
    plan: &RowsPlan,
    length: Option<u64>,
    work: impl FnOnce(&mut Output, &Progress) -> Result<Tally, BatchError>,
) -> Result<u8, CliError> {
    let progress = Progress::new(length, plan.output.is_none());
    let tally = match &plan.output {
        None => work(&mut BufWriter::with_capacity(1 << 17, io::stdout()), &progress)?,
        Some(path) => {
            let aside = aside(path)?;
            let mut output = BufWriter::with_capacity(1 << 17, aside);
            let tally = work(&mut output, &progress)?;
            let aside = output.into_inner().map_err(|e| file_error(path)(e.into_error()))?;
            aside.as_file().sync_all().map_err(file_error(path))?;
            aside.persist(path).map_err(|e| file_error(path)(e.error))?;
            tally
        }
    };
    progress.bar.finish_and_clear();
    if tally.unrecorded > 0 {
        print::note(&format!(
            "zeef: {} NOT RECORDED, as --record-failure serve allows",
            print::count(usize::try_from(tally.unrecorded).unwrap_or(usize::MAX), "row", "rows")
        ));
    }
    // Programs that read the answers see the errors there; people and logs see that there are some.
    if tally.errors > 0 || tally.with_remarks > 0 || io::stderr().is_terminal() {
        print::note(&format!("zeef: {}", summary(&tally)));
    }
    Ok(code::ANSWERED)
}

/// A file beside the one to be written, so that a batch that breaks off leaves no half answer under the
/// name that was asked for.
pub(super) fn aside(path: &Path) -> Result<NamedTempFile, CliError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".zeef-");
    #[cfg(unix)]
    {
        // As any new file, not for its owner alone; the user's umask still applies.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder).map_err(file_error(path))
}

/// Writes a text into a file, whole or not at all.
pub(super) fn whole_file(path: &Path, text: &str) -> Result<(), CliError> {
    let mut aside = aside(path)?;
    aside.write_all(text.as_bytes()).map_err(file_error(path))?;
    aside.as_file().sync_all().map_err(file_error(path))?;
    aside.persist(path).map_err(|e| file_error(path)(e.error))?;
    Ok(())
}

/// An error of the operating system with the file that it is about.
pub(super) fn file_error(path: &Path) -> impl Fn(io::Error) -> CliError + '_ {
    |source| CliError::File { file: path.display().to_string(), source }
}

/// How far it is, shown on a terminal.
struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar where the input's length is known, else a count.
    fn new(length: Option<u64>, answers_on_stdout: bool) -> Self {
        // Answers that scroll by would tear the bar apart.
        if !io::stderr().is_terminal() || (answers_on_stdout && io::stdout().is_terminal()) {
            return Self { bar: ProgressBar::hidden() };
        }
        let (bar, template) = match length {
            Some(length) => (ProgressBar::new(length), "{wide_bar} {percent:>3} % {msg} {eta}"),
            None => (ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}"),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// What is told of each chunk.
    fn tell(&self) -> impl Fn(&Tally) + '_ {
        |tally| {
            self.bar.set_position(tally.position);
            self.bar.set_message(summary(tally));
        }
    }
}

fn summary(tally: &Tally) -> String {
    let Tally { rows, errors, with_hits, cleared, with_remarks, .. } = tally;
    let remarks = if *with_remarks > 0 { format!(", {with_remarks} with remarks") } else { String::new() };
    let cleared =
        if *cleared > 0 { format!(", of their hits {cleared} cleared before") } else { String::new() };
    format!("{rows} rows answered, {with_hits} with hits{cleared}, {errors} with errors{remarks}")
}
