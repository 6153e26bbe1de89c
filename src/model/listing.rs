//! Under which legal act, programme and date an entity is listed.

use serde::{Deserialize, Serialize};

use super::PartialDate;

/// One legal act or list edition under which an entity stands on a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Listing {
    /// Sanctions programme or list section, as the list codes it (`UKR`, `IRN`).
    pub programme: String,
    /// Number and title of the legal act.
    pub title: String,
    /// Kind of act (`regulation`, `amendment`).
    pub act_type: String,
    /// Who issued it (`council`, `commission`).
    pub issued_by: String,
    /// Where the act can be read.
    pub url: String,
    /// When it was published.
    pub published: Option<PartialDate>,
    /// When it entered into force.
    pub in_force: Option<PartialDate>,
    /// The list's remark on the act.
    pub remark: String,
}

/// What a list says about the designation itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Designation {
    /// When the entity was first designated.
    pub date: Option<PartialDate>,
    /// Free text beside it.
    pub details: String,
    /// When the entity was taken off, where the list still shows it.
    pub delisted: Option<PartialDate>,
    /// The United Nations' reference, if the listing rests on one.
    pub united_nations_id: String,
}
