//! The report's own words, in both languages.

use super::Language;
use crate::matching::{AlignmentKind, Evidence, EvidenceKind, Verdict};
use crate::model::RiskRating;
use crate::screening::Strength;
use crate::screening::case::{
    Appointment, CaseSubject, Certainty, Finding, FindingKind, Grade, Outcome, Period, Role, Tie, Trace,
};

/// What a question came to: a sign that does without colour, and words.
pub fn outcome(l: Language, outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::ClearOnLists => ("○", l.pick("nothing on the lists named", "niets op de genoemde lijsten")),
        Outcome::QuestionForPerson => ("?", l.pick("question for a person", "vraag aan een mens")),
        Outcome::NotChecked => ("–", l.pick("not checked", "niet getoetst")),
        Outcome::StandingAdvice => ("!", l.pick("standing advice", "vast advies")),
        Outcome::ToBeReviewed => ("▲", l.pick("to be reviewed", "te beoordelen")),
    }
}

/// The same, as a class of the style sheet.
pub fn outcome_class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::ClearOnLists => "clear",
        Outcome::QuestionForPerson => "ask",
        Outcome::NotChecked => "gap",
        Outcome::StandingAdvice => "advice",
        Outcome::ToBeReviewed => "review",
    }
}

/// How heavy advice is.
pub fn grade(l: Language, grade: Grade) -> &'static str {
    match grade {
        Grade::Note => l.pick("note", "ter kennisneming"),
        Grade::Conditions => l.pick("under conditions", "onder voorwaarden"),
        Grade::CaseByCase => l.pick("case by case", "per geval te bezien"),
        Grade::Undesirable => l.pick("undesirable", "ongewenst"),
        Grade::NotAllowedInPrinciple => l.pick("in principle not allowed", "in principe niet toegestaan"),
        Grade::LegalBar => l.pick("legal bar, if the match is true", "wettelijk verbod, als de match klopt"),
    }
}

/// How sure a finding is.
pub fn certainty(l: Language, certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::SetAside => l.pick("set aside by other evidence", "op andere gegevens terzijde gelegd"),
        Certainty::Possible => l.pick("possible", "mogelijk"),
        Certainty::Likely => l.pick("likely", "waarschijnlijk"),
    }
}

/// How strong a hit is.
pub fn strength(l: Language, strength: Strength) -> &'static str {
    match strength {
        Strength::Weak => l.pick("weak", "zwak"),
        Strength::Possible => l.pick("possible", "mogelijk"),
        Strength::Strong => l.pick("strong", "sterk"),
        Strength::Exact => l.pick("exact", "gelijk"),
    }
}

/// The part that somebody or something plays.
pub fn role(l: Language, role: Role) -> &'static str {
    match role {
        Role::Candidate => l.pick("candidate", "kandidaat"),
        Role::Contact => l.pick("contact", "contactpersoon"),
        Role::Supervisor => l.pick("supervisor", "begeleider"),
        Role::Affiliation => l.pick("institution on the CV", "instelling op het cv"),
        Role::HomeUniversity => l.pick("home university", "thuisuniversiteit"),
        Role::Funder => l.pick("funder", "financier"),
        Role::Scholarship => l.pick("scholarship programme", "beurzenprogramma"),
        Role::Partner => l.pick("partner organisation", "partnerorganisatie"),
        Role::GroupCompany => l.pick("company of the group", "bedrijf uit het concern"),
        Role::Owner => l.pick("owner", "eigenaar"),
        Role::BoardMember => l.pick("member of the board", "bestuurslid"),
    }
}

/// The kind of appointment.
pub fn appointment(l: Language, appointment: Appointment) -> &'static str {
    match appointment {
        Appointment::Employee => l.pick("employee", "medewerker"),
        Appointment::ExternalDoctoralCandidate => l.pick("external doctoral candidate", "buitenpromovendus"),
        Appointment::Guest => l.pick("guest", "gast"),
    }
}

/// When a tie held, with its dates.
pub fn period(l: Language, subject: &CaseSubject) -> String {
    let word = match subject.period {
        Period::Current => l.pick("current", "nu"),
        Period::Past => l.pick("past", "voorbij"),
        Period::Unknown => l.pick("period unknown", "periode onbekend"),
    };
    let date = |d: &Option<crate::model::PartialDate>| d.map(|d| d.to_string());
    match (date(&subject.start), date(&subject.end)) {
        (Some(start), Some(end)) => format!("{word}, {start} – {end}"),
        (Some(start), None) => format!("{word}, {} {start}", l.pick("since", "sinds")),
        (None, Some(end)) => format!("{word}, {} {end}", l.pick("until", "tot")),
        (None, None) => word.to_owned(),
    }
}

/// The tracker's rating.
pub fn rating(l: Language, rating: Option<RiskRating>) -> &'static str {
    match rating {
        Some(RiskRating::Low) => l.pick("low", "laag (low)"),
        Some(RiskRating::Medium) => l.pick("medium", "middel (medium)"),
        Some(RiskRating::High) => l.pick("high", "hoog (high)"),
        Some(RiskRating::VeryHigh) => l.pick("very high", "zeer hoog (very high)"),
        None => l.pick("unknown: see the tracker's page", "onbekend: zie de pagina van de tracker"),
    }
}

/// Whether a piece of evidence agrees: a sign and a word.
pub fn verdict(l: Language, verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Agrees => ("=", l.pick("agrees", "klopt")),
        Verdict::Close => ("≈", l.pick("nearly agrees", "klopt bijna")),
        Verdict::Conflicts => ("≠", l.pick("conflicts", "strijdt")),
        Verdict::Unknown => ("?", l.pick("unknown", "onbekend")),
    }
}

