//! What lists and people wrote, made safe and readable: escaped, isolated, in its own direction and
//! language, its directional marks made visible.

use maud::{Markup, html};
use unicode_script::{Script, UnicodeScript};

use crate::index::Highlighter;
use crate::report::{link, visible};

/// Text that others wrote.
pub(super) fn foreign(text: &str) -> Markup {
    html! { bdi dir="auto" lang=[language(text)] { (visible(text)) } }
}

/// Text that others wrote, the words of a search marked in it.
pub(super) fn marked(highlighter: &Highlighter, text: &str) -> Markup {
    let ranges = highlighter.ranges(text);
    let starts = std::iter::once(0).chain(ranges.iter().map(|r| r.end));
    let ends = ranges.iter().map(|r| r.start).chain(std::iter::once(text.len()));
    let mut between = starts.zip(ends);
    let before = between.next().and_then(|(start, end)| text.get(start..end)).unwrap_or_default();
    html! {
        bdi dir="auto" lang=[language(text)] {
            (visible(before))
            @for (range, (start, end)) in ranges.iter().zip(between) {
                mark { (visible(text.get(range.clone()).unwrap_or_default())) }
                (visible(text.get(start..end).unwrap_or_default()))
            }
        }
    }
}

/// The address of an entity's page.
pub(super) fn entity_address(list: &str, id: &str) -> String {
    format!("/entity/{}/{}", segment(list), segment(id))
}

/// A page elsewhere, as a link where it is one of the web.
pub(super) fn outside(address: &str) -> Markup {
    match link(address) {
        Some(address) => html! { a href=(address) rel="noopener noreferrer nofollow" { (foreign(address)) } },
        None => foreign(address),
    }
}

/// The language that letters are read in, as far as their script tells; none for Latin letters.
///
/// The lists' own language codes are unreliable; the script is what fonts and screen readers need.
fn language(text: &str) -> Option<&'static str> {
    let mut han = false;
    for c in text.chars() {
        match c.script() {
            Script::Hiragana | Script::Katakana => return Some("ja"),
            Script::Hangul => return Some("ko"),
            Script::Han => han = true,
            Script::Cyrillic => return Some("und-Cyrl"),
            Script::Arabic => return Some("und-Arab"),
            Script::Hebrew => return Some("he"),
            Script::Greek => return Some("el"),
            Script::Thai => return Some("th"),
            Script::Georgian => return Some("ka"),
            Script::Armenian => return Some("hy"),
            Script::Devanagari => return Some("und-Deva"),
            _ => {}
        }
    }
    han.then_some("zh")
}

/// The day of an instant as RFC 3339 writes it.
pub(super) fn day(instant: &str) -> &str {
    instant.split_once('T').map_or(instant, |(day, _)| day)
}

/// A segment of an address, so that any reference of any list can stand in one.
pub(super) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_escaped_isolated_and_named_by_its_script() {
        assert_eq!(foreign("<b>&\u{202e}x").into_string(), "<bdi dir=\"auto\">&lt;b&gt;&amp;⟨U+202E⟩x</bdi>");
        for (text, lang) in [
            ("哈尔滨工业大学", Some("zh")),
            ("東京タワー", Some("ja")),
            ("김정은", Some("ko")),
            ("Владимир", Some("und-Cyrl")),
            ("محمد", Some("und-Arab")),
            ("Jan", None),
        ] {
            assert_eq!(language(text), lang, "{text}");
        }
    }

    #[test]
    fn segments_hold_anything() {
        assert_eq!(segment("EU.27.28"), "EU.27.28");
        assert_eq!(segment("a/b?c#d é"), "a%2Fb%3Fc%23d%20%C3%A9");
    }
}
