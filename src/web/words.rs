//! Every text of the page, in English and Dutch: one line each, so that neither can be forgotten.
//!
//! What the report says of hits and findings too (`report::words`) is said in its words.

use crate::model::{EntityKind, Gender, RelationKind};
use crate::report::Language;
use crate::review::queue::{Action, FormField, MatchState, Verdict};
use crate::screening::Strength;
use crate::service::Reason;

use super::view::Place;

macro_rules! words {
    ($($name:ident: $en:literal, $nl:literal;)*) => {
        $(pub(in crate::web) fn $name(l: Language) -> &'static str {
            match l { Language::En => $en, Language::Nl => $nl }
        })*
    };
}

mod entry;
mod watch;

pub(super) use entry::*;
pub(super) use watch::*;

words! {
    // The frame.
    skip_to_content: "Skip to content", "Naar de inhoud";
    home_of_zeef: "zeef, to the start page", "zeef, naar de startpagina";
    navigation: "Main", "Hoofdmenu";
    back_to_start: "To the start page", "Naar de startpagina";
    log_in_otherwise: "Log in otherwise", "Anders inloggen";
    log_out: "Log out", "Uitloggen";

    // Logging in.
    login_title: "Log in", "Inloggen";
    login_over_provider: "Log in with the account of your organisation", "Inloggen met het account van uw organisatie";
    login_token: "Token", "Token";
    login_by_token: "Log in with a token", "Inloggen met een token";
    login_tokens_from: "Your operator hands out tokens.", "Tokens krijgt u van de beheerder.";
    login_go_on: "You are logged in: go on", "U bent ingelogd: ga verder";
    login_form_of_another: "The form came from another site.", "Het formulier kwam van een andere site.";
    login_token_unknown:
        "This token is not known here, or has expired.",
        "Dit token is hier niet bekend, of is verlopen.";
    login_no_session: "The session could not be made. Try again.", "De sessie kon niet worden gemaakt. Probeer het opnieuw.";
    login_no_provider:
        "Nobody logs in here with the account of an organisation.",
        "Hier wordt niet ingelogd met het account van een organisatie.";
    login_too_many:
        "Too many people are logging in at this moment. Try again shortly.",
        "Op dit moment loggen te veel mensen in. Probeer het zo dadelijk opnieuw.";
    login_provider_fails:
        "The login service of your organisation does not answer as it should. Try again later; if it goes on, tell whoever runs zeef.",
        "De inlogdienst van uw organisatie antwoordt niet zoals het hoort. Probeer het later opnieuw; meld het de beheerder als het zo blijft.";
    login_provider_refuses:
        "The login service of your organisation did not let you in.",
        "De inlogdienst van uw organisatie heeft u niet toegelaten.";
    login_not_begun_here:
        "This login was not begun in this browser, took too long, or was used already. Begin again.",
        "Dit inloggen is niet in deze browser begonnen, duurde te lang, of is al gebruikt. Begin opnieuw.";
    login_not_believed:
        "What the login service says of you could not be verified. Begin again; if it goes on, tell whoever runs zeef.",
        "Wat de inlogdienst over u zegt, kon niet worden nagegaan. Begin opnieuw; meld het de beheerder als het zo blijft.";
    login_nothing_granted:
        "You are logged in at your organisation, but nothing here is allowed to you. Ask whoever runs zeef.",
        "U bent ingelogd bij uw organisatie, maar hier is u niets toegestaan. Vraag het de beheerder.";
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

    // Navigation and start.
    search: "Search", "Zoeken";
    screen: "Screen", "Toetsen";
    case: "Case", "Dossier";
    compare: "Compare", "Vergelijken";
    tile_screen: "Screen a person or organisation", "Een persoon of organisatie toetsen";
    tile_screen_text:
        "One name with what else you know. You see what was found, how strong it is and what would settle it.",
        "Eén naam met wat u verder weet. U ziet wat er is gevonden, hoe sterk het is en wat uitsluitsel geeft.";
    tile_case: "Screen a whole case", "Een heel dossier toetsen";
    tile_case_text:
        "An appointment or a partnership with everyone in it, read by a policy, with a report to file.",
        "Een aanstelling of samenwerking met iedereen erin, gelezen volgens een beleid, met een rapport.";
    tile_search: "Search the lists", "Zoeken in de lijsten";
    tile_search_text:
        "Look up an entry by words of its names, with everything its list says.",
        "Zoek een vermelding op woorden in haar namen, met alles wat de lijst erover zegt.";
    tile_compare: "Compare two names", "Twee namen vergelijken";
    tile_compare_text:
        "How alike are two names, word for word, without any list?",
        "Hoe gelijk zijn twee namen, woord voor woord, zonder lijst?";

    // Search.
    search_title: "Search the lists", "Zoeken in de lijsten";
    search_lead:
        "For looking entries up. To find out whether somebody is listed, screen the name instead.",
        "Om vermeldingen op te zoeken. Wilt u weten of iemand op een lijst staat, toets dan de naam.";
    search_words: "Words of a name, a remark or a number", "Woorden van een naam, opmerking of nummer";
    search_hint:
        "All words must occur. \"Two words\" in quotes stand beside each other; inst* stands for any ending.",
        "Alle woorden moeten voorkomen. \"Twee woorden\" tussen aanhalingstekens staan naast elkaar; inst* staat voor elk einde.";
    all_lists: "All lists", "Alle lijsten";
    kind: "Kind", "Soort";
    people_and_organisations: "All", "Alle";
    country: "Country", "Land";
    country_example: "RU, Iran", "RU, Iran";
    programme: "Programme", "Programma";
    category: "Category", "Categorie";
    searching: "Searching …", "Bezig met zoeken …";
    search_nothing_asked: "Enter a word or choose a filter.", "Vul een woord in of kies een filter.";
    filter_too_long: "That filter is too long. Please shorten it.", "Dat filter is te lang. Maak het korter.";
    search_too_long:
        "The search is longer than 1,000 characters. Please shorten it.",
        "De zoektekst is langer dan 1.000 tekens. Maak hem korter.";
    country_unknown:
        "Country: write two letters such as IR, or its usual English or Dutch name.",
        "Land: schrijf twee letters zoals IR, of de gewone Nederlandse of Engelse naam.";
    found_nothing: "No entry has these words", "Geen vermelding heeft deze woorden";
    did_you_mean: "Did you mean", "Bedoelde u";
    search_is_no_screening:
        "Search finds words as they are written. Screening also finds other spellings and scripts.",
        "Zoeken vindt woorden zoals ze er staan. Toetsen vindt ook andere spellingen en schriften.";
    screen_instead: "Screen a name", "Toets een naam";
    entries_found: "entries found", "vermeldingen gevonden";
    entry_found: "entry found", "vermelding gevonden";
    pages: "Pages of results", "Pagina's met resultaten";
    first_page: "First page", "Eerste pagina";
    next_page: "Next page", "Volgende pagina";
    also: "Also", "Ook";
    and: "and", "en";
    more: "more", "meer";

    // An entry.
    list_entry: "Entry of a list", "Vermelding op een lijst";
    as_of_lower: "as of", "stand van";
    reference: "Reference", "Kenmerk";
    risk: "Risk", "Risico";
    taken_off: "Taken off the list", "Van de lijst gehaald";
    all_names: "Names", "Namen";
    weak_alias: "weak alias", "zwakke alias";
    former_name: "former name", "vroegere naam";
    acronym: "acronym", "afkorting";
    lent_by: "from", "uit";
    about: "What the list says", "Wat de lijst zegt";
    born: "Born", "Geboren";
    birth_place: "Place of birth", "Geboorteplaats";
    gender: "Gender", "Geslacht";
    citizenship: "Citizenship", "Nationaliteit";
    never_scored: "Shown, and never part of how strong a match is.", "Wordt getoond en telt nooit mee in hoe sterk een overeenkomst is.";
    address: "Address", "Adres";
    function: "Function", "Functie";
    topics: "Fields of work", "Werkterreinen";
    pages_elsewhere: "Elsewhere", "Elders";
    relations: "Relations", "Banden";
    documents: "Documents and numbers", "Documenten en nummers";
    document: "Document", "Document";
    history: "History on the list", "Geschiedenis op de lijst";
    designated: "First listed", "Voor het eerst vermeld";
    un_reference: "UN reference", "VN-kenmerk";
    remarks: "Remarks", "Opmerkingen";
    read_act: "Read it at", "Te lezen op";

    // Screening.
    screen_title: "Screen a person or organisation", "Een persoon of organisatie toetsen";
    screen_lead:
        "Only the name is needed. What you leave out is never held against anybody; a birth date tells people apart best.",
        "Alleen de naam is nodig. Wat u weglaat, werkt nooit in iemands nadeel; een geboortedatum onderscheidt mensen het best.";
    who_is_it: "Who is it?", "Wie is het?";
    a_person: "A person", "Een persoon";
    an_organisation: "An institution or company", "Een instelling of bedrijf";
    name: "Name", "Naam";
    name_hint: "In any script, as on the document", "In elk schrift, zoals op het document";
    other_names: "Other names or spellings", "Andere namen of spellingen";
    other_names_hint: "One a line, such as the name in its own script", "Eén per regel, zoals de naam in het eigen schrift";
    birth_date: "Birth date", "Geboortedatum";
    birth_date_hint: "31-12-1980, 12-1980 or 1980; people only", "31-12-1980, 12-1980 of 1980; alleen personen";
    country_hint: "Of an institution; of a person only shown", "Van een instelling; bij een persoon alleen getoond";
    not_known: "not known", "niet bekend";
    female: "female", "vrouw";
    male: "male", "man";
    documents_hint: "One a line, such as passport: AB123", "Eén per regel, zoals paspoort: AB123";
    address_of_organisation: "Address or city", "Adres of plaats";
    address_hint: "Of an institution", "Van een instelling";
    screen_button: "Screen", "Toetsen";
    screen_hint: "Nothing is decided by this.", "Hiermee wordt niets besloten.";
    name_missing: "Name: please fill it in.", "Naam: vul deze in.";
    date_wrong: "Birth date: write 31-12-1980, 12-1980 or 1980.", "Geboortedatum: schrijf 31-12-1980, 12-1980 of 1980.";
    too_long: "Too long: at most 2,000 characters.", "Te lang: hoogstens 2.000 tekens.";
    too_many: "Too many: please give fewer.", "Te veel: geef er minder op.";
    please_mend: "Please look at this:", "Kijk hier even naar:";
    outcome_title: "What was found", "Wat er is gevonden";
    change_and_again: "Change something and ask again", "Iets veranderen en opnieuw vragen";
    nothing_found:
        "Nobody on these lists has a name like this one, in any spelling or script that zeef knows. That says nothing about other lists, or about later days.",
        "Niemand op deze lijsten heeft een naam als deze, in geen spelling of schrift dat zeef kent. Dat zegt niets over andere lijsten of latere dagen.";
    something_found:
        "Somebody with such a name is listed. That does not make it the same person or institution: compare both sides, and ask for what would settle it.",
        "Iemand met zo'n naam staat op een lijst. Dat is nog niet dezelfde persoon of instelling: vergelijk beide kanten en vraag naar wat uitsluitsel geeft.";
    best_shown: "There are many; shown are the best", "Het zijn er veel; getoond worden de beste";
    rests_on: "Compared with", "Vergeleken met";
    set_aside_title: "Same name, but most likely somebody else", "Zelfde naam, maar zeer waarschijnlijk iemand anders";
    set_aside_meaning:
        "The whole name is the same, and other facts speak against it. Shown, so that nothing vanishes silently.",
        "De hele naam is gelijk, maar andere gegevens spreken het tegen. Getoond, zodat niets stil verdwijnt.";
    name_frequency: "How common the name is:", "Hoe vaak de naam voorkomt:";
    rarer_than_all: "fewer than 1 in 10 million people carry it", "minder dan 1 op de 10 miljoen mensen draagt haar";
    of_a_million: "of a million people carry such a name", "van een miljoen mensen dragen zo'n naam";
    name_says_little: "The name alone says little.", "De naam alleen zegt weinig.";
    ask_birth_date: "Ask for the birth date.", "Vraag naar de geboortedatum.";

    // A match.
    set_aside_mark: "most likely not", "zeer waarschijnlijk niet";
    whole_entry: "see the whole entry", "bekijk de hele vermelding";
    given: "As given", "Zoals opgegeven";
    on_the_list: "On the list", "Op de lijst";
    listed_as: "Listed as", "Vermeld als";
    word_for_word: "Word for word", "Woord voor woord";
    word_for_word_hint: "Above as given, below as on the list.", "Boven zoals opgegeven, onder zoals op de lijst.";
    evidence_by_part: "How the parts add up", "Hoe de delen optellen";
    bits_meaning:
        "Weights in bits: each bit doubles the odds that both are the same; a minus halves them.",
        "Gewichten in bits: elke bit verdubbelt de kans dat beide dezelfde zijn; een min halveert haar.";
    part: "Part", "Deel";
    says: "Verdict", "Oordeel";
    what_sides_say: "What both sides say", "Wat beide kanten zeggen";
    weight: "Weight (bits)", "Gewicht (bits)";
    together: "Together", "Samen";
    only_given: "only as given", "alleen opgegeven";
    what_next: "What to do next", "Wat nu";
    would_settle: "It would help to know:", "Het helpt om te weten:";
    next_step:
        "Do not go on before a colleague who may decide has looked. If it is somebody else, note why you think so.",
        "Ga niet verder voordat een collega die mag beslissen heeft gekeken. Is het iemand anders, noteer dan waarom u dat vindt.";
    next_aside:
        "Check that the fact that differs was given correctly. If it was, nothing more is needed.",
        "Controleer of het gegeven dat verschilt goed is opgegeven. Zo ja, dan is er niets meer nodig.";

    // Comparing.
    compare_title: "Compare two names", "Twee namen vergelijken";
    compare_lead:
        "The same comparison as with the lists, between two sides that you give.",
        "Dezelfde vergelijking als met de lijsten, tussen twee kanten die u opgeeft.";
    one_side: "One side", "De ene kant";
    other_side: "Other side", "De andere kant";
    not_alike: "not alike", "niet gelijk";

    // A case.
    case_title: "Screen a whole case", "Een heel dossier toetsen";
    case_lead:
        "An appointment or a partnership: everyone and everything in it is compared with the lists, ties are followed, and a policy reads the outcome.",
        "Een aanstelling of samenwerking: iedereen en alles erin wordt met de lijsten vergeleken, banden worden gevolgd en een beleid leest de uitkomst.";
    policy: "Policy", "Beleid";
    policy_hint: "Whose questions the report answers", "Wiens vragen het rapport beantwoordt";
    outcome_as: "Outcome", "Uitkomst";
    as_page: "to read here", "hier lezen";
    as_html: "as a file (HTML)", "als bestand (HTML)";
    as_markdown: "as a file (Markdown)", "als bestand (Markdown)";
    as_json: "as a file for programs (JSON)", "als bestand voor programma's (JSON)";
    case_file: "File", "Bestand";
    case_file_hint: "YAML or JSON, at most 1 MB", "YAML of JSON, hoogstens 1 MB";
    case_text: "Or as text", "Of als tekst";
    case_text_hint: "Used where no file is chosen.", "Wordt gebruikt als er geen bestand is gekozen.";
    case_example: "Fill in an example", "Vul een voorbeeld in";
    case_button: "Screen the case", "Dossier toetsen";
    case_hint: "The file is read and not kept.", "Het bestand wordt gelezen en niet bewaard.";
    case_hint_recorded:
        "The file is not kept; who was screened and what was found is recorded.",
        "Het bestand wordt niet bewaard; wie is getoetst en wat is gevonden, wordt vastgelegd.";
    case_missing: "Choose a file, or write the case as text.", "Kies een bestand, of schrijf het dossier als tekst.";

    // Forms.
    form_too_large: "The form is too large. Please send less.", "Het formulier is te groot. Stuur minder.";
    form_unreadable: "The form could not be read. Please fill it in again.", "Het formulier kon niet worden gelezen. Vul het opnieuw in.";
    form_not_text: "The form or file is not UTF-8 text. Please save it as UTF-8.", "Het formulier of bestand is geen UTF-8-tekst. Sla het op als UTF-8.";
    form_not_ours_title: "The form was not accepted", "Het formulier is niet aangenomen";
    form_not_ours:
        "It did not come from a page of zeef that you opened in this browser. Nothing was done. Open the form again and send it from there; cookies must be allowed.",
        "Het kwam niet van een pagina van zeef die u in deze browser hebt geopend. Er is niets gedaan. Open het formulier opnieuw en verstuur het daar; cookies moeten zijn toegestaan.";

    // Review.
    review: "Review", "Beoordelen";
    tile_review: "Review suspected matches", "Vermoede overeenkomsten beoordelen";
    tile_review_text:
        "What screening found and nobody has decided yet, side by side, with a decision to note and its history.",
        "Wat bij toetsing is gevonden en nog niet is beslist, naast elkaar, met een beslissing en haar geschiedenis.";
    review_title: "Suspected matches", "Vermoede overeenkomsten";
    review_lead:
        "What waits longest comes first. A cleared pair is remembered, and comes back only when something that matters has changed.",
        "Wat het langst wacht, staat bovenaan. Een weerlegd paar wordt onthouden en komt alleen terug als er iets is veranderd dat ertoe doet.";
    to_do: "Waiting", "Wachtend";
    all_states: "All", "Alle";
    state_heading: "State", "Toestand";
    assignee: "With", "Bij";
    case_reference: "Case", "Dossier";
    purpose: "Purpose", "Doel";
    filter: "Filter", "Filteren";
    nothing_waits: "Nothing is waiting here", "Hier wacht niets";
    nothing_waits_more: "Screenings with matches put them here.", "Toetsingen met overeenkomsten komen hier terecht.";
    suspected_matches: "suspected matches", "vermoede overeenkomsten";
    one_suspected_match: "suspected match", "vermoede overeenkomst";
    suspected_match: "Suspected match", "Vermoede overeenkomst";
    came_back: "came back", "teruggekomen";
    waits_for_second: "waits for a second person", "wacht op een tweede persoon";
    since: "since", "sinds";
    decided: "Decided", "Beslist";
    proposed: "Proposed", "Voorgesteld";
    came_back_title: "It came back", "Het is teruggekomen";
    came_back_meaning:
        "It had been cleared. Since then this has changed, so somebody must look again.",
        "Het was weerlegd. Sindsdien is dit veranderd, dus moet iemand opnieuw kijken.";
    was: "was", "was";
    is_now: "is now", "is nu";
    by: "By", "Door";
    when: "When", "Wanneer";
    after_proposal_of: "after a proposal by", "op voorstel van";
    reason_heading: "Reason", "Reden";
    reason_hint: "For whoever asks a year from now", "Voor wie er over een jaar naar vraagt";
    note: "Note", "Notitie";
    note_hint: "Anything else worth keeping", "Wat verder het bewaren waard is";
    reopen_title: "Look at it again", "Opnieuw bekijken";
    reopen: "Reopen", "Heropenen";
    decide_title: "Decide", "Beslissen";
    four_eyes:
        "Two people must agree: the first decision is a proposal.",
        "Twee mensen moeten het eens zijn: de eerste beslissing is een voorstel.";
    is_it_the_same: "Is it the same?", "Is het dezelfde?";
    decide: "Save the decision", "Beslissing vastleggen";
    assign_to: "Give it to", "Geven aan";
    assign_title: "Give it to somebody", "Aan iemand geven";
    assign: "Assign", "Toewijzen";
    add_note: "Add a note", "Notitie toevoegen";
    history_of_match: "History", "Geschiedenis";
    changed_meanwhile:
        "Somebody else changed this meanwhile. Nothing was saved; look at it again, then decide.",
        "Iemand anders heeft dit intussen veranderd. Er is niets vastgelegd; bekijk het opnieuw en beslis dan.";
    not_in_this_state:
        "That cannot be done with it as it stands now. With four eyes, somebody else must agree.",
        "Dat kan niet in deze toestand. Bij vier ogen moet iemand anders het ermee eens zijn.";
    in_review_queue: "In the review queue:", "In de beoordelingslijst:";
    recorded: "Recorded as no.", "Vastgelegd als nr.";
    purpose_hint: "Such as hire-2026; no names, it is kept", "Zoals aanstelling-2026; geen namen, het wordt bewaard";
    case_reference_hint: "Your own number of the case", "Uw eigen nummer van het dossier";
    your_name: "Your name", "Uw naam";
    your_name_hint: "Signs what you do here", "Ondertekent wat u hier doet";
    cleared_before: "Cleared before, and nothing that matters has changed since", "Eerder weerlegd, en sindsdien is niets veranderd dat ertoe doet";
    occasion_wrong:
        "Purpose and case: at most 64 letters, digits and - _ . : / for the purpose, 128 characters for the case.",
        "Doel en dossier: hoogstens 64 letters, cijfers en - _ . : / voor het doel, 128 tekens voor het dossier.";

    // Errors.
    no_answer: "No answer", "Geen antwoord";
    not_found_title: "Not found", "Niet gevonden";
    not_found: "There is no such page.", "Deze pagina bestaat niet.";
}

