//! `[update]` and `[update.sources.LIST]` into a plan of updates.

use std::path::PathBuf;

use super::Sections;
use super::sections::UpdateSource;
use super::values::Secret;
use crate::cli::exit::CliError;
use crate::sources::download::{ContentKind, Download, Proxy};
use crate::update::{EU_ADDRESS, Place, Schedule, Source, UpdatePlan};

impl Sections {
    /// Which lists are kept fresh in a folder; none where no source is configured.
    ///
    /// # Errors
    /// When a source or a token cannot be used.
    pub(in crate::cli) fn updates(&self, folder: PathBuf) -> Result<Option<UpdatePlan>, CliError> {
        let section = &self.update;
        let mut sources = Vec::new();
        for (list, source) in &section.sources {
            sources.push(Source { list: list.clone(), place: self.place(list, source)? });
        }
        if sources.is_empty() {
            return Ok(None);
        }
        let mut plan = UpdatePlan::new(folder, sources);
        plan.keep = section.keep.unwrap_or(plan.keep);
        Ok(Some(plan))
    }

    /// When lists are updated; none for only when asked.
    pub(in crate::cli) fn schedule(&self) -> Option<Schedule> {
        self.update.every.filter(|every| !every.0.is_zero()).map(|every| Schedule::every(every.0))
    }

    fn place(&self, list: &str, source: &UpdateSource) -> Result<Place, CliError> {
        let key = format!("update.sources.{list}");
        let wrong = |what: &str| CliError::Usage(format!("{key}: {what}"));
        let token =
            Secret::given_or_in(source.token.as_ref(), source.token_file.as_ref(), &format!("{key}.token"))?;
        let url = match (&source.url, token.is_some() && list == "eu") {
            (Some(url), _) => Some(url.as_str()),
            // The official address is known; what it wants is a token.
            (None, true) => Some(EU_ADDRESS),
            (None, false) => None,
        };
        let Some(url) = url else {
            if source.files.is_empty() {
                return Err(wrong("give a url, or files"));
            }
            return Ok(Place::Files(source.files.iter().map(|f| f.0.clone()).collect()));
        };
        if !source.files.is_empty() {
            return Err(wrong("give a url or files, not both"));
        }
        let mut address = url.to_owned();
        if let Some(token) = &token {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
            if !token.reveal().chars().all(plain) {
                return Err(wrong("the token holds characters that no address has"));
            }
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str("token=");
            address.push_str(token.reveal());
        }
        let mut download = Download::new(address, ContentKind::of_list(list));
        download.deadline = source.deadline.map_or(download.deadline, |s| s.0);
        download.max_bytes = source.max_bytes.unwrap_or(download.max_bytes);
        download.proxy = match self.update.proxy.as_deref() {
            None => Proxy::Environment,
            Some("none") => Proxy::None,
            Some(address) => Proxy::Address(address.to_owned()),
        };
        Ok(Place::Address(Box::new(download)))
    }
}
