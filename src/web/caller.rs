//! Who looks at a page or makes a JSON call, and for what purpose.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::review::{Occasion, OccasionError};
use crate::service::Caller;

/// The caller of a request, as whoever lets callers in says it.
pub(super) struct Who(pub(super) Caller);

impl<S: Sync> FromRequestParts<S> for Who {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(of(parts)))
    }
}

/// Who makes a request; anonymous where nobody said.
pub(super) fn of(parts: &Parts) -> Caller {
    parts.extensions.get().cloned().unwrap_or_else(|| Caller::named(Caller::ANONYMOUS))
}

/// Why something is screened, checked.
///
/// # Errors
/// Names what cannot be recorded as given.
pub(super) fn occasion(caller: &Caller, purpose: &str, case: &str) -> Result<Occasion, OccasionError> {
    let occasion = Occasion {
        case_reference: case.trim().to_owned(),
        ..Occasion::of(caller.name.clone()).with_purpose(purpose.trim())
    };
    occasion.check().map(|()| occasion)
}
