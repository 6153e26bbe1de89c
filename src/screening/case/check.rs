//! Checking a case: everything that is wrong with it, by path, and the little that is put straight.

use std::ops::Deref;

use jiff::civil::Date;

use crate::model::{PartialDate, country};
use crate::screening::SubjectIdentifier;
use crate::screening::subject::{MAX_ALIASES, MAX_NAME_CHARS};

use super::fault::{CaseFault, CaseFaults};
use super::given::{
    Affiliation, BoardMember, Candidate, Case, Company, Contact, Country, Funding, Hire, OwnCompany, Partner,
    Scholarship, Work,
};
use super::period::{first_day, last_day};

/// Longest free text beside names, in characters.
const MAX_TEXT_CHARS: usize = 20_000;
/// Longest department, city, role or relation, in characters. With an institution at its longest they
/// still make an affiliation that can be screened.
const MAX_WORDS_CHARS: usize = 400;
/// Longest institution, in characters; see [`MAX_WORDS_CHARS`].
const MAX_INSTITUTION_CHARS: usize = MAX_NAME_CHARS - 2 * MAX_WORDS_CHARS - 10;
/// Most entries of one list of a case. A long CV has some tens.
const MAX_ENTRIES: usize = 500;
/// Longest reference of the caller's, in bytes, as for requests.
const MAX_ID_BYTES: usize = 128;
/// How far shares may add up beyond the whole, for rounding.
const SHARE_ROUNDING: f64 = 0.5;

/// A case that can be screened: checked, texts trimmed, countries as ISO codes, `case_id` given.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedCase(Case);

impl Deref for CheckedCase {
    type Target = Case;

    fn deref(&self) -> &Case {
        &self.0
    }
}

impl CheckedCase {
    /// The case itself.
    pub fn into_inner(self) -> Case {
        self.0
    }
}

impl Case {
    /// Checks the case. `today` is the day that dates are held against.
    ///
    /// # Errors
    /// Everything that is wrong, by path.
    pub fn checked(mut self, today: Date) -> Result<CheckedCase, CaseFaults> {
        let mut check = Check { today, path: String::new(), faults: Vec::new() };
        self.case_id = self.case_id.trim().to_owned();
        if self.case_id.len() > MAX_ID_BYTES {
            check.fault_at("case_id", format!("is longer than {MAX_ID_BYTES} bytes; shorten it"));
        } else if self.case_id.contains(char::is_control) {
            check.fault_at("case_id", "has a line end or another control character; leave it out");
        }
        match (&self.hire, &self.partner) {
            (None, None) => check.fault("has neither a hire nor a partner; give one of the two"),
            (Some(_), Some(_)) => {
                check.fault("has both a hire and a partner; make them two cases");
            }
            _ => {}
        }
        if let Some(hire) = &mut self.hire {
            check.within("hire", |c| c.hire(hire));
        }
        if let Some(partner) = &mut self.partner {
            check.within("partner", |c| c.partner(partner));
        }
        if !check.faults.is_empty() {
            return Err(CaseFaults(check.faults));
        }
        if self.case_id.is_empty() {
            self.case_id = self.made_up_id();
        }
        Ok(CheckedCase(self))
    }

    /// A reference from the content: the same case always gets the same.
    fn made_up_id(&self) -> String {
        // Nothing in a case can fail to serialise; if it did, the id would still be an id.
        let content = serde_json::to_vec(self).unwrap_or_default();
        format!("case-{}", &blake3::hash(&content).to_hex()[..16])
    }
}

/// Goes through a case and notes what is wrong.
struct Check {
    today: Date,
    path: String,
    faults: Vec<CaseFault>,
}

