//! What the readers of JSON share.

use super::ReadError;

/// An error of the JSON reader as one of ours, with line and column. Where the JSON is sound but of
/// another shape, `expected` says which is wanted; the reader's own text is not used there, since it
/// quotes the file.
pub(super) fn json_error(file: &str, error: serde_json::Error, expected: &str) -> ReadError {
    use serde_json::error::Category;
    let place = format!("line {}, column {}", error.line(), error.column());
    let what = match error.classify() {
        Category::Io => {
            return ReadError::Io { file: file.into(), source: error.into() };
        }
        Category::Eof => "the file breaks off here: fetch it again".to_owned(),
        Category::Data => expected.to_owned(),
        Category::Syntax => syntax(&error),
    };
    ReadError::Format { file: file.into(), place, what }
}

/// What is wrong with JSON that is none, without the place.
pub(super) fn syntax(error: &serde_json::Error) -> String {
    let text = error.to_string();
    format!("no valid JSON: {}", text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what))
}
