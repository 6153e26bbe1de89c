//! What the engine itself says, in English and Dutch. A policy's own words stand in its profile.

use super::condition::Fact;
use crate::screening::case::Text;

fn text(en: impl Into<String>, nl: impl Into<String>) -> Text {
    Text { en: en.into(), nl: nl.into() }
}

/// Texts one after the other, parted by a space.
pub fn joined(texts: &[Text]) -> Text {
    let of = |pick: fn(&Text) -> &String| {
        texts.iter().map(pick).filter(|t| !t.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    };
    text(of(|t| &t.en), of(|t| &t.nl))
}

/// Names in a row: `a, b and c`.
pub fn row(names: &[Text]) -> Text {
    let of = |pick: fn(&Text) -> &String, and: &str| match names {
        [] => String::new(),
        [one] => pick(one).clone(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|n| pick(n).as_str()).collect();
            format!("{} {and} {}", first.join(", "), pick(last))
        }
    };
    text(of(|t| &t.en, "and"), of(|t| &t.nl, "en"))
}

/// The policy needs countries that the operator has not supplied.
pub fn supply_countries(title: &Text) -> Text {
    text(
        format!(
            "No countries have been supplied for \"{}\": whether this rule applies cannot be said. The operator adds them to the policy; until then a person must judge.",
            title.en
        ),
        format!(
            "Voor \"{}\" zijn geen landen opgegeven: of deze regel geldt, is niet te zeggen. De beheerder voegt ze toe aan het beleid; tot die tijd moet een mens dit beoordelen.",
            title.nl
        ),
    )
}

/// The policy needs a table of democracy scores.
pub fn supply_democracy() -> Text {
    text(
        "No democracy scores have been supplied: look up the country's score, or have the operator add the table.",
        "Er zijn geen democratiescores opgegeven: zoek de score van het land op, of laat de beheerder de tabel toevoegen.",
    )
}

/// The table of democracy scores lacks a country.
pub fn democracy_lacks(country: &str) -> Text {
    text(
        format!("The table of democracy scores has none for {country}: look it up."),
        format!("De tabel met democratiescores heeft er geen voor {country}: zoek deze op."),
    )
}

/// In which country does this sit?
pub fn ask_country(name: &str) -> Text {
    text(format!("In which country is {name}?"), format!("In welk land is {name} gevestigd?"))
}

/// How long is the appointment?
pub fn ask_duration() -> Text {
    text("How many months does the appointment last?", "Hoeveel maanden duurt de aanstelling?")
}

/// Which scholarship is it?
pub fn ask_programme() -> Text {
    text("Which scholarship programme is it?", "Welk beurzenprogramma is het?")
}

/// How many supervisors from here?
pub fn ask_supervisors() -> Text {
    text(
        "How many supervisors entitled to confer the doctorate does this university provide?",
        "Hoeveel promotoren levert deze universiteit?",
    )
}

/// Does the work belong to a set of fields?
pub fn ask_field(title: &Text, topics: &[Text], empty: bool) -> Text {
    let topics_row = row(topics);
    if !topics.is_empty() {
        return text(
            format!(
                "The case says that the work is outside \"{}\", yet its words name {}. Which is it?",
                title.en, topics_row.en
            ),
            format!(
                "Volgens de opgave valt het werk buiten \"{}\", maar de woorden noemen {}. Wat klopt?",
                title.nl, topics_row.nl
            ),
        );
    }
    if empty {
        return text(
            format!("What is the field of work, and does it belong to \"{}\"?", title.en),
            format!("Wat is het vakgebied, en valt het onder \"{}\"?", title.nl),
        );
    }
    text(
        format!(
            "No word of the description names a topic of \"{}\". Does the work belong to it all the same?",
            title.en
        ),
        format!(
            "Geen woord van de omschrijving noemt een onderwerp van \"{}\". Valt het werk er toch onder?",
            title.nl
        ),
    )
}