/// The name of a place in the navigation.
pub(super) fn place(l: Language, place: Place) -> &'static str {
    match place {
        Place::Start | Place::Elsewhere => start(l),
        Place::Screen => screen(l),
        Place::Case => case(l),
        Place::Search => search(l),
        Place::Compare => compare(l),
        Place::Review => review(l),
        Place::Alerts => alerts(l),
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
        Reason::StaleLists => (
            "Lists are older than allowed, and nobody is screened here until they have been updated.",
            "Er zijn lijsten die ouder zijn dan toegestaan, en hier wordt niemand getoetst totdat ze zijn bijgewerkt.",
        ),
        Reason::NoSnapshot => (
            "No lists are loaded, so nothing can be said about anybody. Ask whoever runs zeef to import them.",
            "Er zijn geen lijsten geladen, dus er valt over niemand iets te zeggen. Vraag de beheerder ze in te lezen.",
        ),
        Reason::NotRecording => (
            "This zeef keeps no records, so it has no review queue.",
            "Deze zeef legt niets vast en heeft dus geen beoordelingslijst.",
        ),
        Reason::StoreUnavailable => (
            "The store of records cannot be used now, so nothing was answered. Please try again later, and tell whoever runs zeef.",
            "Er kan nu niets worden vastgelegd, dus er is niets beantwoord. Probeer het later opnieuw en meld het de beheerder.",
        ),
        Reason::MatchNotFound => (
            "There is no such suspected match. It may have been erased.",
            "Deze vermoede overeenkomst is er niet. Misschien is zij gewist.",
        ),
        Reason::ChangedMeanwhile => (
            "Somebody else changed this meanwhile. Nothing was saved; look at it again.",
            "Iemand anders heeft dit intussen veranderd. Er is niets vastgelegd; bekijk het opnieuw.",
        ),
        Reason::WrongState => {
            ("That cannot be done with it as it stands now.", "Dat kan niet in deze toestand.")
        }
        Reason::ListNotLoaded => ("That list is not loaded.", "Die lijst is niet geladen."),
        Reason::EntityNotFound => (
            "The list has no such entry. It may have been taken off since.",
            "De lijst heeft zo'n vermelding niet. Misschien is zij er sindsdien af gehaald.",
        ),
        Reason::PolicyNotFound => ("There is no such policy.", "Dat beleid is er niet."),
        Reason::MonitoringOff => ("Nobody can be watched here.", "Hier kan niemand worden gevolgd."),
        Reason::ReferenceTaken => (
            "Somebody else is under watch with that reference.",
            "Onder dat kenmerk wordt al iemand anders gevolgd.",
        ),
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
        Reason::Unauthenticated => ("Please log in first.", "Log eerst in."),
        Reason::ScopeMissing => (
            "This page is not for the token or account that you logged in with. Ask whoever runs zeef.",
            "Deze pagina is niet voor het token of account waarmee u bent ingelogd. Vraag het de beheerder.",
        ),
        Reason::RateLimited | Reason::TooManyCalls => (
            "That was too fast. Please try again in a moment.",
            "Dat ging te snel. Probeer het zo meteen opnieuw.",
        ),
        Reason::QuotaExceeded => (
            "What may be asked in a day has been used up. Ask whoever runs zeef, or come back tomorrow.",
            "Wat op een dag mag worden gevraagd, is op. Vraag het de beheerder, of kom morgen terug.",
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

/// How strong a match is.
pub(super) fn strength(l: Language, strength: Strength) -> &'static str {
    let (en, nl) = match strength {
        Strength::Exact => ("same name", "zelfde naam"),
        Strength::Strong => ("strong resemblance", "sterke gelijkenis"),
        Strength::Possible => ("possible", "mogelijk"),
        Strength::Weak => ("weak", "zwak"),
    };
    l.pick(en, nl)
}

/// What the word for a strength means.
pub(super) fn strength_meaning(l: Language, strength: Strength) -> &'static str {
    let (en, nl) = match strength {
        Strength::Exact => ("The whole name is the same.", "De hele naam is gelijk."),
        Strength::Strong => {
            ("Much agrees and nothing speaks against it.", "Veel klopt en niets spreekt het tegen.")
        }
        Strength::Possible => ("Enough agrees to look at it.", "Er klopt genoeg om ernaar te kijken."),
        Strength::Weak => {
            ("Only a byname or an acronym is the same.", "Alleen een bijnaam of afkorting is gelijk.")
        }
    };
    l.pick(en, nl)
}

