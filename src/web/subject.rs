//! The fields of a form that say who is screened, and the subject they make.

use maud::{Markup, html};

use crate::model::{Gender, PartialDate, country};
use crate::report::Language;
use crate::screening::{Subject, SubjectError, SubjectIdentifier, SubjectKind};

use super::form::Form;
use super::words as w;

/// Longest text of one field, in characters. Names have a limit of their own.
const MAX_FIELD_CHARS: usize = 2_000;
/// Most countries or documents.
const MAX_VALUES: usize = 50;

/// What is wrong with a field, by the field's name.
pub(super) struct Wrong {
    /// The field's name without its prefix (`birth_date`).
    pub(super) field: &'static str,
    /// What is wrong and how to mend it, in words.
    pub(super) what: String,
}

/// Reads the subject of a form whose fields begin with `prefix`.
///
/// # Errors
/// Everything that is wrong with its fields.
pub(super) fn read(l: Language, form: &Form, prefix: &str) -> Result<Subject, Vec<Wrong>> {
    let get = |field: &str| form.get(&format!("{prefix}{field}")).trim();
    let lines = |field: &str| form.lines(&format!("{prefix}{field}"));
    let mut wrong = Vec::new();
    let mut fault = |field: &'static str, what: &str| wrong.push(Wrong { field, what: what.to_owned() });

    if get("name").is_empty() {
        fault("name", w::name_missing(l));
    }
    let birth_date = match get("birth_date") {
        "" => None,
        text => date(text).or_else(|| {
            fault("birth_date", w::date_wrong(l));
            None
        }),
    };
    let mut countries = Vec::new();
    for part in get("country").split([',', ';', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
        match country::code(part) {
            Some(code) => countries.push(code.to_owned()),
            None => {
                fault("country", w::country_unknown(l));
                break;
            }
        }
    }
    let identifiers: Vec<SubjectIdentifier> = lines("documents").iter().map(|line| document(line)).collect();
    for field in ["birth_place", "address", "country", "documents"] {
        if get(field).chars().count() > MAX_FIELD_CHARS {
            fault(field, w::too_long(l));
        }
    }
    if countries.len() > MAX_VALUES || identifiers.len() > MAX_VALUES {
        fault(if countries.len() > MAX_VALUES { "country" } else { "documents" }, w::too_many(l));
    }
    let subject = Subject {
        name: get("name").to_owned(),
        aliases: lines("aliases"),
        kind: match form.get(&format!("{prefix}kind")) {
            "organisation" => SubjectKind::Organisation,
            "any" => SubjectKind::Any,
            _ => SubjectKind::Person,
        },
        birth_date,
        birth_place: get("birth_place").to_owned(),
        gender: match get("gender") {
            "female" => Some(Gender::Female),
            "male" => Some(Gender::Male),
            _ => None,
        },
        countries,
        address: get("address").to_owned(),
        identifiers,
    };
    if wrong.is_empty()
        && let Err(error) = subject.check()
    {
        wrong.push(told(l, &error));
    }
    if wrong.is_empty() { Ok(subject) } else { Err(wrong) }
}

/// What the screening layer finds wrong, in the words of the page.
fn told(l: Language, error: &SubjectError) -> Wrong {
    let (field, what) = match error.field.as_str() {
        "name" => ("name", w::too_long(l)),
        "aliases" => ("aliases", w::too_many(l)),
        field if field.starts_with("aliases") => ("aliases", w::too_long(l)),
        field if field.starts_with("countries") => ("country", w::country_unknown(l)),
        _ => return Wrong { field: "name", what: error.what.clone() },
    };
    Wrong { field, what: what.to_owned() }
}

/// A date as lists write it, or day first as people do.
pub(super) fn date(text: &str) -> Option<PartialDate> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|p| !p.is_empty()).collect();
    let number = |part: &str| part.parse::<u32>().ok();
    match parts.as_slice() {
        [day, month, year] if year.len() == 4 => {
            PartialDate::new(year.parse().ok()?, Some(number(month)?), Some(number(day)?)).ok()
        }
        [month, year] if year.len() == 4 => {
            PartialDate::new(year.parse().ok()?, Some(number(month)?), None).ok()
        }
        _ => None,
    }
}

/// A document: its number, or kind and number parted by `:` or `=`.
fn document(line: &str) -> SubjectIdentifier {
    match line.split_once([':', '=']) {
        Some((kind, number)) if !number.trim().is_empty() => {
            SubjectIdentifier { kind: kind.trim().to_owned(), number: number.trim().to_owned() }
        }
        _ => SubjectIdentifier { kind: String::new(), number: line.to_owned() },
    }
}

