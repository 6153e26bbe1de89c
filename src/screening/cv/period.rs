//! Periods as a CV writes them: `2015–2019`, `Sept 2015 - heden`, `2015年9月至2019年6月`.

use std::ops::Range;

use crate::model::PartialDate;

/// A period or a single date, and where it stands in its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub range: Range<usize>,
    pub start: Option<PartialDate>,
    pub end: Option<PartialDate>,
    pub ongoing: bool,
}

/// Months by the first letters of their names in English, Dutch, German, French and Spanish.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene"],
    &["feb", "fev", "fév"],
    &["mar", "mrt", "maa", "mär", "maer"],
    &["apr", "avr", "abr"],
    &["may", "mei", "mai"],
    &["jun", "juin"],
    &["jul", "juil"],
    &["aug", "aoû", "aou", "ago"],
    &["sep"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez", "déc", "dic"],
];
/// Words between the ends of a period.
const UNTIL: [&str; 12] =
    ["to", "until", "till", "through", "tot", "bis", "hasta", "au", "do", "до", "至", "到"];
/// Words for an end that has not come.
const STILL: [&str; 15] = [
    "present",
    "now",
    "current",
    "today",
    "ongoing",
    "date",
    "heden",
    "nu",
    "heute",
    "aujourd",
    "actualidad",
    "今",
    "现",
    "現",
    "настоящее",
];
/// Words before a beginning that has no end.
const SINCE: [&str; 10] = ["since", "from", "sinds", "vanaf", "seit", "ab", "depuis", "desde", "自", "с"];
/// Years that a CV can mean. Other numbers of four digits are numbers.
const YEARS: Range<u32> = 1940..2050;

#[derive(Clone, Debug, PartialEq)]
enum Token<'t> {
    Number(u32, usize),
    Word(&'t str),
    Sign(char),
}