/// How many matches there are.
pub(super) fn matches(l: Language, count: usize) -> String {
    match (l, count) {
        (Language::En, 0) => "nothing found".to_owned(),
        (Language::En, 1) => "1 possible match".to_owned(),
        (Language::En, n) => format!("{n} possible matches"),
        (Language::Nl, 0) => "niets gevonden".to_owned(),
        (Language::Nl, 1) => "1 mogelijke overeenkomst".to_owned(),
        (Language::Nl, n) => format!("{n} mogelijke overeenkomsten"),
    }
}

/// A fact that would settle a match, as the matcher names it.
pub(super) fn fact(l: Language, fact: &str) -> &str {
    if l == Language::En {
        return fact;
    }
    match fact {
        "birth date" => "geboortedatum",
        "full birth date" => "volledige geboortedatum",
        "full name" => "volledige naam",
        "name in its native script" => "naam in het eigen schrift",
        "birth place" => "geboorteplaats",
        "document number" => "documentnummer",
        "country" => "land",
        "address" => "adres",
        "city" => "plaats",
        other => other,
    }
}

/// The kind of a listed entry.
pub(super) fn entity_kind(l: Language, kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => l.pick("Person", "Persoon"),
        EntityKind::Organisation => l.pick("Organisation", "Organisatie"),
    }
}

