//! Every text of the page, in English and Dutch: one line each, so that neither can be forgotten.
//!
//! What the report says of hits and findings too (`report::words`) is said in its words.

use crate::report::Language;
use crate::service::Reason;

use super::view::Place;

macro_rules! words {
    ($($name:ident: $en:literal, $nl:literal;)*) => {
        $(pub(super) fn $name(l: Language) -> &'static str {
            match l { Language::En => $en, Language::Nl => $nl }
        })*
    };
}

words! {
    // The frame.
    skip_to_content: "Skip to content", "Naar de inhoud";
    home_of_zeef: "zeef, to the start page", "zeef, naar de startpagina";
    navigation: "Main", "Hoofdmenu";
    back_to_start: "To the start page", "Naar de startpagina";
    people_decide: "People decide.", "Mensen beslissen.";
    people_decide_more:
        "Zeef lays out what the lists say, and why. It never approves or rejects anybody.",
        "Zeef zet op een rij wat de lijsten zeggen, en waarom. Het keurt nooit iemand goed of af.";
    lists_behind: "Lists:", "Lijsten:";
    start: "Start", "Start";
    lists: "Lists", "Lijsten";

    // Warnings.
    no_lists_title: "No lists are loaded.", "Er zijn geen lijsten geladen.";
    no_lists:
        "Nothing can be screened until somebody imports them.",
        "Er kan niets worden getoetst totdat iemand ze inleest.";
    demo_title: "Demonstration lists.", "Demonstratielijsten.";
    demo:
        "A few dozen real entries to try zeef on. No answer here protects anybody.",
        "Enkele tientallen echte vermeldingen om zeef te proberen. Geen antwoord hier beschermt iemand.";
    missing_title: "Not loaded:", "Niet geladen:";
    missing: "Nothing here says anything about it.", "Niets hier zegt daar iets over.";
    stale_title: "Too old:", "Te oud:";
    stale: "What was listed since then is not found.", "Wat daarna is vermeld, wordt niet gevonden.";
    see_lists: "See the lists", "Bekijk de lijsten";

    // Start.
    start_title: "Look before you hire or collaborate", "Kijk voordat u aanstelt of samenwerkt";
    start_lead:
        "Zeef compares names of people and institutions with public lists, across scripts and spellings, and shows why it found what it found.",
        "Zeef vergelijkt namen van mensen en instellingen met openbare lijsten, in alle schriften en spellingen, en laat zien waarom het iets vond.";

    // Lists.
    lists_title: "Lists and their age", "Lijsten en hun ouderdom";
    lists_lead:
        "Every answer rests on these lists as they stood on these days. What was listed later is not found.",
        "Elk antwoord berust op deze lijsten zoals ze op deze dagen waren. Wat later is vermeld, wordt niet gevonden.";
    list: "List", "Lijst";
    as_of: "As of", "Stand van";
    age: "Age", "Ouderdom";
    persons_heading: "People", "Personen";
    organisations_heading: "Organisations", "Organisaties";
    state: "State", "Toestand";
    demonstration: "demonstration only", "alleen demonstratie";
    too_old: "too old", "te oud";
    fresh: "recent enough", "recent genoeg";
    date_of_import: "date of import", "datum van inlezen";
    edition: "Edition", "Uitgave";
    imported: "Imported", "Ingelezen";
    read_from: "Read from", "Gelezen uit";
    holds: "Holds", "Bevat";
    persons: "people", "personen";
    organisations: "organisations", "organisaties";
    names: "names", "namen";
    seats: "seats", "zetels";
    entries: "entries", "vermeldingen";
    fingerprint: "Fingerprint", "Vingerafdruk";
    names_lent_by: "Other names were added from", "Andere namen zijn toegevoegd uit";
    register_is_no_list:
        "A register, not a list: nobody is found for standing in it.",
        "Een register, geen lijst: niemand wordt gevonden omdat hij erin staat.";
    snapshot: "Snapshot", "Momentopname";
    no_issues: "Everything in it could be read.", "Alles erin kon worden gelezen.";
    issues: "remarks on reading it", "opmerkingen bij het inlezen";
    issues_meaning:
        "What could not be read as it stands, with its place in the file.",
        "Wat niet kon worden gelezen zoals het er staat, met de plaats in het bestand.";
    left_out: "Entry left out.", "Vermelding weggelaten.";
    and_more: "And more:", "En nog meer:";

    // Errors.
    no_answer: "No answer", "Geen antwoord";
    not_found_title: "Not found", "Niet gevonden";
    not_found: "There is no such page.", "Deze pagina bestaat niet.";
}

/// The name of a place in the navigation.
pub(super) fn place(l: Language, place: Place) -> &'static str {
    match place {
        Place::Start | Place::Elsewhere => start(l),
        Place::Lists => lists(l),
    }
}

/// Why there is no answer, and what to do.
pub(super) fn reason(l: Language, reason: Reason) -> &'static str {
    let (en, nl) = match reason {
        Reason::InvalidRequest | Reason::PageTokenInvalid => (
            "The question could not be read. Go back and correct it.",
            "De vraag kon niet worden gelezen. Ga terug en verbeter haar.",
        ),
        Reason::SnapshotChanged => (
            "The lists were renewed meanwhile. Please ask again.",
            "De lijsten zijn intussen vernieuwd. Stel de vraag opnieuw.",
        ),
        Reason::NoSnapshot => (
            "No lists are loaded, so nothing can be said about anybody. Ask whoever runs zeef to import them.",
            "Er zijn geen lijsten geladen, dus er valt over niemand iets te zeggen. Vraag de beheerder ze in te lezen.",
        ),
        Reason::ListNotLoaded => ("That list is not loaded.", "Die lijst is niet geladen."),
        Reason::EntityNotFound => (
            "The list has no such entry. It may have been taken off since.",
            "De lijst heeft zo'n vermelding niet. Misschien is zij er sindsdien af gehaald.",
        ),
        Reason::PolicyNotFound => ("There is no such policy.", "Dat beleid is er niet."),
        Reason::SnapshotNotKept => (
            "That edition of the lists is not kept (any longer).",
            "Die versie van de lijsten wordt niet (meer) bewaard.",
        ),
        Reason::DeadlineExceeded => (
            "It took too long and was given up. Please try again with fewer names.",
            "Het duurde te lang en is afgebroken. Probeer het opnieuw met minder namen.",
        ),
        Reason::Overloaded | Reason::TooManyStreams => (
            "There is too much to do just now. Please try again in a moment.",
            "Het is nu te druk. Probeer het zo meteen opnieuw.",
        ),
        Reason::Draining => (
            "Zeef is being restarted. Please try again in a moment.",
            "Zeef wordt opnieuw gestart. Probeer het zo meteen opnieuw.",
        ),
        _ => (
            "Something went wrong inside zeef. Nothing was screened. Its log says where.",
            "Er ging iets mis in zeef. Er is niets getoetst. Het logboek zegt waar.",
        ),
    };
    match l {
        Language::En => en,
        Language::Nl => nl,
    }
}
