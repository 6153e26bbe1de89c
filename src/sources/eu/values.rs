//! Country codes of the EU list.

/// A country code in capitals; `00` is the list's word for unknown and gives an empty code.
///
/// # Errors
/// What is wrong, where it is no code of two letters.
pub(super) fn country(value: &str) -> Result<String, &'static str> {
    match value.trim() {
        "" | "00" | "-" | "UNKNOWN" => Ok(String::new()),
        code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Ok(code.to_ascii_uppercase())
        }
        _ => Err("not a country code of two letters"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_codes_or_nothing() {
        for (text, expected) in [
            ("IR", Ok("IR")),
            ("ir", Ok("IR")),
            ("00", Ok("")),
            ("", Ok("")),
            ("UNKNOWN", Ok("")),
            ("IRN", Err(())),
            ("7a", Err(())),
        ] {
            let found = country(text).map_err(|_| ());
            assert_eq!(found.as_deref().map_err(|_| ()), expected, "{text}");
        }
    }
}
