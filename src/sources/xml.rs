//! XML as the lists come in: a bounded, located walk over elements, on top of quick-xml.
//!
//! What is **not well-formed** (broken off, undefined entities, bytes that are not UTF-8) or beyond the
//! limits below is a [`ReadError`]: the file is damaged or hostile, and whatever was loaded before keeps
//! serving. What is well-formed but unknown to a reader is counted per kind in [`Unknown`] and becomes
//! one issue per kind.
//!
//! No text of the file stands in an error, except the name of its root element.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

use quick_xml::XmlVersion;
use quick_xml::escape::{EscapeError, resolve_predefined_entity};
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};

use super::{Input, Issue, ReadError, Severity, Sink};

/// Bytes of one tag or one run of text. The longest in the real lists is below 20 KiB.
const MAX_NODE_BYTES: usize = 1 << 20;
/// Bytes of one record. The longest in the real lists is below 200 KiB.
const MAX_RECORD_BYTES: u64 = 16 << 20;
/// Elements inside one another. The real lists need five.
const MAX_DEPTH: usize = 32;
/// Kinds of unknown elements and attributes told apart; what comes after is counted together.
const MAX_UNKNOWN_KINDS: usize = 64;

/// A walk over one XML file.
pub(super) struct Xml<'a> {
    reader: quick_xml::Reader<Bounded<'a>>,
    file: String,
    /// The tag or text at hand, as quick-xml hands it over.
    buffer: Vec<u8>,
    /// Where the opening tag in `buffer` ends, without its brackets.
    tag: (usize, usize),
    /// Text gathered so far: quick-xml cuts it at every reference, comment and CDATA section.
    text: String,
    /// Line on which the node at hand begins.
    line: u64,
    depth: usize,
    /// The root element has been opened.
    rooted: bool,
    /// `<a/>` has been told as opened and is still to be told as closed.
    close_due: bool,
    record_start: u64,
    /// Prefix of the root element with its colon, empty for none: the format's own elements carry it.
    prefix: String,
    unknown: RefCell<Unknown>,
}

/// What comes next in the file.
pub(super) enum Node<'x> {
    /// An element opens.
    Open(Element<'x>),
    /// The element opened last closes.
    Close,
    /// The file ends, every element closed.
    End,
}

/// What [`Xml::advance`] met; the node itself is in the fields of [`Xml`].
enum Step {
    Open,
    Close,
    Text,
    End,
}

/// An opening tag.
pub(super) struct Element<'x> {
    tag: &'x str,
    name_end: usize,
    prefix: &'x str,
    file: &'x str,
    unknown: &'x RefCell<Unknown>,
    /// Line on which the tag begins.
    pub line: u64,
}

impl<'a> Xml<'a> {
    /// Looks at the first bytes, so that a page of HTML or an archive gets an error of its own.
    pub fn new(input: Input<'a>) -> Result<Self, ReadError> {
        let Input { name: file, bytes } = input;
        let mut bounded = Bounded { inner: bytes, bytes: 0, newlines: 0, node_bytes: 0 };
        let head = bounded.fill_buf().map_err(|e| unreadable(&file, 1, &e))?;
        if let Some(what) = not_xml(head) {
            return Err(broken(&file, 1, what));
        }
        Ok(Self {
            reader: quick_xml::Reader::from_reader(bounded),
            file,
            buffer: Vec::new(),
            tag: (0, 0),
            text: String::new(),
            line: 1,
            depth: 0,
            rooted: false,
            close_due: false,
            record_start: 0,
            prefix: String::new(),
            unknown: RefCell::default(),
        })
    }

