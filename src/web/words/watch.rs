//! Texts about those under watch.

use crate::report::Language;

words! {
    // Alerts.
    alerts: "Alerts", "Meldingen";
    alerts_title: "What changed for those under watch", "Wat er veranderde voor wie wordt gevolgd";
    alerts_lead:
        "When a list changes, everybody under watch is looked at again, and what changed for them stands here.",
        "Als een lijst verandert, wordt iedereen die wordt gevolgd opnieuw bekeken, en wat er voor hen veranderde staat hier.";
    no_alerts: "Nothing changed for anybody", "Er veranderde voor niemand iets";
    no_alerts_more: "Alerts stand here as soon as a list brings one.", "Meldingen staan hier zodra een lijst er een brengt.";
    newest: "Newest", "Nieuwste";
    older: "Older", "Oudere";
    alert_new: "new match", "nieuwe overeenkomst";
    alert_changed: "evidence changed", "gegevens veranderd";
    alert_vanished: "no match any more", "geen overeenkomst meer";
    alert_delisted: "taken off the list", "van de lijst gehaald";
    alert_first: "from the first look", "bij de eerste keer kijken";

    // Putting somebody under watch.
    watch_title: "Put under watch", "Blijven volgen";
    watch_lead:
        "Looked at again whenever a list changes, until the day you say; then everything kept for it is deleted.",
        "Wordt opnieuw bekeken zodra een lijst verandert, tot de dag die u noemt; dan wordt alles wat daarvoor is bewaard verwijderd.";
    watch_whom: "Who is to be watched?", "Wie wilt u volgen?";
    watch_until: "Until", "Tot en met";
    watch_until_hint: "At most five years; no longer than the purpose asks", "Hoogstens vijf jaar; niet langer dan het doel vraagt";
    watch_purpose_hint: "Such as employment; nobody is watched without one", "Zoals dienstverband; zonder doel wordt niemand gevolgd";
    watch_reference_hint: "Yours, such as a personnel number; shown with each alert", "Van u, zoals een personeelsnummer; staat bij elke melding";
    watch_button: "Put under watch", "Volgen";
    watch_not_all: "There are more; put the others under watch by the command line or a program.", "Er zijn er meer; volg de anderen via de opdrachtregel of een programma.";
    watch_nobody: "Choose at least one.", "Kies er ten minste één.";
    watch_purpose_missing: "Purpose: say what the watch is for, in at most 256 characters.", "Doel: zeg waarvoor u volgt, in hoogstens 256 tekens.";
    watch_until_wrong: "Until: a day to come, at most five years away, such as 31-12-2027.", "Tot en met: een dag in de toekomst, hoogstens vijf jaar vooruit, zoals 31-12-2027.";
    watch_reference_wrong: "Reference: at most 256 characters.", "Kenmerk: hoogstens 256 tekens.";
    watch_unreadable: "Whom to watch could not be read. Please screen them again.", "Wie u wilt volgen kon niet worden gelezen. Toets opnieuw.";
    watch_taken:
        "Somebody with other data is under watch with this reference already. End that watch first, or give another reference.",
        "Onder dit kenmerk wordt al iemand met andere gegevens gevolgd. Beëindig dat eerst, of geef een ander kenmerk.";

    // Those under watch.
    watched: "Under watch", "Gevolgd";
    watched_title: "Who is under watch", "Wie wordt gevolgd";
    watched_lead:
        "Newest first. To put somebody under watch, screen them, or open a suspected match.",
        "Nieuwste eerst. Wilt u iemand volgen, toets die dan, of open een vermoede overeenkomst.";
    nobody_watched: "Nobody is under watch here", "Hier wordt niemand gevolgd";
    only_troubled: "Only those who could not be looked at", "Alleen wie niet kon worden bekeken";
    watched_until: "until", "tot en met";
    watched_by: "put under watch by", "gevolgd door";
    looked_at: "looked at on", "bekeken op";
    not_looked_at: "not looked at yet", "nog niet bekeken";
    could_not_be_looked_at: "could not be looked at; what stood before stands", "kon niet worden bekeken; wat er stond, blijft staan";
    end_watch: "End the watch", "Niet meer volgen";
    end_watch_meaning: "Everything kept for it is deleted, its alerts too.", "Alles wat daarvoor is bewaard wordt verwijderd, ook de meldingen.";
    watch_ended: "The watch has ended, and what was kept for it is deleted.", "Er wordt niet meer gevolgd, en wat daarvoor was bewaard is verwijderd.";
    watch_gone: "That watch had ended already.", "Dat volgen was al beëindigd.";
}

/// How many have been put under watch.
pub(in crate::web) fn watch_begun(l: Language, count: usize) -> String {
    match (l, count) {
        (Language::En, 1) => "1 is under watch now.".to_owned(),
        (Language::En, n) => format!("{n} are under watch now."),
        (Language::Nl, 1) => "1 wordt nu gevolgd.".to_owned(),
        (Language::Nl, n) => format!("{n} worden nu gevolgd."),
    }
}
