//! What a file looks like at its beginning.

/// What sort of file a list comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContentKind {
    /// XML, plain or gzip.
    Xml,
    /// JSON or JSON Lines, plain or gzip.
    Json,
    /// A web page.
    Html,
    /// Whatever its reader takes, but no web page: what a proxy or a login says in a list's place.
    #[default]
    Any,
}

impl ContentKind {
    /// The kind of files that a format is published in.
    pub fn of_list(list: &str) -> Self {
        match list {
            "eu" | "un" => Self::Xml,
            "ror" => Self::Json,
            "canada-nro" => Self::Html,
            _ => Self::Any,
        }
    }

    /// What is expected, in words.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Xml => "XML",
            Self::Json => "JSON",
            Self::Html => "a web page",
            Self::Any => "a list",
        }
    }

    /// What the first bytes of a file are, if they are something else.
    pub(super) fn contradicted_by(self, first: &[u8]) -> Option<&'static str> {
        // What is inside shows when it is read.
        if first.starts_with(&[0x1f, 0x8b]) {
            return None;
        }
        let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
        let begins =
            |with: &[u8]| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
        let found = if text.is_empty() {
            "nothing"
        } else if begins(b"<!doctype html") || begins(b"<html") {
            "a web page"
        } else if text.starts_with(b"<") {
            "XML"
        } else if text.starts_with(b"{") || text.starts_with(b"[") {
            "JSON"
        } else {
            "text"
        };
        let fits = match self {
            Self::Xml => found == "XML",
            Self::Json => found == "JSON",
            // Pages can begin with a comment or an XML declaration.
            Self::Html => matches!(found, "a web page" | "XML"),
            Self::Any => !matches!(found, "a web page" | "nothing"),
        };
        (!fits).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_something_else_is_told() {
        use ContentKind::{Any, Html, Json, Xml};
        for (kind, first, found) in [
            (Xml, &b"<?xml version=\"1.0\"?><export/>"[..], None),
            (Xml, b"\xef\xbb\xbf <export>", None),
            (Xml, b"\x1f\x8b\x08", None),
            (Xml, b"<!DOCTYPE HTML><p>Sorry", Some("a web page")),
            (Xml, b"{\"error\": 1}", Some("JSON")),
            (Xml, b"Service unavailable", Some("text")),
            (Xml, b"", Some("nothing")),
            (Json, b"\n[1]", None),
            (Json, b"<a/>", Some("XML")),
            (Html, b"<html lang=en>", None),
            (Any, b"id;name", None),
            (Any, b"  <HTML>", Some("a web page")),
        ] {
            assert_eq!(kind.contradicted_by(first), found);
        }
    }
}
