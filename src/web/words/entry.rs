//! Texts about what became of an entry.

use crate::report::Language;

words! {
    changes: "Changes on the list", "Veranderingen op de lijst";
    no_changes: "Nothing in this entry has changed since the oldest edition that is kept, of", "In deze vermelding is niets veranderd sinds de oudste uitgave die wordt bewaard, van";
    oldest_kept: "The oldest edition of the list that is kept is of", "De oudste uitgave van de lijst die wordt bewaard is van";
    older_unreadable: "Older editions cannot be read by this version of zeef.", "Oudere uitgaven kan deze versie van zeef niet lezen.";
    entry_added: "put on the list", "op de lijst gekomen";
    entry_removed: "taken off the list", "van de lijst gehaald";
    only_order_changed: "only the order of values, or the legal act behind one of them", "alleen de volgorde van gegevens, of het besluit achter een ervan";
    no_longer_listed: "No longer on the list. This is what the list said last.", "Niet meer op de lijst. Dit is wat de lijst het laatst zei.";
}

/// A field of an entry, by the name that JSON gives it.
pub(in crate::web) fn entry_field(l: Language, field: &str) -> &str {
    match field {
        "kind" => l.pick("kind", "soort"),
        "names" => l.pick("names", "namen"),
        "gender" => l.pick("gender", "geslacht"),
        "births" => l.pick("births", "geboorte"),
        "citizenships" => l.pick("citizenships", "nationaliteiten"),
        "addresses" => l.pick("addresses", "adressen"),
        "identifiers" => l.pick("documents and numbers", "documenten en nummers"),
        "listings" => l.pick("listings", "vermeldingen"),
        "acts" => l.pick("legal acts", "besluiten"),
        "designation" => l.pick("designation", "aanwijzing"),
        "remarks" => l.pick("remarks", "opmerkingen"),
        "categories" => l.pick("categories", "categorieën"),
        "rating" => l.pick("risk", "risico"),
        "topics" => l.pick("fields of work", "werkterreinen"),
        "relations" => l.pick("relations", "banden"),
        "links" => l.pick("pages elsewhere", "pagina's elders"),
        "other_id" => l.pick("other reference", "ander kenmerk"),
        other => other,
    }
}
