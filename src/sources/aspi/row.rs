//! What a table or a page says of one institution, before it is known which one.

use crate::model::RiskRating;

/// One row. An empty field says nothing; it never deletes what another file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Where it stands, for issues (`line 3`).
    pub(super) place: String,
    /// The institution's id, if the row gives one.
    pub(super) id: String,
    /// Its name, as `English` or `English (中文)`.
    pub(super) name: String,
    /// Its name in its own script.
    pub(super) native_name: String,
    /// Other names.
    pub(super) aliases: Vec<String>,
    /// Categories.
    pub(super) categories: Vec<String>,
    /// `None`: the row says nothing of the rating. `Some(None)`: it says the rating is unknown.
    pub(super) rating: Option<Option<RiskRating>>,
    /// Supervising agencies and other affiliations.
    pub(super) agencies: Vec<String>,
    /// Defence laboratories.
    pub(super) laboratories: Vec<String>,
    /// Subsidiaries.
    pub(super) subsidiaries: Vec<String>,
    /// Fields of work.
    pub(super) topics: Vec<String>,
    /// Pages, the tracker's first.
    pub(super) pages: Vec<String>,
    /// Address.
    pub(super) address: String,
    /// Country, ISO 3166-1 alpha-2, empty if the row does not say.
    pub(super) country: String,
    /// Remarks.
    pub(super) remarks: Vec<String>,
}