/// The periods of a line, in their order.
pub(super) fn periods(line: &str) -> Vec<Period> {
    if !line.bytes().any(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let reader = Reader { tokens: tokens(line) };
    let mut found: Vec<Period> = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        match reader.period(at) {
            Some((period, next)) => {
                found.push(period);
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

fn tokens(line: &str) -> Vec<(Range<usize>, Token<'_>)> {
    let mut out = Vec::new();
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut end = at + c.len_utf8();
        let han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
        let digit = c.is_ascii_digit();
        if digit || (c.is_alphabetic() && !han(c)) {
            let same = |n: char| if digit { n.is_ascii_digit() } else { n.is_alphabetic() && !han(n) };
            while let Some((next, n)) = chars.next_if(|(_, n)| same(*n)) {
                end = next + n.len_utf8();
            }
        }
        let text = &line[at..end];
        let token = match text.parse::<u32>() {
            Ok(number) if digit => Token::Number(number, text.len()),
            _ if c.is_alphanumeric() => Token::Word(text),
            _ => Token::Sign(c),
        };
        out.push((at..end, token));
    }
    out
}

struct Reader<'t> {
    tokens: Vec<(Range<usize>, Token<'t>)>,
}

/// A date that may still lack its year ("Sept – Dec 2015").
#[derive(Clone, Copy)]
struct Part {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
}

impl Part {
    fn date(self) -> Option<PartialDate> {
        let year = self.year?;
        PartialDate::new(year, self.month, self.day)
            .or_else(|_| PartialDate::new(year, self.month, None))
            .or_else(|_| PartialDate::new(year, None, None))
            .ok()
    }
}

impl<'t> Reader<'t> {
    fn token(&self, at: usize) -> Option<&Token<'t>> {
        self.tokens.get(at).map(|t| &t.1)
    }

    fn is_sign(&self, at: usize, signs: &[char]) -> bool {
        matches!(self.token(at), Some(Token::Sign(c)) if signs.contains(c))
    }

    fn word(&self, at: usize) -> Option<String> {
        match self.token(at) {
            Some(Token::Word(word)) => Some(word.to_lowercase()),
            _ => None,
        }
    }

    fn year(&self, at: usize) -> Option<i32> {
        match self.token(at) {
            Some(Token::Number(n, 4)) if YEARS.contains(n) => i32::try_from(*n).ok(),
            _ => None,
        }
    }

    /// A number of one or two digits within `range`.
    fn small(&self, at: usize, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        match self.token(at) {
            Some(Token::Number(n, 1 | 2)) if range.contains(n) => Some(*n),
            _ => None,
        }
    }

    /// Whether token `at` stands directly after the one before.
    fn touches(&self, at: usize) -> bool {
        at > 0 && self.tokens.get(at).is_some_and(|t| t.0.start == self.tokens[at - 1].0.end)
    }

    fn month_name(&self, at: usize) -> Option<u32> {
        let word = self.word(at)?;
        let known = |names: &&[&str]| names.iter().any(|name| word.starts_with(name));
        // "Decision 2015" is no month: a name is its first letters, or ends as months do.
        let short = word.chars().count() <= 4;
        let ends = [
            "ber", "ry", "ry", "ari", "ch", "il", "ne", "ni", "li", "ly", "st", "us", "rt", "io", "ro", "re",
        ];
        (1..).zip(MONTHS.iter()).find(|(_, names)| known(names)).map(|(month, _)| month).filter(|_| {
            short
                || ends.iter().any(|end| word.ends_with(end))
                || ["april", "abril", "avril", "marzo", "mayo", "januar", "februar"].contains(&word.as_str())
        })
    }

    /// A date that begins at `at`, and the token after it.
    fn date(&self, at: usize) -> Option<(Part, usize)> {
        let only = |year| Part { year: Some(year), month: None, day: None };
        if let Some(month) = self.month_name(at) {
            let mut next = at + 1;
            next += usize::from(self.is_sign(next, &['.', ',', '\'']));
            let mut day = None;
            if let Some(d) = self.small(next, 1..=31)
                && self.year(next + 1 + usize::from(self.is_sign(next + 1, &[',', '.']))).is_some()
            {
                day = Some(d);
                next += 1 + usize::from(self.is_sign(next + 1, &[',', '.']));
            }
            return match self.year(next) {
                Some(year) => Some((Part { year: Some(year), month: Some(month), day }, next + 1)),
                // Its year may stand at the end of the period.
                None => Some((Part { year: None, month: Some(month), day: None }, next)),
            };
        }
        if let Some(year) = self.year(at) {
            if self.word(at + 1).as_deref() == Some("年") {
                if let Some(month) = self.small(at + 2, 1..=12)
                    && self.word(at + 3).as_deref() == Some("月")
                {
                    let day =
                        self.small(at + 4, 1..=31).filter(|_| self.word(at + 5).as_deref() == Some("日"));
                    return Some((
                        Part { year: Some(year), month: Some(month), day },
                        at + if day.is_some() { 6 } else { 4 },
                    ));
                }
                return Some((only(year), at + 2));
            }
            if self.is_sign(at + 1, &['.', '/', '-'])
                && self.touches(at + 1)
                && self.touches(at + 2)
                && let Some(month) = self.small(at + 2, 1..=12)
                && !self.could_be_year(at, month)
            {
                let same = self.token(at + 1) == self.token(at + 3);
                let day = self
                    .small(at + 4, 1..=31)
                    .filter(|_| same && self.touches(at + 3) && self.touches(at + 4));
                let next = at + if day.is_some() { 5 } else { 3 };
                return Some((Part { year: Some(year), month: Some(month), day }, next));
            }
            return Some((only(year), at + 1));
        }
        // 09/2015, 1.9.2015, 1 September 2015
        let first = self.small(at, 1..=31)?;
        if let Some(month) = self.month_name(at + 1)
            && let Some(year) = self.year(at + 2 + usize::from(self.is_sign(at + 2, &['.'])))
        {
            let next = at + 3 + usize::from(self.is_sign(at + 2, &['.']));
            return Some((Part { year: Some(year), month: Some(month), day: Some(first) }, next));
        }
        let glued = |from: usize, to: usize| (from..=to).all(|i| self.touches(i));
        if !self.is_sign(at + 1, &['.', '/', '-']) {
            return None;
        }
        if let Some(year) = self.year(at + 2).filter(|_| first <= 12 && glued(at + 1, at + 2)) {
            return Some((Part { year: Some(year), month: Some(first), day: None }, at + 3));
        }
        let second = self.small(at + 2, 1..=31)?;
        let year = self
            .year(at + 4)
            .filter(|_| self.token(at + 1) == self.token(at + 3) && glued(at + 1, at + 4))?;
        let stroke = self.is_sign(at + 1, &['/']);
        // With strokes, day and month may stand in either order.
        let part = if stroke && first <= 12 && second <= 12 && first != second {
            only(year)
        } else if stroke && first <= 12 && second > 12 {
            Part { year: Some(year), month: Some(first), day: Some(second) }
        } else if second <= 12 {
            Part { year: Some(year), month: Some(second), day: Some(first) }
        } else {
            return None;
        };
        Some((part, at + 5))
    }

    /// Whether the second number of "2008-12" may be a year: then it is neither taken for a month.
    fn could_be_year(&self, at: usize, month: u32) -> bool {
        let year = self.year(at).unwrap_or(0).unsigned_abs();
        self.is_sign(at + 1, &['-']) && month > year % 100 && !self.is_sign(at + 3, &['-', '/', '.'])
    }

    /// How many tokens at `at` stand between the two ends of a period.
    fn joint(&self, at: usize) -> Option<usize> {
        const DASHES: [char; 12] = ['-', '–', '—', '−', '~', '～', '〜', '－', '→', '‐', '‑', '/'];
        let word = |n: usize| self.word(at + n);
        if self.is_sign(at, &DASHES) {
            return Some(1);
        }
        let first = word(0)?;
        if first == "t" && self.is_sign(at + 1, &['/']) && word(2).as_deref() == Some("m") {
            return Some(3);
        }
        if first == "tot" && word(1).as_deref() == Some("en") && word(2).as_deref() == Some("met") {
            return Some(3);
        }
        UNTIL.contains(&first.as_str()).then_some(1)
    }

    /// A period or date that begins at `at`, and the token after it.
    fn period(&self, at: usize) -> Option<(Period, usize)> {
        let since = self.word(at).is_some_and(|w| SINCE.contains(&w.as_str()));
        let first_at = at + usize::from(since);
        // A number glued to what stands before is a part of something else: "A-2015", "12-2015-1".
        let (first, mut next) = self.date(first_at)?;
        let range = |to: usize| self.tokens[at].0.start..self.tokens[to - 1].0.end;
        let mut after = next;
        while let Some(taken) = self.joint(after) {
            after += taken;
        }
        let joined = after > next;
        if joined {
            if self.word(after).is_some_and(|w| STILL.contains(&w.as_str())) {
                let start = first.date()?;
                let more = usize::from(matches!(self.word(after + 1).as_deref(), Some("在")));
                let to = after + 1 + more;
                let period = Period { range: range(to), start: Some(start), end: None, ongoing: true };
                return Some((period, to));
            }
            if let Some((second, to)) = self.date(after) {
                let first = Part { year: first.year.or(second.year), ..first };
                if let (Some(start), Some(end)) = (first.date(), second.date())
                    && start.year() <= end.year()
                {
                    let period =
                        Period { range: range(to), start: Some(start), end: Some(end), ongoing: false };
                    return Some((period, to));
                }
            }
            // 2015-19
            if let Some(Token::Number(short, 2)) = self.token(after)
                && let Some(year) = first.year
                && *short > year.unsigned_abs() % 100
                && (*short > 12 || first.month.is_some())
            {
                let end = PartialDate::new(year - year % 100 + i32::try_from(*short).ok()?, None, None).ok();
                let period = Period { range: range(after + 1), start: first.date(), end, ongoing: false };
                return Some((period, after + 1));
            }
            // An open end: "2019 -".
            let nothing_follows =
                self.token(after).is_none() || self.is_sign(after, &[',', ')', ':', ';', '|']);
            if nothing_follows && first.year.is_some() {
                next = after;
                let period = Period { range: range(next), start: first.date(), end: None, ongoing: true };
                return Some((period, next));
            }
        }
        let date = first.date()?;
        let end = (!since).then_some(date);
        Some((Period { range: range(next), start: Some(date), end, ongoing: since }, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_as_people_write_them() {
        for (line, expected) in [
            ("2015–2019", "2015/2019"),
            ("2015 - 2019, Harbin", "2015/2019"),
            ("(2015-19)", "2015/2019"),
            ("sept 2015 - heden", "2015-09/.."),
            ("Sept. 2015 – Present", "2015-09/.."),
            ("1 September 2015 tot en met 30 juni 2019", "2015-09-01/2019-06-30"),
            ("1 September 2015 t/m 30 juni 2019", "2015-09-01/2019-06-30"),
            ("September – December 2015", "2015-09/2015-12"),
            ("2015年9月至2019年6月", "2015-09/2019-06"),
            ("2015年至今", "2015/.."),
            ("2015.09—2019.06", "2015-09/2019-06"),
            ("09/2015 - 06/2019", "2015-09/2019-06"),
            ("01.09.2015 - 30.06.2019", "2015-09-01/2019-06-30"),
            ("2015-09-01", "2015-09-01/2015-09-01"),
            ("2008-12", "2008/2008"),
            ("since 2019", "2019/.."),
            ("sinds maart 2019", "2019-03/.."),
            ("2019 -", "2019/.."),
            ("PhD 2019", "2019/2019"),
            ("March 3, 2015", "2015-03-03/2015-03-03"),
            ("2019-2015", "2019/2019 2015/2015"),
            ("Harbin 150001", ""),
            ("I may decide 12 things", ""),
            ("ISO 9001", ""),
            ("", ""),
        ] {
            let told: Vec<String> = periods(line)
                .iter()
                .map(|p| {
                    let date = |d: Option<PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
                    let end = if p.ongoing { "..".to_owned() } else { date(p.end) };
                    format!("{}/{end}", date(p.start))
                })
                .collect();
            assert_eq!(told.join(" "), expected, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn ranges_lie_in_the_line(line in "([0-9]{1,4}|[-–./ ]|sept|年|月|至|今|to|since|é|[a-z]{1,3}){0,14}") {
            for period in periods(&line) {
                proptest::prop_assert!(line.get(period.range).is_some());
            }
        }
    }
}
