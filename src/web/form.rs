//! Forms, read within limits: as browsers send them with and without a file.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;

use crate::report::Language;

use super::words as w;

/// Largest form taken, in bytes: the largest case, with what encoding its characters may add.
const MAX_FORM_BYTES: usize = 4 << 20;
/// Most fields of a form; ours have a few dozen.
const MAX_FIELDS: usize = 200;
/// Longest time that a form may take to arrive. Slow lines send the largest case in less.
const LONGEST_SENDING: Duration = Duration::from_secs(30);

/// The fields of a form that was sent.
#[derive(Debug, Default)]
pub(super) struct Form(BTreeMap<String, String>);

/// A form that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormFault {
    /// More bytes or fields than a form may have.
    TooLarge,
    /// No form, or broken off.
    Unreadable,
    /// A text that is not UTF-8.
    NotText,
}

impl FormFault {
    /// What is wrong, in words.
    pub(super) fn text(self, l: Language) -> &'static str {
        match self {
            Self::TooLarge => w::form_too_large(l),
            Self::Unreadable => w::form_unreadable(l),
            Self::NotText => w::form_not_text(l),
        }
    }
}

/// A form as it came: its fields, or what is wrong with it.
pub(super) struct Sent(pub(super) Result<Form, FormFault>);

impl<S: Sync> FromRequest<S> for Sent {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|t| t.to_str().ok()).unwrap_or_default();
        let read = tokio::time::timeout(LONGEST_SENDING, to_bytes(body, MAX_FORM_BYTES)).await;
        let bytes = match read {
            Ok(Ok(bytes)) => bytes,
            // The body's errors do not tell its length from other faults by type; a broken line has nobody
            // left to read the difference.
            Ok(Err(_)) => return Ok(Self(Err(FormFault::TooLarge))),
            Err(_) => return Ok(Self(Err(FormFault::Unreadable))),
        };
        let fields = if content_type.starts_with("application/x-www-form-urlencoded") {
            urlencoded(&bytes)
        } else if let Some(boundary) = boundary(content_type) {
            multipart(&bytes, boundary)
        } else {
            Err(FormFault::Unreadable)
        };
        Ok(Self(fields.map(Form)))
    }
}

impl Form {
    /// A field as it was sent; empty where it was not.
    pub(super) fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// The lines of a field that say something.
    pub(super) fn lines(&self, field: &str) -> Vec<String> {
        self.get(field).lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
    }
}

/// `a=b&c=d`, with `+` for a blank and `%` before two hexadecimal digits of a byte. Of a field given twice
/// the last value counts.
fn urlencoded(bytes: &[u8]) -> Result<BTreeMap<String, String>, FormFault> {
    let mut fields = BTreeMap::new();
    for pair in bytes.split(|b| *b == b'&').filter(|p| !p.is_empty()) {
        if fields.len() == MAX_FIELDS {
            return Err(FormFault::TooLarge);
        }
        let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
        let value = pair.get(at + 1..).unwrap_or_default();
        fields.insert(decoded(&pair[..at])?, decoded(value)?);
    }
    Ok(fields)
}

fn decoded(text: &[u8]) -> Result<String, FormFault> {
    let hex = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let [high, low, ..] = *rest else { return Err(FormFault::Unreadable) };
                let (Some(high), Some(low)) = (hex(high), hex(low)) else {
                    return Err(FormFault::Unreadable);
                };
                out.push(high << 4 | low);
                rest = &rest[2..];
            }
            byte => out.push(byte),
        }
    }
    text_of(out)
}

fn text_of(bytes: Vec<u8>) -> Result<String, FormFault> {
    String::from_utf8(bytes).map_err(|_| FormFault::NotText)
}

/// What parts the fields of a form with a file.
fn boundary(content_type: &str) -> Option<&str> {
    let rest = content_type.strip_prefix("multipart/form-data")?;
    let boundary = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?.trim_matches('"');
    // RFC 2046 allows no longer one.
    (1..=70).contains(&boundary.len()).then_some(boundary)
}

/// The fields of a form with a file (RFC 7578). A file's content is its field's text.
fn multipart(bytes: &Bytes, boundary: &str) -> Result<BTreeMap<String, String>, FormFault> {
    let delimiter = format!("\r\n--{boundary}");
    let mut fields = BTreeMap::new();
    // The first delimiter stands at the beginning, without a line before it.
    let mut rest = bytes.strip_prefix(&delimiter.as_bytes()[2..]).ok_or(FormFault::Unreadable)?;
    while !rest.starts_with(b"--") {
        if fields.len() == MAX_FIELDS {
            return Err(FormFault::TooLarge);
        }
        let part = rest.strip_prefix(b"\r\n").ok_or(FormFault::Unreadable)?;
        let end = find(part, delimiter.as_bytes()).ok_or(FormFault::Unreadable)?;
        let (part, after) = part.split_at(end);
        rest = &after[delimiter.len()..];
        let head_end = find(part, b"\r\n\r\n").ok_or(FormFault::Unreadable)?;
        let head = std::str::from_utf8(&part[..head_end]).map_err(|_| FormFault::Unreadable)?;
        let name = field_name(head).ok_or(FormFault::Unreadable)?;
        fields.insert(name.to_owned(), text_of(part[head_end + 4..].to_vec())?);
    }
    Ok(fields)
}

/// The name in `Content-Disposition: form-data; name="…"; filename="…"`.
fn field_name(head: &str) -> Option<&str> {
    let line = head.lines().find(|l| l.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let (_, rest) = line.split_once("; name=\"")?;
    rest.split_once('"').map(|(name, _)| name)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|w| w == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn reads_what_browsers_send() {
        for (sent, expected) in [
            ("", Ok(fields(&[]))),
            ("name=Jan+de%20V%C3%BCr&born=", Ok(fields(&[("name", "Jan de Vür"), ("born", "")]))),
            ("a=1&a=2&b", Ok(fields(&[("a", "2"), ("b", "")]))),
            ("a=%", Err(FormFault::Unreadable)),
            ("a=%zz", Err(FormFault::Unreadable)),
            ("a=%FF%FE", Err(FormFault::NotText)),
        ] {
            assert_eq!(urlencoded(sent.as_bytes()), expected, "{sent}");
        }
        let many: String = (0..=MAX_FIELDS).map(|n| format!("f{n}=x&")).collect();
        assert_eq!(urlencoded(many.as_bytes()), Err(FormFault::TooLarge));
    }

    #[test]
    fn reads_forms_with_files() {
        assert_eq!(boundary("multipart/form-data; boundary=\"xY\""), Some("xY"));
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("text/plain; boundary=x"), None);
        let read = |text: &str| multipart(&Bytes::from(text.to_owned()), "xY");
        let good = "--xY\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nabc\r\n\
                    --xY\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.yaml\"\r\n\
                    Content-Type: application/yaml\r\n\r\nhire:\r\n  x: 1\r\n\r\n--xY--\r\n";
        assert_eq!(read(good), Ok(fields(&[("token", "abc"), ("file", "hire:\r\n  x: 1\r\n")])));
        for bad in ["", "--xY", "--xY\r\n", "--xY\r\n\r\n\r\n--xY--", &good[..good.len() - 8]] {
            assert_eq!(read(bad), Err(FormFault::Unreadable), "{bad:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_is_sent_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let _ = urlencoded(&bytes);
            let mut sent = b"--xY\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n".to_vec();
            sent.extend(bytes);
            let _ = multipart(&Bytes::from(sent), "xY");
        }
    }
}
