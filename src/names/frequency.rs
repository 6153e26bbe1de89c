//! How common names are in the world, by culture.
//!
//! A rare name says more than a common one. How rare a name is must come from people at large and
//! never from the screened list, on which "Wei Zhang" is rare. The tables are rough: shares to one or
//! two digits, of the commonest names of each culture. What is in none of them is rare in all.
//!
//! Names are lower-case ASCII in a common Latin spelling, one line of a table per share; spellings
//! of one name are to be added up by sound. The tables lie in `data/frequencies`, each with its source
//! and licence in its head.

use std::sync::LazyLock;

/// What part of a name a table counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Names given to a person; where several are usual, the share of people with the name among them.
    Given,
    /// Names of families, or whatever stands last where there are none.
    Family,
    /// The father's name with its ending (Ivanovich).
    Patronymic,
    /// A syllable of given names that are composed freely of one or two (Chinese, Korean): the share
    /// of people whose given name contains it.
    Syllable,
}

macro_rules! cultures {
    ($($(#[$doc:meta])* $variant:ident $name:literal $millions:literal { $($kind:ident $file:literal)* })*) => {
        /// A culture of naming: people who draw their names from one stock.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Culture {
            $($(#[$doc])* $variant,)*
        }

        impl Culture {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its English name, for explanations.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// People who bear such names, in millions, to one digit (2020s populations of the
            /// countries named). A weight for adding the cultures up, not a statistic.
            pub fn millions(self) -> f64 {
                match self { $(Self::$variant => $millions),* }
            }
        }

        /// The embedded tables.
        const TABLES: &[(Culture, Kind, &str)] = &[
            $($((Culture::$variant, Kind::$kind, include_str!(concat!("data/frequencies/", $file, ".tsv"))),)*)*
        ];
    };
}

cultures! {
    /// United States, and by that the English-speaking world.
    American "English-speaking" 400.0 { Given "american-given" Family "american-family" }
}

/// One line of the tables: a name and how common it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Lower-case a to z.
    pub name: &'static str,
    /// The fraction of the culture's people who bear it, above 0 and at most 1.
    pub share: f64,
    /// What part of a name it is.
    pub kind: Kind,
    /// Whose name it is.
    pub culture: Culture,
}

/// All entries of all tables, table by table, commonest first.
pub fn entries() -> impl Iterator<Item = Entry> {
    static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        TABLES.iter().flat_map(|(culture, kind, text)| parse(*culture, *kind, text).flatten()).collect()
    });
    ENTRIES.iter().copied()
}

/// The entries of a table, one result per name; `Err` holds the line that is none. A malformed line is
/// a defect of the build, which the tests below find; at run time it is left out.
fn parse(
    culture: Culture,
    kind: Kind,
    text: &'static str,
) -> impl Iterator<Item = Result<Entry, &'static str>> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).flat_map(move |line| {
        let (share, names) = line.split_once('\t').unwrap_or(("", line));
        let share = share.parse::<f64>().ok().filter(|s| *s > 0.0 && *s <= 1.0);
        names.split(' ').map(move |name| {
            let share = share.ok_or(line)?;
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase()) {
                return Err(line);
            }
            Ok(Entry { name, share, kind, culture })
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_of_every_table_is_well_formed() {
        for (culture, kind, text) in TABLES {
            for entry in parse(*culture, *kind, text) {
                assert!(entry.is_ok(), "{culture:?} {kind:?}: malformed: {entry:?}");
            }
            assert!(text.starts_with("# "), "{culture:?} {kind:?}: no head that says what and whence");
        }
    }

    #[test]
    fn tables_are_sorted_without_duplicates_and_add_up() {
        for (culture, kind, text) in TABLES {
            let entries: Vec<Entry> = parse(*culture, *kind, text).flatten().collect();
            assert!(entries.is_sorted_by(|a, b| a.share >= b.share), "{culture:?} {kind:?}: not sorted");
            let mut seen = HashSet::new();
            for entry in &entries {
                assert!(seen.insert(entry.name), "{culture:?} {kind:?}: {} twice", entry.name);
            }
            let sum: f64 = entries.iter().map(|e| e.share).sum();
            // People have one family and one father, but may have several given names and syllables.
            let most = match kind {
                Kind::Family | Kind::Patronymic => 1.02,
                Kind::Given => 1.3,
                Kind::Syllable => 2.0,
            };
            assert!(sum <= most, "{culture:?} {kind:?}: shares add up to {sum}");
            assert!(entries.len() >= 10, "{culture:?} {kind:?}: only {} names", entries.len());
        }
    }

    #[test]
    fn common_names_are_known_as_common() {
        for (culture, kind, name, at_least) in [
            (Culture::American, Kind::Family, "smith", 0.005),
            (Culture::American, Kind::Given, "james", 0.01),
        ] {
            assert!(
                entries()
                    .any(|e| (e.culture, e.kind, e.name) == (culture, kind, name) && e.share >= at_least),
                "{culture:?} {name}"
            );
        }
    }

    #[test]
    fn every_culture_weighs_something() {
        for culture in Culture::ALL {
            assert!(culture.millions() > 0.0 && !culture.name().is_empty());
        }
    }
}
