//! Who asks.

use std::sync::Arc;

use tonic::Extensions;

/// Who makes a call: recorded with what it asks, and by which decisions are signed.
///
/// Whoever lets callers in puts it into the extensions of their requests; handlers read it there. Without one
/// the caller is `anonymous`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The name under which the caller is known to the operator.
    pub name: Arc<str>,
}

impl Caller {
    /// The name of callers of whom nothing is known.
    pub const ANONYMOUS: &'static str = "anonymous";

    /// A caller of this name.
    pub fn named(name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into() }
    }

    /// Who makes the request with these extensions.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_else(|| Self::named(Self::ANONYMOUS))
    }

    /// Whether nothing is known of the caller.
    pub fn is_anonymous(&self) -> bool {
        &*self.name == Self::ANONYMOUS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_anonymous_until_somebody_says_who_it_is() {
        let mut extensions = Extensions::new();
        assert!(Caller::of(&extensions).is_anonymous());
        extensions.insert(Caller::named("hr-portal"));
        assert_eq!(&*Caller::of(&extensions).name, "hr-portal");
    }
}
