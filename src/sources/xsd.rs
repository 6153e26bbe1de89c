//! Values of XML Schema's types as the lists write them.

use crate::model::PartialDate;

/// An `xs:boolean`; missing is `false`.
pub(super) fn flag(value: &str) -> bool {
    matches!(value.trim(), "true" | "1")
}

/// An `xs:date` (a time zone after it is dropped); empty is `None`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn day(value: &str) -> Result<Option<PartialDate>, &'static str> {
    let value = value.trim();
    if matches!(value, "" | "-" | "UNKNOWN") {
        return Ok(None);
    }
    let (date, rest) = value.split_at_checked(10).ok_or(NOT_A_DATE)?;
    if !(rest.is_empty() || rest.starts_with(['Z', '+', '-', 'T'])) {
        return Err(NOT_A_DATE);
    }
    date.parse().map(Some).map_err(|_| NOT_A_DATE)
}

const NOT_A_DATE: &str = "not a date";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_with_and_without_zone() {
        for (text, expected) in [
            ("2003-07-08", Ok(Some("2003-07-08"))),
            ("2003-07-08Z", Ok(Some("2003-07-08"))),
            ("2003-07-08+02:00", Ok(Some("2003-07-08"))),
            ("2003-07-08T00:00:00", Ok(Some("2003-07-08"))),
            ("", Ok(None)),
            (" - ", Ok(None)),
            ("2003-07", Err(())),
            ("2003-07-0812", Err(())),
            ("2003-02-30", Err(())),
            ("0001-01-01", Err(())),
            ("يونيو 2003", Err(())),
        ] {
            let found = day(text).map(|d| d.map(|d| d.to_string())).map_err(|_| ());
            assert_eq!(found.as_ref().map(Option::as_deref), expected.as_ref().copied(), "{text}");
        }
    }
}