/// A gender.
pub(super) fn gender_named(l: Language, gender: Gender) -> &'static str {
    match gender {
        Gender::Female => female(l),
        Gender::Male => male(l),
    }
}

/// How another entity stands to the one shown.
pub(super) fn relation(l: Language, kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::SupervisedBy => l.pick("Supervised by", "Onder toezicht van"),
        RelationKind::Laboratory => l.pick("Laboratory", "Laboratorium"),
        RelationKind::Subsidiary => l.pick("Subsidiary", "Dochter"),
        RelationKind::Parent => l.pick("Parent", "Moeder"),
        RelationKind::Child => l.pick("Part", "Onderdeel"),
        RelationKind::Related => l.pick("Related", "Verbonden"),
    }
}

/// How far a suspected match is.
pub(super) fn match_state(l: Language, state: MatchState) -> &'static str {
    match state {
        MatchState::Open => l.pick("open", "open"),
        MatchState::InReview => l.pick("in review", "in behandeling"),
        MatchState::Confirmed => l.pick("confirmed", "bevestigd"),
        MatchState::Cleared => l.pick("cleared", "weerlegd"),
    }
}

/// What a person decides.
pub(super) fn verdict(l: Language, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Confirmed => l.pick("the same: confirmed", "dezelfde: bevestigd"),
        Verdict::Cleared => l.pick("somebody else: cleared", "iemand anders: weerlegd"),
    }
}

