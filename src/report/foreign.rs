//! Text that others wrote: names, remarks, addresses. Shown as it is, and never obeyed.

/// Text with characters made visible that would turn round, hide or break what stands beside them:
/// directional overrides and isolates, invisible marks, control characters. Line breaks become blanks.
/// Joiners that Persian and Indian scripts need stay.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
            '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' => {
                out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
            }
            c if c.is_control() => out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// [`visible`] text, escaped for a place within a line of Markdown: no markup, no link, no table cell, no
/// HTML comes of it.
pub fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + 8);
    let mut numbering = true;
    let mut characters = text.chars().enumerate().peekable();
    while let Some((i, c)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let before = |word: &str| out.to_ascii_lowercase().ends_with(word);
        let opens = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '@' | '$' | '!' | '^' => true,
            '#' | '+' | '-' | '=' => i == 0,
            // What comes before them would become a link of its own.
            ':' => next == Some('/') || before("mailto") || before("xmpp"),
            // "1." begins a list, "www." a link.
            '.' | ')' => i > 0 && numbering && next.is_none_or(|n| n == ' ') || before("www"),
            _ => false,
        };
        numbering &= c.is_ascii_digit();
        if opens {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// An address that a reader may follow; `None` for anything but the web.
pub fn link(address: &str) -> Option<&str> {
    let lower = address.to_ascii_lowercase();
    let web = lower.starts_with("https://") || lower.starts_with("http://");
    let plain = !address.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"'()[]\\`".contains(c));
    (web && plain).then_some(address)
}
