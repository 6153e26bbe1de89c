//! A web page as a stream of tags and texts: enough to read a list from a page, and no more.
//!
//! Pages are not well formed, so nothing here fails: what cannot be a tag is text, an unknown
//! character reference stays as written, and the readers decide whether what they found is a list.
//! Scripts, style sheets and comments are left out.

/// One piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// An opening tag; name and attribute names in lower case, values with references resolved.
    Open {
        /// The element.
        name: String,
        /// Its attributes, in order.
        attributes: Vec<(String, String)>,
    },
    /// A closing tag, in lower case.
    Close(String),
    /// Text with references resolved and white space as written.
    Text(String),
}

impl Piece {
    /// The value of an attribute of an opening tag.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        match self {
            Self::Open { attributes, .. } => {
                attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
            }
            _ => None,
        }
    }
}

/// The pieces of a page, in order, with the byte each starts at.
pub(super) struct Pieces<'a> {
    page: &'a str,
    at: usize,
}

impl<'a> Pieces<'a> {
    /// Starts at the top of a page.
    pub(super) fn new(page: &'a str) -> Self {
        Self { page, at: 0 }
    }

    /// Moves behind the next `end` (compared without case) and gives what stood before it.
    fn up_to(&mut self, end: &str) -> &'a str {
        let rest = &self.page[self.at..];
        // `end` is ASCII, so a match starts and ends on character boundaries.
        let found =
            rest.as_bytes().windows(end.len()).position(|window| window.eq_ignore_ascii_case(end.as_bytes()));
        let (inside, next) = match found {
            Some(found) => (&rest[..found], found + end.len()),
            None => (rest, rest.len()),
        };
        self.at += next;
        inside
    }

    fn tag(&mut self) -> Piece {
        let closing = self.page[self.at..].starts_with('/');
        let rest = &self.page[self.at..];
        let inside = &rest[..end_of_tag(rest)];
        self.at += (inside.len() + 1).min(rest.len());
        let inside = inside.trim_start_matches('/');
        let name_end =
            inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != ':').unwrap_or(inside.len());
        let name = inside[..name_end].to_ascii_lowercase();
        if closing {
            return Piece::Close(name);
        }
        if matches!(name.as_str(), "script" | "style") && !inside.ends_with('/') {
            let end = format!("</{name}");
            self.up_to(&end);
            self.up_to(">");
        }
        Piece::Open { name, attributes: attributes(&inside[name_end..]) }
    }
}

impl Iterator for Pieces<'_> {
    type Item = (usize, Piece);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self.at;
            let rest = &self.page[self.at..];
            let mut letters = rest.chars();
            match letters.next()? {
                '<' => match letters.next() {
                    Some('!') if rest.starts_with("<!--") => {
                        self.at += 4;
                        self.up_to("-->");
                    }
                    Some('!' | '?') => {
                        self.up_to(">");
                    }
                    Some(c) if c.is_ascii_alphabetic() || c == '/' => {
                        self.at += 1;
                        return Some((start, self.tag()));
                    }
                    _ => {
                        self.at += 1;
                        return Some((start, Piece::Text("<".into())));
                    }
                },
                _ => {
                    let end = rest.find('<').unwrap_or(rest.len());
                    self.at += end;
                    return Some((start, Piece::Text(resolve(&rest[..end]))));
                }
            }
        }
    }
}

/// Where a tag ends: the first `>` outside quotes.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn attributes(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            (value, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
        }
        if !name.is_empty() {
            out.push((name, resolve(value)));
        }
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '=');
    }
    out
}

/// Resolves character references: numbers, the five of XML, and the punctuation that pages use.
/// An unknown one stays as written.
fn resolve(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest reference resolved is `&#x10ffff;`; look no further for the semicolon.
        let end = rest.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| Some((end, reference(&rest[1..end])?))) {
            Some((end, c)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace());
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "ouml" => 'ö',
        "uuml" => 'ü',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(page: &str) -> Vec<Piece> {
        Pieces::new(page).map(|(_, piece)| piece).collect()
    }

    fn text(page: &str) -> String {
        pieces(page)
            .into_iter()
            .map(|piece| if let Piece::Text(text) = piece { text } else { "|".into() })
            .collect()
    }

    #[test]
    fn reads_tags_texts_and_references() {
        assert_eq!(
            pieces("<A HREF='x?a=1&amp;b=2' b c=d>P&eacute;r&#233;&#x4e2d;</A>"),
            [
                Piece::Open {
                    name: "a".into(),
                    attributes: vec![
                        ("href".into(), "x?a=1&b=2".into()),
                        ("b".into(), String::new()),
                        ("c".into(), "d".into())
                    ]
                },
                Piece::Text("Péré中".into()),
                Piece::Close("a".into()),
            ]
        );
    }

    #[test]
    fn leaves_out_what_is_not_content() {
        assert_eq!(text("<!doctype html>a<!-- <b> -->b<script>if (a<b) {}</SCRIPT>c<?x?>d"), "ab|cd");
    }

    #[test]
    fn never_fails_on_broken_pages() {
        for page in [
            "<",
            "<a",
            "<a href=\"",
            "<!--",
            "</",
            "a < b &",
            "&#xd800;",
            "<script>",
            "<é>",
            "&#;&é;",
            "<a 'é",
        ] {
            let _ = pieces(page);
        }
        assert_eq!(text("a < b & c &unknown; d"), "a < b & c &unknown; d");
    }

    proptest::proptest! {
        #[test]
        fn takes_any_text(page in "[<>&;'\"=/! a-z#é中\n]{0,80}") {
            let _ = pieces(&page);
        }
    }
}