/// What happened to a suspected match.
pub(super) fn action(l: Language, action: Action) -> &'static str {
    match action {
        Action::Raised => l.pick("found by a screening", "gevonden bij een toetsing"),
        Action::Changed => l.pick("found again with other data", "opnieuw gevonden met andere gegevens"),
        Action::Returned => l.pick("came back", "teruggekomen"),
        Action::Assigned => l.pick("assigned", "toegewezen"),
        Action::Proposed => l.pick("proposed", "voorgesteld"),
        Action::Decided => l.pick("decided", "beslist"),
        Action::Reopened => l.pick("reopened", "heropend"),
        Action::Noted => l.pick("noted", "genoteerd"),
    }
}

/// A field that a decision rests on.
pub(super) fn form_field(l: Language, field: FormField) -> &'static str {
    match field {
        FormField::Names => l.pick("names", "namen"),
        FormField::BirthDates => l.pick("birth dates", "geboortedata"),
        FormField::BirthPlaces => l.pick("birth places", "geboorteplaatsen"),
        FormField::Gender => l.pick("gender", "geslacht"),
        FormField::Identifiers => l.pick("documents and numbers", "documenten en nummers"),
        FormField::Addresses => l.pick("addresses", "adressen"),
    }
}

/// A field of a form that could not be taken.
pub(super) fn field_wrong(l: Language, field: &str) -> String {
    let name = match field {
        "author" => your_name(l),
        "reason" => reason_heading(l),
        "note" => note(l),
        "verdict" => is_it_the_same(l),
        "assignee" => assign_to(l),
        other => other,
    };
    format!(
        "{name}: {}",
        l.pick(
            "is missing or too long. Please look at it again.",
            "ontbreekt of is te lang. Kijk er nog eens naar."
        )
    )
}