    /// Walks into the root element and hands over its attributes.
    ///
    /// `namespace` is the one that the root must stand in, empty for none; `format` names the format
    /// for the error.
    pub fn root(
        &mut self,
        name: &str,
        namespace: &str,
        format: &str,
        mut take: impl FnMut(&str, Cow<'_, str>) -> bool,
    ) -> Result<(), ReadError> {
        let file = self.file.clone();
        let element = match self.next()? {
            Node::Open(element) => element,
            _ => {
                return Err(broken(
                    &file,
                    1,
                    format!("there is no element in the file: this is not {format}"),
                ));
            }
        };
        let line = element.line;
        let qualified = &element.tag[..element.name_end];
        let (prefix, local) = match qualified.split_once(':') {
            Some((prefix, local)) => (format!("{prefix}:"), local),
            None => (String::new(), qualified),
        };
        if local != name {
            let local: String = local.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
            let what = if local.eq_ignore_ascii_case("html") {
                HTML_PAGE.to_owned()
            } else {
                format!("the root element is <{local}>, not <{name}>: this is not {format}")
            };
            return Err(broken(&file, line, what));
        }
        let declaration = match prefix.strip_suffix(':') {
            Some(prefix) => format!("xmlns:{prefix}"),
            None => "xmlns".to_owned(),
        };
        let mut found = String::new();
        element.each(|key, value| {
            if key == declaration {
                found = value.into_owned();
            } else if !is_foreign(key) && !take(key, value) {
                element.count_unknown_attribute(key);
            }
        })?;
        if found != namespace {
            let what = if namespace.is_empty() {
                format!("the root element stands in a namespace, which {format} does not use")
            } else {
                format!("the root element does not stand in the namespace {namespace}: this is not {format}")
            };
            return Err(broken(&file, line, what));
        }
        self.prefix = prefix;
        Ok(())
    }

    /// The next element that opens or closes; text between elements is counted as unknown.
    pub fn next(&mut self) -> Result<Node<'_>, ReadError> {
        self.text.clear();
        loop {
            match self.advance()? {
                Step::Open => break,
                Step::Close => return Ok(Node::Close),
                Step::End => return Ok(Node::End),
                Step::Text if self.text.trim().is_empty() => self.text.clear(),
                Step::Text => {
                    self.text.clear();
                    self.unknown.get_mut().count(|| "text between elements".to_owned(), self.line);
                }
            }
        }
        Ok(Node::Open(self.element()?))
    }

    /// The text of the element opened last, trimmed, up to where it closes.
    pub fn text(&mut self) -> Result<String, ReadError> {
        self.text.clear();
        loop {
            match self.advance()? {
                Step::Text => {}
                // At the end of the file every element is closed, so this one was too.
                Step::Close | Step::End => break,
                Step::Open => {
                    let line = self.line;
                    self.unknown.get_mut().count(|| "element inside text".to_owned(), line);
                    let before = std::mem::take(&mut self.text);
                    self.skip()?;
                    self.text = before;
                }
            }
        }
        let trimmed = self.text.trim();
        Ok(if trimmed.len() == self.text.len() { std::mem::take(&mut self.text) } else { trimmed.to_owned() })
    }

    /// Passes over the element opened last with all that is in it.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.advance()?;
            self.text.clear();
        }
        Ok(())
    }

    /// Tells that a record begins here, which has [`MAX_RECORD_BYTES`].
    pub fn begin_record(&mut self) {
        self.record_start = self.reader.get_ref().bytes;
    }

    /// (Decompressed) bytes read so far.
    pub fn bytes_read(&self) -> u64 {
        self.reader.get_ref().bytes
    }

    /// An error of the file as a whole, at the line at hand.
    pub fn error(&self, what: impl Into<String>) -> ReadError {
        broken(&self.file, self.line, what)
    }

    /// Tells the sink what was met and not known, one issue per kind.
    pub fn report_unknown(&mut self, sink: &mut dyn Sink) {
        for (kind, (count, line)) in std::mem::take(&mut self.unknown.get_mut().kinds) {
            let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
            sink.issue(Issue {
                severity: Severity::Value,
                place: format!("line {line}"),
                what: format!("unknown {kind}, {times} in the file: passed over"),
            });
        }
    }

    fn element(&self) -> Result<Element<'_>, ReadError> {
        // quick-xml has checked the bytes already; this cannot fail, and costs nothing on ASCII.
        let tag = std::str::from_utf8(&self.buffer[1..self.tag.1])
            .map_err(|_| broken(&self.file, self.line, NOT_UTF8))?;
        Ok(Element {
            tag,
            name_end: self.tag.0,
            prefix: &self.prefix,
            file: &self.file,
            unknown: &self.unknown,
            line: self.line,
        })
    }

    fn advance(&mut self) -> Result<Step, ReadError> {
        if self.close_due {
            self.close_due = false;
            self.depth -= 1;
            return Ok(Step::Close);
        }
        loop {
            self.buffer.clear();
            let source = self.reader.get_mut();
            source.node_bytes = 0;
            self.line = source.newlines + 1;
            if source.bytes - self.record_start > MAX_RECORD_BYTES {
                return Err(self.error(format!("a record of more than {} MiB", MAX_RECORD_BYTES >> 20)));
            }
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(e) => return Err(refused(&self.file, self.line, &e)),
            };
            match event {
                Event::Start(tag) => {
                    self.tag = (tag.name().as_ref().len(), 1 + tag.len());
                    return self.opened();
                }
                Event::Empty(tag) => {
                    self.tag = (tag.name().as_ref().len(), 1 + tag.len());
                    self.close_due = true;
                    return self.opened();
                }
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(Step::Close);
                }
                Event::Text(text) if self.depth == 0 => {
                    if !text.trim_matches(is_blank).is_empty() {
                        return Err(broken(&self.file, self.line, OUTSIDE));
                    }
                }
                Event::CData(_) | Event::GeneralRef(_) if self.depth == 0 => {
                    return Err(broken(&self.file, self.line, OUTSIDE));
                }
                Event::Text(text) => {
                    self.text.push_str(&text.xml10_content());
                    return Ok(Step::Text);
                }
                Event::CData(text) => {
                    self.text.push_str(&text.xml10_content());
                    return Ok(Step::Text);
                }
                Event::GeneralRef(reference) => {
                    resolve(&reference, &mut self.text).map_err(|e| refused(&self.file, self.line, &e))?;
                    return Ok(Step::Text);
                }
                Event::DocType(_) => {
                    return Err(broken(
                        &self.file,
                        self.line,
                        "the file has a DOCTYPE, which no list has and which is refused: it can define entities",
                    ));
                }
                Event::Decl(declaration) => {
                    let encoding =
                        declaration.encoding().and_then(Result::ok).unwrap_or(Cow::Borrowed("UTF-8"));
                    if !["utf-8", "utf8", "us-ascii"].iter().any(|e| encoding.eq_ignore_ascii_case(e)) {
                        return Err(broken(
                            &self.file,
                            self.line,
                            "the file declares an encoding other than UTF-8: convert it to UTF-8 first",
                        ));
                    }
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof if self.depth > 0 => {
                    return Err(self.error(
                        "the file breaks off with elements still open: the download was cut, fetch it again",
                    ));
                }
                Event::Eof => return Ok(Step::End),
            }
        }
    }

    fn opened(&mut self) -> Result<Step, ReadError> {
        if self.depth == 0 && self.rooted {
            return Err(self.error("a second root element: files joined end to end, give them one by one"));
        }
        self.rooted = true;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("more than {MAX_DEPTH} elements inside one another")));
        }
        Ok(Step::Open)
    }
}

