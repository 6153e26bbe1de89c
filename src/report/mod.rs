//! The report of a case: what a university files and what people decide by.
//!
//! One page, in Dutch or English: summary and next step first, then each finding beside the listed entry,
//! what was checked against which lists as of when, what is open, what to ask in the interview, and what
//! it all rests on. As HTML (self-contained, prints well), as Markdown, as JSON.
//!
//! Everything that comes from a case or a list is foreign text: it is escaped, its directional and
//! control characters are made visible, and it is isolated from what stands around it.

mod foreign;
mod html;
mod markdown;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use foreign::{link, visible};
pub(crate) use html::STYLE;
pub(crate) use words::{alignment, days, evidence, rating, role, sides, verdict};

use serde::Serialize;

use crate::screening::case::{Case, CaseResult, ListGap, Text};

/// The language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Dutch.
    Nl,
}

impl Language {
    /// Its code, as HTML writes it.
    pub fn code(self) -> &'static str {
        self.pick("en", "nl")
    }

    /// The one of two wordings that is in this language.
    pub(crate) fn pick<'a>(self, en: &'a str, nl: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Nl => nl,
        }
    }

    /// A policy's text in this language.
    pub(crate) fn of(self, text: &Text) -> &str {
        self.pick(&text.en, &text.nl)
    }
}

/// A report of one case.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Report<'a> {
    /// When the case was screened.
    #[serde(serialize_with = "instant")]
    pub screened: jiff::Timestamp,
    /// The language it is written in. JSON holds the policy's texts in both.
    pub language: Language,
    /// What the university gave.
    pub case: &'a Case,
    /// What came of it.
    pub result: &'a CaseResult,
}

/// RFC 3339, as everywhere in JSON.
fn instant<S: serde::Serializer>(at: &jiff::Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

impl Report<'_> {
    /// One HTML page that needs nothing but itself: no script, no font, no picture, no request.
    pub fn html(&self) -> String {
        html::page(self, None, None)
    }

    /// The same page with its style at an address, for whoever serves both, who may put something of its own
    /// below the report; that is not printed.
    pub(crate) fn html_with_style(&self, address: &str, below: &maud::Markup) -> String {
        html::page(self, Some(address), Some(below))
    }

    /// The same in Markdown (CommonMark with tables).
    pub fn markdown(&self) -> String {
        markdown::page(self)
    }

    /// The same for programs: case, result and time, in the shape of their types.
    ///
    /// # Errors
    /// When a number in it has no JSON form, which no case that was screened holds.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// What the case is called: the candidate or the organisation.
    fn subject(&self) -> &str {
        let candidate = self.case.hire.iter().flat_map(|h| &h.candidate.names);
        let partner = self.case.partner.iter().flat_map(|p| &p.organisation.names);
        candidate.chain(partner).next().map_or("", String::as_str)
    }

    /// Day and minute of the screening, in UTC.
    fn day(&self) -> String {
        self.screened.strftime("%Y-%m-%d %H:%M UTC").to_string()
    }

    /// What stands where nothing was found. Where a list could not be relied upon that is no "nothing".
    fn nothing_found(&self) -> &'static str {
        let l = self.language;
        if self.result.gaps().iter().any(|g| *g != ListGap::Demonstration) {
            return l.pick(
                "nothing, but not every list could be relied upon",
                "niets, maar niet op elke lijst kon worden vertrouwd",
            );
        }
        l.pick("nothing on these lists", "niets op deze lijsten")
    }

    /// Gaps in one sentence each, loudest first.
    fn gaps(&self) -> Vec<String> {
        let l = self.language;
        let title = |list: &str| -> String {
            let known = self.result.lists.iter().find(|r| r.list == list);
            known.map_or(list, |r| l.of(&r.title)).to_owned()
        };
        let sentences = self.result.gaps().iter().map(|gap| match gap {
            ListGap::Demonstration => l
                .pick(
                    "Screened on demonstration lists, which protect nobody. Not for use.",
                    "Getoetst aan demonstratielijsten, die niemand beschermen. Niet te gebruiken.",
                )
                .to_owned(),
            ListGap::Missing { list } => match l {
                Language::En => format!("Not loaded: {}. Nothing was checked against it.", title(list)),
                Language::Nl => format!("Niet geladen: {}. Daaraan is niets getoetst.", title(list)),
            },
            ListGap::Stale { list, age_days, max_age_days } => {
                let age = words::days(l, *age_days);
                match l {
                    Language::En => {
                        format!("Too old: {} ({age}, at most {max_age_days} allowed). It cannot be relied upon.", title(list))
                    }
                    Language::Nl => {
                        format!("Te oud: {} ({age}, hoogstens {max_age_days} toegestaan). Daarop kan niet worden vertrouwd.", title(list))
                    }
                }
            }
        });
        sentences.collect()
    }
}
