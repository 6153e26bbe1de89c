//! Plans of `batch`, and of rows that are compared: where they come from, where the answers go, in which form.

use std::path::{Path, PathBuf};

use super::{DataPlan, Environment, Plan, RecordPlan, data, options, records, usage};
use crate::batch::{Correction, Reading};
use crate::cli::args::{BatchArgs, FormatArg};
use crate::cli::exit::CliError;
use crate::screening::Options;

/// Where rows come from.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) enum RowsFrom {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// A checked `batch`, or `compare` of rows.
#[derive(Debug)]
pub(in crate::cli) struct RowsPlan {
    /// Which lists; none for a comparison without a named folder.
    pub data: Option<DataPlan>,
    /// How they are recorded; not at all when compared.
    pub record: Option<RecordPlan>,
    /// Where the rows come from.
    pub input: RowsFrom,
    /// Where the answers go; standard output when absent.
    pub output: Option<PathBuf>,
    /// How to screen.
    pub options: Options,
}

/// The form of rows to be screened, and of their answers.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) enum Form {
    /// JSON Lines, both.
    Lines,
    /// Tables.
    Table {
        /// The form of the rows.
        rows: TableForm,
        /// The form of the answers.
        answers: TableForm,
        /// How to read them.
        reading: Reading,
    },
}

/// A form of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum TableForm {
    /// CSV.
    Csv,
    /// XLSX.
    Workbook,
}

/// Checks a `batch`.
pub(super) fn batch(args: BatchArgs, world: &Environment) -> Result<Plan, CliError> {
    let form = form(&args)?;
    let data = data(args.data, world)?;
    let rows = RowsPlan {
        record: Some(records::record(args.record, args.case_reference, &data, world)?),
        data: Some(data),
        input: rows_from(args.input),
        output: args.output,
        options: options(args.options)?,
    };
    rows.check()?;
    Ok(Plan::Batch(rows, form))
}

/// The form of rows and answers: as named, else by the files' extensions.
fn form(args: &BatchArgs) -> Result<Form, CliError> {
    let extension = |path: &Path| path.extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    let rows = match (args.format, extension(&args.input).as_str()) {
        (Some(FormatArg::Jsonl), _) => None,
        (Some(FormatArg::Csv), _) | (None, "csv" | "tsv") => Some(TableForm::Csv),
        // Those that are no XLSX are told from it by what is in them.
        (Some(FormatArg::Xlsx), _) | (None, "xlsx" | "xlsm" | "xls" | "xlsb" | "ods") => {
            Some(TableForm::Workbook)
        }
        (None, _) => None,
    };
    let answers = args.output.as_deref().map(extension);
    let Some(rows) = rows else {
        if let Some("csv" | "tsv" | "xlsx") = answers.as_deref() {
            return usage(
                "--output: rows in JSON Lines are answered in JSON Lines; name the file .jsonl, or give a table",
            );
        }
        if args.sheet.is_some() || !args.columns.is_empty() {
            return usage(
                "--sheet and --column: rows in JSON Lines have neither; give a table (.csv, .xlsx)",
            );
        }
        return Ok(Form::Lines);
    };
    let answers = match answers.as_deref() {
        Some("xlsx") => TableForm::Workbook,
        Some("csv" | "tsv") => TableForm::Csv,
        Some("jsonl" | "json" | "xls" | "xlsm" | "ods") => {
            return usage("--output: a table is answered by a table; name the file .csv or .xlsx");
        }
        Some(_) => rows,
        None if rows == TableForm::Workbook => {
            return usage("--output: name the file for the answers to a workbook, .xlsx or .csv");
        }
        None => TableForm::Csv,
    };
    if args.sheet.is_some() && rows == TableForm::Csv {
        return usage("--sheet: a CSV table has no sheets");
    }
    let corrections: Result<Vec<Correction>, String> =
        args.columns.iter().map(|text| Correction::parse(text)).collect();
    let corrections = corrections.or_else(|what| usage(format!("--column: {what}")))?;
    Ok(Form::Table { rows, answers, reading: Reading { sheet: args.sheet.clone(), corrections } })
}

/// What a named file, or `-`, is.
pub(super) fn rows_from(path: PathBuf) -> RowsFrom {
    if path.as_os_str() == "-" { RowsFrom::Stdin } else { RowsFrom::File(path) }
}

/// Refuses to write the answers over the questions.
pub(super) fn not_over_the_input(input: &RowsFrom, output: Option<&Path>) -> Result<(), CliError> {
    let (RowsFrom::File(input), Some(output)) = (input, output) else { return Ok(()) };
    match (input.canonicalize(), output.canonicalize()) {
        (Ok(i), Ok(o)) if i == o => usage("--output: is the input file; name another"),
        _ => Ok(()),
    }
}

impl RowsPlan {
    /// Checks its files against each other.
    pub(super) fn check(&self) -> Result<(), CliError> {
        not_over_the_input(&self.input, self.output.as_deref())
    }
}