impl<'x> Element<'x> {
    /// The element's name without the prefix of the format's own namespace.
    pub fn name(&self) -> &'x str {
        let name = &self.tag[..self.name_end];
        name.strip_prefix(self.prefix).unwrap_or(name)
    }

    /// Hands over each attribute, its references resolved; those that `take` does not know (it answers
    /// `false`) are counted, those of other namespaces are not.
    pub fn attributes(&self, mut take: impl FnMut(&'x str, Cow<'x, str>) -> bool) -> Result<(), ReadError> {
        self.each(|key, value| {
            if !is_foreign(key) && !take(key, value) {
                self.count_unknown_attribute(key);
            }
        })
    }

    /// Counts this element as one that the reader does not know inside `parent`.
    pub fn count_unknown(&self, parent: &str) {
        let kind = || format!("element {parent}/{}", shown(self.name()));
        self.unknown.borrow_mut().count(kind, self.line);
    }

    fn count_unknown_attribute(&self, key: &str) {
        let kind = || format!("attribute {}/@{}", shown(self.name()), shown(key));
        self.unknown.borrow_mut().count(kind, self.line);
    }

    fn each(&self, mut take: impl FnMut(&'x str, Cow<'x, str>)) -> Result<(), ReadError> {
        for attribute in Attributes::new(self.tag, self.name_end) {
            let attribute = attribute.map_err(|e| refused(self.file, self.line, &e.into()))?;
            let value = attribute
                .normalized_value(XmlVersion::Explicit1_0)
                .map_err(|e| refused(self.file, self.line, &e))?;
            take(attribute.key.0, value);
        }
        Ok(())
    }
}

/// Whether an attribute belongs to XML itself or to another namespace than the element's.
fn is_foreign(key: &str) -> bool {
    key.starts_with("xmlns") || key.contains(':')
}

/// Elements and attributes that a reader did not know: kind, how often, first line.
#[derive(Default)]
struct Unknown {
    kinds: BTreeMap<String, (u64, u64)>,
}

impl Unknown {
    fn count(&mut self, kind: impl FnOnce() -> String, line: u64) {
        let mut kind = kind();
        if !self.kinds.contains_key(&kind) && self.kinds.len() >= MAX_UNKNOWN_KINDS {
            kind = "elements and attributes of further kinds".to_owned();
        }
        self.kinds.entry(kind).or_insert((0, line)).0 += 1;
    }
}

/// A name from the file as far as it is fit for a message.
fn shown(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || "_-.:".contains(*c)).take(40).collect()
}

/// Appends what a reference in text stands for.
fn resolve(reference: &BytesRef<'_>, text: &mut String) -> Result<(), quick_xml::Error> {
    if let Some(c) = reference.resolve_char_ref()? {
        text.push(c);
    } else if let Some(known) = resolve_predefined_entity(reference) {
        text.push_str(known);
    } else {
        return Err(EscapeError::UnrecognizedEntity(0..0, String::new()).into());
    }
    Ok(())
}

