//! `zeef batch` and `zeef compare --format jsonl`: rows from a file or standard input, answers to a file
//! or standard output.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tempfile::NamedTempFile;

use crate::batch::{self, BatchError, Tally};

use super::exit::{CliError, code};
use super::plan::{RowsFrom, RowsPlan};
use super::{data, notice, print};

/// Screens rows.
///
/// # Errors
/// See [`CliError`]. Bad rows are answered in their place and are no error.
pub(super) fn screen(plan: &RowsPlan) -> Result<u8, CliError> {
    let Some(lists) = &plan.data else { return Err(crate::screening::AnswerError::NoLists.into()) };
    let screener = data::open(lists)?;
    data::require(&screener, &plan.options.lists)?;
    let now = jiff::Timestamp::now();
    notice::warn(&screener.stamp(&plan.options, now), &plan.options.lists);
    answer(plan, |input, output, progress| {
        batch::screen(&screener, &plan.options, now, plan.format, input, output, progress)
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
    answer(plan, |input, output, progress| batch::compare(plan.options.threshold, input, output, progress))
}

/// Opens both ends, shows progress, and says how it went.
fn answer(
    plan: &RowsPlan,
    work: impl FnOnce(Box<dyn Read + Send>, &mut dyn Write, &dyn Fn(&Tally)) -> Result<Tally, BatchError>,
) -> Result<u8, CliError> {
    let (input, length): (Box<dyn Read + Send>, Option<u64>) = match &plan.input {
        RowsFrom::Stdin => (Box::new(io::stdin()), None),
        RowsFrom::File(path) => {
            let file = File::open(path).map_err(file_error(path))?;
            let meta = file.metadata().map_err(file_error(path))?;
            if meta.is_dir() {
                return Err(file_error(path)(io::ErrorKind::IsADirectory.into()));
            }
            // A pipe or device has no length worth showing.
            let length = meta.is_file().then_some(meta.len());
            (Box::new(file), length)
        }
    };
    let bar = progress_bar(length, plan.output.is_none());
    let progress = |tally: &Tally| {
        bar.set_position(tally.bytes_read);
        bar.set_message(summary(tally));
    };
    let tally = match &plan.output {
        None => work(input, &mut BufWriter::with_capacity(1 << 17, io::stdout().lock()), &progress)?,
        Some(path) => {
            let aside = aside(path)?;
            let mut output = BufWriter::with_capacity(1 << 17, aside);
            let tally = work(input, &mut output, &progress)?;
            let aside = output.into_inner().map_err(|e| file_error(path)(e.into_error()))?;
            aside.as_file().sync_all().map_err(file_error(path))?;
            aside.persist(path).map_err(|e| file_error(path)(e.error))?;
            tally
        }
    };
    bar.finish_and_clear();
    // Programs that read the answers see the errors there; people and logs see that there are some.
    if tally.errors > 0 || io::stderr().is_terminal() {
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

/// An error of the operating system with the file that it is about.
pub(super) fn file_error(path: &Path) -> impl Fn(io::Error) -> CliError + '_ {
    |source| CliError::File { file: path.display().to_string(), source }
}

/// A bar on a terminal: by bytes where the input's length is known, else a count.
fn progress_bar(length: Option<u64>, answers_on_stdout: bool) -> ProgressBar {
    // Answers that scroll by would tear the bar apart.
    if !io::stderr().is_terminal() || (answers_on_stdout && io::stdout().is_terminal()) {
        return ProgressBar::hidden();
    }
    let (bar, template) = match length {
        Some(length) => (ProgressBar::new(length), "{wide_bar} {percent:>3} % {msg} {eta}"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn summary(tally: &Tally) -> String {
    let Tally { rows, errors, with_hits, .. } = tally;
    format!("{rows} rows answered, {with_hits} with hits, {errors} with errors")
}