impl Check {
    fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(CaseFault::new(self.path.clone(), what));
    }

    fn fault_at(&mut self, field: &str, what: impl Into<String>) {
        self.within(field, |c| c.fault(what));
    }

    /// Does something one step further in.
    fn within(&mut self, field: &str, each: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(field);
        each(self);
        self.path.truncate(length);
    }

    /// Does something with every entry of a list.
    fn each<T>(&mut self, field: &str, items: &mut [T], each: impl Fn(&mut Self, &mut T)) {
        self.within(field, |c| {
            if items.len() > MAX_ENTRIES {
                return c.fault(format!("has more than {MAX_ENTRIES} entries; give fewer"));
            }
            let length = c.path.len();
            for (i, item) in items.iter_mut().enumerate() {
                c.path.push_str(&format!("[{i}]"));
                each(c, item);
                c.path.truncate(length);
            }
        });
    }

    fn hire(&mut self, hire: &mut Hire) {
        let Hire {
            candidate,
            appointment: _,
            home_university,
            supervisors,
            duration_months,
            contacts,
            affiliations,
            funders,
            scholarship,
            work,
        } = hire;
        self.within("candidate", |c| c.candidate(candidate));
        if let Some(home) = home_university {
            self.within("home_university", |c| c.company(home));
        }
        self.each("supervisors", supervisors, Self::contact);
        if duration_months.is_some_and(|m| !(1..=600).contains(&m)) {
            self.fault_at("duration_months", "lies outside 1 to 600; give the length in months");
        }
        self.each("contacts", contacts, Self::contact);
        self.each("affiliations", affiliations, Self::affiliation);
        self.each("funders", funders, Self::funding);
        if let Some(scholarship) = scholarship {
            self.within("scholarship", |c| c.scholarship(scholarship));
        }
        self.within("work", |c| c.work(work));
    }

    fn partner(&mut self, partner: &mut Partner) {
        let Partner { organisation, group, owners, board, contacts, funders, work } = partner;
        self.within("organisation", |c| c.company(organisation));
        self.each("group", group, Self::own_company);
        self.each("owners", owners, Self::own_company);
        let all: f64 = owners.iter().filter_map(|o| o.share).filter(|s| s.is_finite()).sum();
        if all > 100.0 + SHARE_ROUNDING {
            self.fault_at("owners", "have shares that add up to more than 100 per cent; give direct shares");
        }
        self.each("board", board, Self::board_member);
        self.each("contacts", contacts, Self::contact);
        self.each("funders", funders, Self::funding);
        self.within("work", |c| c.work(work));
    }

    fn candidate(&mut self, candidate: &mut Candidate) {
        let Candidate { names, birth_date, birth_place, nationalities, identifiers } = candidate;
        self.names("names", names);
        self.birth_date(*birth_date);
        self.text("birth_place", birth_place, MAX_WORDS_CHARS);
        self.each("nationalities", nationalities, Self::country);
        self.each("identifiers", identifiers, Self::identifier);
    }

    fn contact(&mut self, contact: &mut Contact) {
        let Contact { name, aliases, birth_date, role, institution, country } = contact;
        self.name("name", name);
        self.aliases(aliases);
        self.birth_date(*birth_date);
        self.text("role", role, MAX_WORDS_CHARS);
        self.text("institution", institution, MAX_INSTITUTION_CHARS);
        self.within("country", |c| c.country_or_none(country));
    }

    fn affiliation(&mut self, affiliation: &mut Affiliation) {
        let Affiliation { institution, department, city, country, role, kind: _, start, end } = affiliation;
        self.needed("institution", institution, "the institution", MAX_INSTITUTION_CHARS);
        self.text("department", department, MAX_WORDS_CHARS);
        self.text("city", city, MAX_WORDS_CHARS);
        self.within("country", |c| c.country_or_none(country));
        self.text("role", role, MAX_WORDS_CHARS);
        self.order("end", *start, *end);
    }

    fn funding(&mut self, funding: &mut Funding) {
        let Funding { name, country, conditions } = funding;
        self.name("name", name);
        self.within("country", |c| c.country_or_none(country));
        self.text("conditions", conditions, MAX_TEXT_CHARS);
    }

    fn scholarship(&mut self, scholarship: &mut Scholarship) {
        self.name("programme", &mut scholarship.programme);
        self.within("country", |c| c.country_or_none(&mut scholarship.country));
        self.text("conditions", &mut scholarship.conditions, MAX_TEXT_CHARS);
    }

    fn work(&mut self, work: &mut Work) {
        self.text("field", &mut work.field, MAX_TEXT_CHARS);
        self.each("keywords", &mut work.keywords, |c, word| c.trimmed(word, MAX_WORDS_CHARS));
        self.text("faculty", &mut work.faculty, MAX_WORDS_CHARS);
        self.text("data", &mut work.data, MAX_TEXT_CHARS);
    }

    fn company(&mut self, company: &mut Company) {
        let Company { names, country, address, identifiers } = company;
        self.names("names", names);
        self.within("country", |c| c.country_or_none(country));
        self.text("address", address, MAX_WORDS_CHARS);
        self.each("identifiers", identifiers, Self::identifier);
    }

    fn own_company(&mut self, company: &mut OwnCompany) {
        let OwnCompany { name, aliases, person, birth_date, country, relation, share } = company;
        self.name("name", name);
        self.aliases(aliases);
        self.birth_date(*birth_date);
        if birth_date.is_some() && !*person {
            self.fault_at("birth_date", "belongs to a person only; add person: true, or leave it out");
        }
        self.within("country", |c| c.country_or_none(country));
        self.text("relation", relation, MAX_WORDS_CHARS);
        if share.is_some_and(|s| !(0.0..=100.0).contains(&s)) {
            self.fault_at("share", "lies outside 0 to 100; give it in per cent");
        }
    }

    fn board_member(&mut self, member: &mut BoardMember) {
        let BoardMember { name, aliases, role, birth_date, since, until } = member;
        self.name("name", name);
        self.aliases(aliases);
        self.text("role", role, MAX_WORDS_CHARS);
        self.birth_date(*birth_date);
        self.order("until", *since, *until);
    }

    fn identifier(&mut self, identifier: &mut SubjectIdentifier) {
        self.text("kind", &mut identifier.kind, MAX_WORDS_CHARS);
        self.needed("number", &mut identifier.number, "the number", MAX_WORDS_CHARS);
    }

    fn names(&mut self, field: &str, names: &mut [String]) {
        if names.is_empty() {
            self.fault_at(field, "are missing; give at least one name");
        }
        self.spellings(field, names);
    }

    fn aliases(&mut self, aliases: &mut [String]) {
        self.spellings("aliases", aliases);
    }

    fn spellings(&mut self, field: &str, names: &mut [String]) {
        if names.len() > MAX_ALIASES {
            return self.fault_at(field, format!("are more than {MAX_ALIASES}; give fewer"));
        }
        self.each(field, names, Self::one_name);
    }

    fn name(&mut self, field: &str, name: &mut String) {
        self.within(field, |c| c.one_name(name));
    }

    fn one_name(&mut self, name: &mut String) {
        self.trimmed(name, MAX_NAME_CHARS);
        if name.is_empty() {
            self.fault("is empty; give the name, or leave the entry out");
        } else if !name.contains(char::is_alphanumeric) {
            self.fault("has no letter; give the name, or leave the entry out");
        }
    }

    fn needed(&mut self, field: &str, text: &mut String, what: &str, most: usize) {
        self.text(field, text, most);
        if !text.contains(char::is_alphanumeric) {
            self.fault_at(field, format!("is empty; give {what}, or leave the entry out"));
        }
    }

    fn text(&mut self, field: &str, text: &mut String, most: usize) {
        self.within(field, |c| c.trimmed(text, most));
    }

    fn trimmed(&mut self, text: &mut String, most: usize) {
        if text.trim().len() < text.len() {
            *text = text.trim().to_owned();
        }
        if text.len() > most && text.chars().count() > most {
            self.fault(format!("is longer than {most} characters; shorten it"));
        }
    }

    fn country_or_none(&mut self, country: &mut Country) {
        if !country.trim().is_empty() {
            self.country(country);
        }
    }

    fn country(&mut self, country: &mut Country) {
        match country::code(country) {
            Some(code) => code.clone_into(country),
            None => self.fault(
                "is no country known here; write its two letters, such as IR, or its usual English or Dutch \
                 name",
            ),
        }
    }

    fn birth_date(&mut self, date: Option<PartialDate>) {
        if date.is_some_and(|d| first_day(d) > self.today) {
            self.fault_at("birth_date", "lies in the future; look at the year");
        }
    }

    /// Checks that one date does not lie before another; `field` is the later one's.
    fn order(&mut self, field: &str, from: Option<PartialDate>, to: Option<PartialDate>) {
        if let (Some(from), Some(to)) = (from, to)
            && last_day(to) < first_day(from)
        {
            self.fault_at(field, "lies before the beginning; exchange the two, or correct one");
        }
    }
}