/// A yes-or-no fact, as a question.
pub fn ask_fact(fact: Fact) -> Text {
    match fact {
        Fact::SelectedHere => text(
            "Did this university select the scholarship holder itself?",
            "Heeft deze universiteit de bursaal zelf geselecteerd?",
        ),
        Fact::OwnTopic => {
            text("Is the topic this university's own?", "Is het een onderwerp van deze universiteit zelf?")
        }
        Fact::DoctorateHere => text(
            "Will the doctorate be conferred by this university?",
            "Vindt de promotie aan deze universiteit plaats?",
        ),
        Fact::SupervisedFromHome => text(
            "Does somebody at the home university supervise too?",
            "Begeleidt ook iemand van de thuisuniversiteit?",
        ),
        Fact::Reciprocal => text("Is the exchange reciprocal?", "Is de uitwisseling wederkerig?"),
        Fact::SensitiveData => text(
            "Are personal data or other sensitive data used or gathered?",
            "Worden persoonsgegevens of andere gevoelige gegevens gebruikt of verzameld?",
        ),
        Fact::DataManagementPlan => text("Is there a data-management plan?", "Is er een datamanagementplan?"),
        Fact::PastAgreement => text(
            "Does an agreement from the past cover this work?",
            "Valt dit werk onder een overeenkomst uit het verleden?",
        ),
        Fact::SensitiveTechnology => text(
            "Is the field one of the sensitive technologies?",
            "Is het vakgebied een sensitieve technologie?",
        ),
        Fact::DualUse => text(
            "Does the work fall under dual-use or export rules?",
            "Valt het werk onder dual-use- of exportregels?",
        ),
        Fact::EnhancedSupervision => text(
            "Is the field under enhanced government supervision?",
            "Staat het vakgebied onder verscherpt toezicht van de overheid?",
        ),
    }
}

/// What was looked up on which lists, and how that ended.
pub fn checked(names: usize, lists: &Text, open: usize, set_aside: usize) -> Text {
    let (s, nl) = if names == 1 { ("name", "naam") } else { ("names", "namen") };
    let mut parts = vec![match open {
        0 => text(
            format!("{names} {s} looked up on {}: nothing found.", lists.en),
            format!("{names} {nl} opgezocht in {}: niets gevonden.", lists.nl),
        ),
        1 => text(
            format!("{names} {s} looked up on {}: 1 finding.", lists.en),
            format!("{names} {nl} opgezocht in {}: 1 bevinding.", lists.nl),
        ),
        n => text(
            format!("{names} {s} looked up on {}: {n} findings.", lists.en),
            format!("{names} {nl} opgezocht in {}: {n} bevindingen.", lists.nl),
        ),
    }];
    match set_aside {
        0 => {}
        1 => parts.push(text(
            "1 listed name is the same but was set aside by other evidence; it is shown.",
            "1 naam op de lijst is gelijk, maar op andere gegevens terzijde gelegd; die is getoond.",
        )),
        n => parts.push(text(
            format!("{n} listed names are the same but were set aside by other evidence; they are shown."),
            format!("{n} namen op de lijst zijn gelijk, maar op andere gegevens terzijde gelegd; die zijn getoond."),
        )),
    }
    joined(&parts)
}

/// A list with the date it stands at.
pub fn list_as_of(title: &Text, as_of: &str) -> Text {
    let date = as_of.get(..10).unwrap_or(as_of);
    if date.is_empty() {
        return text(format!("{} (undated)", title.en), format!("{} (zonder datum)", title.nl));
    }
    text(format!("{} (as of {date})", title.en), format!("{} (stand {date})", title.nl))
}

/// The bundled lists protect nobody.
pub fn demonstration() -> Text {
    text(
        "These are demonstration lists, which protect nobody.",
        "Dit zijn demonstratielijsten; die beschermen niemand.",
    )
}

/// A list that is needed and not loaded.
pub fn missing(title: &Text) -> Text {
    text(
        format!("Not checked on {}: the list is not loaded.", title.en),
        format!("Niet getoetst aan {}: de lijst is niet geladen.", title.nl),
    )
}

/// A list that is too old.
pub fn stale(title: &Text, age_days: i64, max_age_days: i64) -> Text {
    if age_days > 36_500 {
        return text(
            format!(
                "{} has no readable date and cannot be relied upon (at most {max_age_days} days allowed).",
                title.en
            ),
            format!(
                "{} heeft geen leesbare datum; daarop kan niet worden vertrouwd (hoogstens {max_age_days} dagen toegestaan).",
                title.nl
            ),
        );
    }
    text(
        format!(
            "{} is {age_days} days old, more than the {max_age_days} allowed, and cannot be relied upon: import it anew and screen again.",
            title.en
        ),
        format!(
            "{} is {age_days} dagen oud, meer dan de toegestane {max_age_days}; daarop kan niet worden vertrouwd: importeer de lijst opnieuw en toets nog eens.",
            title.nl
        ),
    )
}

/// A list that would have been used and is not loaded.
pub fn not_loaded(lists: &Text) -> Text {
    text(
        format!("Not loaded, so not used: {}.", lists.en),
        format!("Niet geladen en dus niet gebruikt: {}.", lists.nl),
    )
}