/// Which fields a form shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All.
    Full,
    /// Names, birth date and country only.
    Short,
}

/// The fields of a subject, with what was given and what is wrong with it.
pub(super) fn fields(l: Language, form: &Form, prefix: &str, extent: Extent, wrong: &[Wrong]) -> Markup {
    let kind = match form.get(&format!("{prefix}kind")) {
        "" => "person",
        kind => kind,
    };
    let field = Field { form, prefix, wrong };
    html! {
        fieldset.field.wide {
            legend { (w::who_is_it(l)) }
            div.choices {
                @for (value, text) in [("person", w::a_person(l)), ("organisation", w::an_organisation(l))] {
                    label { input type="radio" name={ (prefix) "kind" } value=(value) checked[kind == value]; (text) }
                }
            }
        }
        (field.line("name", w::name(l), w::name_hint(l), true))
        (field.lines("aliases", w::other_names(l), w::other_names_hint(l)))
        (field.line("birth_date", w::birth_date(l), w::birth_date_hint(l), false))
        (field.line("country", w::country(l), w::country_hint(l), false))
        @if extent == Extent::Full {
            (field.line("birth_place", w::birth_place(l), "", false))
            (field.choice("gender", w::gender(l), &[("", w::not_known(l)), ("female", w::female(l)), ("male", w::male(l))]))
            (field.lines("documents", w::documents(l), w::documents_hint(l)))
            (field.line("address", w::address_of_organisation(l), w::address_hint(l), false))
        }
    }
}

struct Field<'a> {
    form: &'a Form,
    prefix: &'a str,
    wrong: &'a [Wrong],
}

impl Field<'_> {
    fn framed(&self, name: &str, label: &str, hint: &str, control: Markup) -> Markup {
        let id = format!("{}{name}", self.prefix);
        html! {
            div.field {
                label for=(id) { (label) }
                @if !hint.is_empty() { span.hint id={ (id) "-hint" } { (hint) } }
                (control)
                @for wrong in self.wrong.iter().filter(|w| w.field == name) {
                    span.wrong id={ (id) "-wrong" } { "⚠ " (wrong.what) }
                }
            }
        }
    }

    /// What a control is described by: its hint and what is wrong with it.
    fn described(&self, name: &str, hint: &str) -> (Option<&'static str>, Option<String>) {
        let id = format!("{}{name}", self.prefix);
        let is_wrong = self.wrong.iter().any(|w| w.field == name);
        let mut by = Vec::new();
        if !hint.is_empty() {
            by.push(format!("{id}-hint"));
        }
        if is_wrong {
            by.push(format!("{id}-wrong"));
        }
        (is_wrong.then_some("true"), (!by.is_empty()).then(|| by.join(" ")))
    }

    fn line(&self, name: &str, label: &str, hint: &str, required: bool) -> Markup {
        let id = format!("{}{name}", self.prefix);
        let (invalid, described) = self.described(name, hint);
        self.framed(
            name,
            label,
            hint,
            html! {
                input type="text" id=(id) name=(id) value=(self.form.get(&id)) dir="auto" required[required]
                    autocomplete="off" spellcheck="false" aria-invalid=[invalid] aria-describedby=[described];
            },
        )
    }

    fn lines(&self, name: &str, label: &str, hint: &str) -> Markup {
        let id = format!("{}{name}", self.prefix);
        let (invalid, described) = self.described(name, hint);
        self.framed(
            name,
            label,
            hint,
            html! {
                textarea id=(id) name=(id) rows="2" dir="auto" spellcheck="false"
                    aria-invalid=[invalid] aria-describedby=[described] { (self.form.get(&id)) }
            },
        )
    }

    fn choice(&self, name: &str, label: &str, options: &[(&str, &str)]) -> Markup {
        let id = format!("{}{name}", self.prefix);
        self.framed(name, label, "", html! {
            select id=(id) name=(id) {
                @for (value, text) in options { option value=(value) selected[self.form.get(&id) == *value] { (text) } }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_may_stand_day_first() {
        for (text, expected) in [
            ("1980-12-31", Some("1980-12-31")),
            ("1980", Some("1980")),
            ("31-12-1980", Some("1980-12-31")),
            ("3/4/1980", Some("1980-04-03")),
            ("12.1980", Some("1980-12")),
            ("12/31/1980", None),
            ("yesterday", None),
        ] {
            assert_eq!(date(text).map(|d| d.to_string()).as_deref(), expected, "{text}");
        }
    }
}
