//! Listed entities as messages.

use crate::model::{
    Address, Birth, Citizenship, Contact, DateSpan, Designation, Entity, EntityKind, Gender, Identifier,
    Listing, Name, NameQuality, PartialDate, Relation, RelationKind, RiskRating,
};
use crate::service::proto;

use super::length;

/// Everything a list says of an entity.
pub(in crate::service) fn entity(entity: Entity) -> proto::Entity {
    let display_name = entity.display_name().to_owned();
    proto::Entity {
        list: entity.list,
        id: entity.id,
        other_id: entity.other_id,
        kind: entity_kind(entity.kind).into(),
        display_name,
        names: entity.names.into_iter().map(name).collect(),
        gender: match entity.gender {
            None => proto::Gender::Unspecified,
            Some(Gender::Female) => proto::Gender::Female,
            Some(Gender::Male) => proto::Gender::Male,
        }
        .into(),
        births: entity.births.into_iter().map(birth).collect(),
        citizenships: entity.citizenships.into_iter().map(citizenship).collect(),
        addresses: entity.addresses.into_iter().map(address).collect(),
        identifiers: entity.identifiers.into_iter().map(identifier).collect(),
        listings: entity.listings.into_iter().map(listing).collect(),
        designation: Some(designation(entity.designation)),
        remarks: entity.remarks,
        categories: entity.categories,
        rating: rating(entity.rating).into(),
        topics: entity.topics,
        relations: entity.relations.into_iter().map(relation).collect(),
        links: entity.links,
    }
}

/// What a search shows of an entity.
pub(in crate::service) fn summary(entity: Entity, relevance: f32) -> proto::EntitySummary {
    let mut programmes: Vec<String> = entity.listings.iter().map(|l| l.programme.clone()).collect();
    programmes.retain(|p| !p.is_empty());
    programmes.sort_unstable();
    programmes.dedup();
    proto::EntitySummary {
        kind: entity_kind(entity.kind).into(),
        display_name: entity.display_name().to_owned(),
        name_count: length(entity.names.len()),
        programmes,
        countries: entity.countries().into_iter().map(str::to_owned).collect(),
        rating: rating(entity.rating).into(),
        list: entity.list,
        entity_id: entity.id,
        categories: entity.categories,
        relevance,
    }
}

/// The kind of an entity.
pub(in crate::service) fn entity_kind(kind: EntityKind) -> proto::EntityKind {
    match kind {
        EntityKind::Person => proto::EntityKind::Person,
        EntityKind::Organisation => proto::EntityKind::Organisation,
    }
}

pub(super) fn rating(rating: Option<RiskRating>) -> proto::RiskRating {
    match rating {
        None => proto::RiskRating::Unspecified,
        Some(RiskRating::Low) => proto::RiskRating::Low,
        Some(RiskRating::Medium) => proto::RiskRating::Medium,
        Some(RiskRating::High) => proto::RiskRating::High,
        Some(RiskRating::VeryHigh) => proto::RiskRating::VeryHigh,
    }
}

/// A date as the API writes it; empty when not known.
fn date(date: Option<PartialDate>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}

fn name(name: Name) -> proto::Name {
    let quality = match name.quality {
        NameQuality::Strong => proto::NameQuality::Strong,
        NameQuality::Weak => proto::NameQuality::Weak,
        NameQuality::Former => proto::NameQuality::Former,
        NameQuality::Acronym => proto::NameQuality::Acronym,
    };
    proto::Name {
        whole: name.whole,
        first: name.first,
        middle: name.middle,
        last: name.last,
        title: name.title,
        function: name.function,
        language: name.language,
        quality: quality.into(),
        remark: name.remark,
        lent_by: name.lent_by,
    }
}

fn birth(birth: Birth) -> proto::Birth {
    proto::Birth {
        when: (!birth.when.is_empty()).then(|| span(birth.when)),
        city: birth.city,
        region: birth.region,
        place: birth.place,
        country: birth.country,
        as_written: birth.as_written,
    }
}

fn span(span: DateSpan) -> proto::DateSpan {
    proto::DateSpan {
        date: date(span.date),
        first_year: span.first_year.map(i32::from),
        last_year: span.last_year.map(i32::from),
        circa: span.circa,
    }
}

fn citizenship(citizenship: Citizenship) -> proto::Citizenship {
    proto::Citizenship {
        country: citizenship.country,
        description: citizenship.description,
        region: citizenship.region,
    }
}

fn address(address: Address) -> proto::Address {
    proto::Address {
        street: address.street,
        po_box: address.po_box,
        city: address.city,
        postal_code: address.postal_code,
        region: address.region,
        place: address.place,
        country: address.country,
        country_description: address.country_description,
        contacts: address
            .contacts
            .into_iter()
            .map(|Contact { kind, value }| proto::Contact { kind, value })
            .collect(),
        remark: address.remark,
    }
}

fn identifier(identifier: Identifier) -> proto::Identifier {
    proto::Identifier {
        kind: identifier.kind,
        description: identifier.description,
        number: identifier.number,
        latin_number: identifier.latin_number,
        name_on_document: identifier.name_on_document,
        issued_by: identifier.issued_by,
        country: identifier.country,
        issued: date(identifier.issued),
        valid_from: date(identifier.valid_from),
        valid_to: date(identifier.valid_to),
        flags: identifier.flags,
        remark: identifier.remark,
    }
}

fn listing(listing: Listing) -> proto::Listing {
    proto::Listing {
        programme: listing.programme,
        title: listing.title,
        act_type: listing.act_type,
        issued_by: listing.issued_by,
        url: listing.url,
        published: date(listing.published),
        in_force: date(listing.in_force),
    }
}

fn designation(designation: Designation) -> proto::Designation {
    proto::Designation {
        date: date(designation.date),
        details: designation.details,
        united_nations_id: designation.united_nations_id,
    }
}

fn relation(relation: Relation) -> proto::Relation {
    use proto::RelationKind as To;
    let kind = match relation.kind {
        RelationKind::SupervisedBy => To::SupervisedBy,
        RelationKind::Laboratory => To::Laboratory,
        RelationKind::Subsidiary => To::Subsidiary,
        RelationKind::Parent => To::Parent,
        RelationKind::Child => To::Child,
        RelationKind::Related => To::Related,
    };
    proto::Relation {
        kind: kind.into(),
        name: relation.name,
        native_name: relation.native_name,
        entity_id: relation.entity_id,
        lent_by: relation.lent_by,
    }
}