/// Nobody in the case whom the question is about.
pub fn nobody_to_check() -> Text {
    text(
        "The case names nobody and nothing that could be looked up for this question: complete it, or let a person answer.",
        "De opgave noemt niemand en niets wat voor deze vraag kan worden opgezocht: vul haar aan of laat een mens antwoorden.",
    )
}

/// Lists cannot answer it.
pub fn for_a_person() -> Text {
    text("Lists do not answer this; a person must.", "Lijsten beantwoorden dit niet; dat moet een mens doen.")
}

/// Standing advice applies.
pub fn advice(n: usize) -> Text {
    if n == 1 {
        return text("1 point of standing advice applies.", "Er geldt 1 vast advies.");
    }
    text(format!("{n} points of standing advice apply."), format!("Er gelden {n} vaste adviezen."))
}

/// Facts are missing.
pub fn open_facts(n: usize) -> Text {
    if n == 1 {
        return text("1 point is open.", "Er staat 1 punt open.");
    }
    text(format!("{n} points are open."), format!("Er staan {n} punten open."))
}

/// Advice that was weighed lighter because it rests on the past.
pub fn past_only() -> Text {
    text(
        "(It rests on past ties only and is weighed lighter.)",
        "(Dit rust alleen op banden uit het verleden en weegt lichter.)",
    )
}

/// Topics that the words of the work name.
pub fn recognised(topics: &[Text]) -> Text {
    let row = row(topics);
    text(
        format!("Recognised in the description: {}.", row.en),
        format!("Herkend in de omschrijving: {}.", row.nl),
    )
}

/// Who decides.
pub fn who_decides(deciders: &[Text]) -> Text {
    let row = row(deciders);
    text(format!("Asked in this order: {}.", row.en), format!("Te raadplegen in deze volgorde: {}.", row.nl))
}

/// One alone decides.
pub fn decides(decider: &Text) -> Text {
    text(format!("Decision: {}.", decider.en), format!("Besluit: {}.", decider.nl))
}

/// Two people must agree.
pub fn four_eyes() -> Text {
    text(
        "A second person must agree with the decision.",
        "Een tweede persoon moet met het besluit instemmen.",
    )
}

/// Some lists could not be relied upon.
pub fn gaps() -> Text {
    text(
        "Not every list could be relied upon; what that leaves unchecked is named below.",
        "Niet op elke lijst kon worden vertrouwd; wat daardoor niet getoetst is, staat hieronder.",
    )
}

/// Heading, text and reason of the question under which findings stand that no other question asks for.
pub fn other_findings() -> [Text; 3] {
    [
        text("Other findings", "Overige bevindingen"),
        text(
            "Findings that none of the policy's questions asks for.",
            "Bevindingen waar geen vraag van het beleid over gaat.",
        ),
        text("Nothing that was found may vanish.", "Niets wat gevonden is, mag verdwijnen."),
    ]
}

/// A fact that would settle a finding, by the name that the matcher gives it; `None` for one it does not name.
pub fn ask_settling(fact: &str, of: &str) -> Option<(&'static str, Text)> {
    let found = match fact {
        "birth date" => {
            ("birth_date", text(format!("The birth date of {of}."), format!("De geboortedatum van {of}.")))
        }
        "full birth date" => (
            "birth_date",
            text(format!("The full birth date of {of}."), format!("De volledige geboortedatum van {of}.")),
        ),
        "full name" => (
            "names",
            text(
                format!("The full name of {of}, as the passport has it."),
                format!("De volledige naam van {of}, zoals in het paspoort."),
            ),
        ),
        "name in its native script" => (
            "names",
            text(
                format!("The name of {of} in its native script."),
                format!("De naam van {of} in het eigen schrift."),
            ),
        ),
        "birth place" => {
            ("birth_place", text(format!("The birth place of {of}."), format!("De geboorteplaats van {of}.")))
        }
        "document number" => (
            "identifiers",
            text(
                format!("The number of an identity document or registration of {of}."),
                format!("Het nummer van een identiteitsdocument of registratie van {of}."),
            ),
        ),
        "country of the institution" => {
            ("country", text(format!("The country of {of}."), format!("Het land van {of}.")))
        }
        _ => return None,
    };
    Some(found)
}

/// A fact that the matcher names in words of its own.
pub fn ask_named(fact: &str, of: &str) -> Text {
    text(format!("{of}: {fact}."), format!("{of}: {fact}."))
}

/// When did the tie hold?
pub fn ask_period(of: &str) -> Text {
    text(
        format!("From when to when did the tie with {of} last, and does it still hold?"),
        format!("Van wanneer tot wanneer duurde de band met {of}, en bestaat die nog?"),
    )
}