const NOT_UTF8: &str = "bytes that are not UTF-8: the file is damaged or in another encoding, fetch it again";
const OUTSIDE: &str = "text outside the root element: the file is damaged or not XML, fetch it again";
const HTML_PAGE: &str = "this is an HTML page, probably an error page of the download: fetch the list again";

/// White space, and a byte-order mark that the parser left in place.
fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{feff}'
}

/// Why these first bytes can be no XML in UTF-8, as far as they tell.
fn not_xml(head: &[u8]) -> Option<&'static str> {
    if head.is_empty() {
        return Some("the file is empty: fetch it again");
    }
    if [&[0xfe, 0xff][..], &[0xff, 0xfe], b"<\0", b"\0<"].iter().any(|bom| head.starts_with(bom)) {
        return Some("the file is UTF-16: convert it to UTF-8 first");
    }
    if [&b"PK\x03\x04"[..], b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf"]
        .iter()
        .any(|magic| head.starts_with(magic))
    {
        return Some("this is an archive of a kind that is not read: unpack it, or pack it with gzip");
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let starts = |with: &[u8]| text.len() >= with.len() && text[..with.len()].eq_ignore_ascii_case(with);
    if starts(b"<!doctype html") || starts(b"<html") {
        return Some(HTML_PAGE);
    }
    match text.first() {
        // Markup; or nothing but white space or too little so far, and the walk will tell.
        None | Some(b'<') => None,
        _ if head.len() < 4 => None,
        Some(b'{' | b'[') => Some("this looks like JSON, not XML"),
        Some(_) => Some("this is not XML: the first character is not <"),
    }
}

fn broken(file: &str, line: u64, what: impl Into<String>) -> ReadError {
    ReadError::Format { file: file.to_owned(), place: format!("line {line}"), what: what.into() }
}

/// What quick-xml refuses, told without any text of the file.
fn refused(file: &str, line: u64, error: &quick_xml::Error) -> ReadError {
    use quick_xml::Error;
    let what = match error {
        Error::Io(e) => return unreadable(file, line, e),
        Error::Encoding(_) => NOT_UTF8,
        Error::Escape(EscapeError::UnrecognizedEntity(..)) => {
            "a reference to an entity that is not defined: refused, XML's own five are all that a list needs"
        }
        Error::Escape(_) => "a character reference that stands for no character: the file is damaged",
        Error::InvalidAttr(_) => "an attribute that is not well-formed: the file is damaged, fetch it again",
        Error::IllFormed(quick_xml::errors::IllFormedError::UnclosedReference) => {
            "an & that begins no reference: the file is damaged, fetch it again"
        }
        Error::IllFormed(_) => {
            "a tag that does not fit the one it should close: the file is damaged, fetch it again"
        }
        Error::Syntax(_) => "markup that never ends: the file breaks off or is damaged, fetch it again",
        Error::Namespace(_) => "a namespace that is not declared: the file is damaged, fetch it again",
    };
    broken(file, line, what)
}

/// What the operating system or the decompressor refuses.
fn unreadable(file: &str, line: u64, error: &io::Error) -> ReadError {
    if error.get_ref().is_some_and(|e| e.is::<TooLong>()) {
        return broken(file, line, format!("a tag or text of more than {} MiB", MAX_NODE_BYTES >> 20));
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            broken(file, line, "the compressed file breaks off: the download was cut, fetch it again")
        }
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            broken(file, line, "the compressed data is damaged: fetch the file again")
        }
        kind => ReadError::Io { file: file.to_owned(), source: io::Error::new(kind, error.to_string()) },
    }
}

/// The input with its bytes and lines counted, and with an end to what one node may take.
struct Bounded<'a> {
    inner: Box<dyn BufRead + Send + 'a>,
    bytes: u64,
    newlines: u64,
    /// Bytes of the node at hand; [`Xml`] sets it back before each.
    node_bytes: usize,
}

/// One tag or text outgrew [`MAX_NODE_BYTES`].
#[derive(Debug, thiserror::Error)]
#[error("node too long")]
struct TooLong;

impl BufRead for Bounded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.node_bytes > MAX_NODE_BYTES {
            return Err(io::Error::other(TooLong));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // The bytes are in the buffer already, so this reads nothing and cannot fail.
        if let Ok(buffer) = self.inner.fill_buf() {
            let taken = &buffer[..amount.min(buffer.len())];
            self.newlines += taken.iter().map(|&b| u64::from(b == b'\n')).sum::<u64>();
        }
        self.bytes += amount as u64;
        self.node_bytes += amount;
        self.inner.consume(amount);
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let amount = available.len().min(into.len());
        into[..amount].copy_from_slice(&available[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}