/// What a piece of evidence is about.
pub fn evidence(l: Language, kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Name => l.pick("words of the name", "woorden van de naam"),
        EvidenceKind::WholeName => l.pick("name as a whole", "naam als geheel"),
        EvidenceKind::OtherName => l.pick("another of its names", "een andere naam"),
        EvidenceKind::BirthDate => l.pick("birth date", "geboortedatum"),
        EvidenceKind::BirthPlace => l.pick("birth place", "geboorteplaats"),
        EvidenceKind::Gender => l.pick("gender", "geslacht"),
        EvidenceKind::Identifier => l.pick("document or number", "document of nummer"),
        EvidenceKind::Country => l.pick("country", "land"),
        EvidenceKind::Address => l.pick("address", "adres"),
    }
}

/// How two words stand to each other: a sign and a word.
pub fn alignment(l: Language, kind: AlignmentKind) -> (&'static str, &'static str) {
    match kind {
        AlignmentKind::Same => ("=", l.pick("same", "gelijk")),
        AlignmentKind::Spelling => ("≈", l.pick("other spelling", "andere spelling")),
        AlignmentKind::Script => ("≈", l.pick("other script", "ander schrift")),
        AlignmentKind::Nickname => ("≈", l.pick("form of the name", "vorm van de naam")),
        AlignmentKind::Initial => ("≈", l.pick("initial", "voorletter")),
        AlignmentKind::Joined => ("≈", l.pick("divided otherwise", "anders verdeeld")),
        AlignmentKind::QueryOnly => ("·", l.pick("only in the case", "alleen in de opgave")),
        AlignmentKind::ListedOnly => ("·", l.pick("only on the list", "alleen op de lijst")),
        AlignmentKind::Conflict => ("≠", l.pick("contradicts", "spreekt tegen")),
        AlignmentKind::Ignored => ("·", l.pick("says little", "zegt weinig")),
    }
}

/// What the two sides say. The matcher writes English; dates, years and country codes are taken over into
/// Dutch, and where there is nothing to take over the verdict says it all.
pub fn sides(l: Language, evidence: &Evidence) -> String {
    if l == Language::En {
        return evidence.text.clone();
    }
    let given_and_listed = evidence
        .text
        .split_once(": given ")
        .or_else(|| evidence.text.split_once("): given "))
        .and_then(|(_, rest)| rest.split_once(", listed "));
    let Some((given, listed)) = given_and_listed else {
        return String::new();
    };
    let dutch = |text: &str| {
        [
            ("not given", "niet bekend"),
            ("not listed", "niet vermeld"),
            ("unknown", "onbekend"),
            ("none", "geen"),
            ("about ", "omstreeks "),
            (" to ", " tot "),
            (" or later", " of later"),
            (" or earlier", " of eerder"),
        ]
        .iter()
        .fold(text.to_owned(), |text, (en, nl)| text.replace(en, nl))
    };
    let remark = match evidence.kind {
        EvidenceKind::Country if evidence.bits == 0.0 => " (alleen getoond, telt bij personen nooit mee)",
        _ => "",
    };
    format!("opgegeven {}, vermeld {}{remark}", dutch(given), dutch(listed))
}

/// What a finding says, in half a sentence between the subject and the listed name.
pub fn finding(l: Language, finding: &Finding) -> &'static str {
    match (&finding.what, finding.certainty) {
        (_, Certainty::SetAside) => {
            l.pick("has the name of, and is most likely not,", "heet als, en is zeer waarschijnlijk niet,")
        }
        (FindingKind::Listed, _) => l.pick("may be", "is mogelijk"),
        (FindingKind::Tied { .. }, _) => l.pick("is tied to", "heeft een band met"),
        (FindingKind::Ownership { .. }, _) => {
            l.pick("is owned by listed owners", "is in handen van vermelde eigenaren")
        }
    }
}

/// One step of a trace.
pub fn tie(l: Language, tie: Tie) -> &'static str {
    match tie {
        Tie::PartOf => l.pick("is part of", "is onderdeel van"),
        Tie::SupervisedBy => l.pick("is supervised by", "valt onder"),
        Tie::ParentOf => l.pick("is the parent of", "is de moeder van"),
        Tie::BoardOf => l.pick("has on its board", "heeft in het bestuur"),
        Tie::GroupOf => l.pick("has in its group", "heeft in het concern"),
        Tie::OwnerOf => l.pick("is owned by", "is in handen van"),
        Tie::Related => l.pick("is related to", "is verwant aan"),
    }
}

/// What is known of a step: role, since, until, share, and who says so.
pub fn tie_details(l: Language, step: &Trace) -> String {
    let mut parts = Vec::new();
    if !step.detail.is_empty() {
        parts.push(step.detail.clone());
    }
    if let Some(since) = step.since {
        parts.push(format!("{} {since}", l.pick("since", "sinds")));
    }
    if let Some(until) = step.until {
        parts.push(format!("{} {until}", l.pick("until", "tot")));
    }
    if let Some(share) = step.share {
        parts.push(format!("{share} %"));
    }
    parts.push(format!("{} {}", l.pick("source:", "bron:"), step.source));
    parts.join(", ")
}

/// So many days; without a readable date nobody knows.
pub fn days(l: Language, days: i64) -> String {
    match days {
        1 => l.pick("1 day", "1 dag").to_owned(),
        // A list without any readable date is older than anything.
        36_501.. => l.pick("age unknown", "ouderdom onbekend").to_owned(),
        n => format!("{n} {}", l.pick("days", "dagen")),
    }
}
