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
    /// Arab countries.
    Arabic "Arabic" 420.0 { Given "arabic-given" Family "arabic-family" }
    /// Iran.
    Persian "Persian" 90.0 { Given "persian-given" Family "persian-family" }
    /// Pakistan, Afghanistan, Bangladesh.
    SouthAsianMuslim "Pakistani and Afghan" 450.0 { Given "south-asian-muslim-given" Family "south-asian-muslim-family" }
    /// Turkey.
    Turkish "Turkish" 80.0 { Given "turkish-given" Family "turkish-family" }
    /// Kurdistan in Iraq, Turkey, Syria and Iran.
    Kurdish "Kurdish" 35.0 { Given "kurdish-given" Family "kurdish-family" }
    /// Russia, its Tatar and Caucasian peoples included.
    Russian "Russian" 145.0 { Given "russian-given" Family "russian-family" Patronymic "russian-patronymic" }
    /// Ukraine.
    Ukrainian "Ukrainian" 40.0 { Given "ukrainian-given" Family "ukrainian-family" }
    /// Belarus.
    Belarusian "Belarusian" 9.0 { Given "belarusian-given" Family "belarusian-family" }
    /// Bulgaria.
    Bulgarian "Bulgarian" 7.0 { Given "bulgarian-given" Family "bulgarian-family" }
    /// Serbia, Bosnia, Croatia, Montenegro, North Macedonia.
    Serbian "Serbian, Croatian and Bosnian" 18.0 { Given "serbian-given" Family "serbian-family" }
    /// Poland.
    Polish "Polish" 40.0 { Given "polish-given" Family "polish-family" }
    /// Czechia and Slovakia.
    Czech "Czech and Slovak" 16.0 { Given "czech-given" Family "czech-family" }
    /// Hungary.
    Hungarian "Hungarian" 12.0 { Given "hungarian-given" Family "hungarian-family" }
    /// Romania and Moldova.
    Romanian "Romanian" 24.0 { Given "romanian-given" Family "romanian-family" }
    /// Albania and Kosovo.
    Albanian "Albanian" 7.0 { Family "albanian-family" }
    /// China, in pinyin.
    Chinese "Chinese" 1400.0 { Given "chinese-given" Family "chinese-family" Syllable "chinese-syllable" }
    /// Hong Kong and southern Chinese overseas, in Cantonese spelling.
    Cantonese "Cantonese" 15.0 { Family "cantonese-family" }
    /// Taiwan, in Wade-Giles.
    Taiwanese "Taiwanese" 24.0 { Family "taiwanese-family" }
    /// South Korea.
    Korean "Korean" 52.0 { Given "korean-given" Family "korean-family" Syllable "korean-syllable" }
    /// North Korea, in its own spelling.
    NorthernKorean "North Korean" 26.0 { Family "northern-korean-family" }
    /// Japan.
    Japanese "Japanese" 125.0 { Given "japanese-given" Family "japanese-family" }
    /// Vietnam.
    Vietnamese "Vietnamese" 100.0 { Given "vietnamese-given" Family "vietnamese-family" }
    /// India, Nepal, Sri Lanka.
    Indian "Indian" 1450.0 { Given "indian-given" Family "indian-family" }
    /// Myanmar.
    Burmese "Burmese" 54.0 { Given "burmese-given" Family "burmese-family" }
    /// Thailand.
    Thai "Thai" 70.0 { Given "thai-given" Family "thai-family" }
    /// Cambodia and Laos.
    CambodianLao "Cambodian and Lao" 25.0 { Family "cambodian-lao-family" }
    /// Indonesia.
    Indonesian "Indonesian" 280.0 { Given "indonesian-given" Family "indonesian-family" }
    /// Malaysia and Brunei.
    Malay "Malay" 25.0 { Given "malay-given" }
    /// The Philippines.
    Filipino "Filipino" 115.0 { Family "filipino-family" }
    /// Spain and Spanish America.
    Spanish "Spanish" 480.0 { Given "spanish-given" Family "spanish-family" }
    /// Portugal, Brazil, Portuguese Africa.
    Portuguese "Portuguese" 260.0 { Given "portuguese-given" Family "portuguese-family" }
    /// France, Walloon Belgium, French Canada.
    French "French" 85.0 { Given "french-given" Family "french-family" }
    /// Germany, Austria, Switzerland.
    German "German" 95.0 { Given "german-given" Family "german-family" }
    /// The Netherlands and Flanders.
    Dutch "Dutch" 24.0 { Given "dutch-given" Family "dutch-family" }
    /// Sweden, Denmark, Norway, Finland.
    Nordic "Nordic" 27.0 { Given "nordic-given" Family "nordic-family" }
    /// Italy.
    Italian "Italian" 60.0 { Given "italian-given" Family "italian-family" }
    /// Greece and Cyprus.
    Greek "Greek" 12.0 { Given "greek-given" Family "greek-family" }
    /// Israel.
    Hebrew "Israeli" 7.0 { Given "hebrew-given" Family "hebrew-family" }
    /// Armenia and its diaspora.
    Armenian "Armenian" 8.0 { Given "armenian-given" Family "armenian-family" }
    /// Georgia.
    Georgian "Georgian" 4.0 { Given "georgian-given" Family "georgian-family" }
    /// Azerbaijan.
    Azerbaijani "Azerbaijani" 11.0 { Given "azerbaijani-given" Family "azerbaijani-family" }
    /// Kazakhstan, Uzbekistan, Kyrgyzstan, Tajikistan, Turkmenistan.
    CentralAsian "Central Asian" 80.0 { Given "central-asian-given" Family "central-asian-family" }
    /// Mongolia.
    Mongolian "Mongolian" 3.5 { Given "mongolian-given" }
    /// Northern Nigeria, Niger, Chad, Senegal, Mali, Guinea, Gambia.
    Hausa "West African Muslim" 200.0 { Given "hausa-given" Family "hausa-family" }
    /// Southern Nigeria, Ghana, Benin.
    Nigerian "Nigerian and Ghanaian" 180.0 { Given "nigerian-given" Family "nigerian-family" }
    /// The two Congos, Rwanda, Burundi.
    Congolese "Congolese and Rwandan" 130.0 { Family "congolese-family" }
    /// Kenya, Tanzania, Uganda.
    Swahili "East African" 180.0 { Given "swahili-given" Family "swahili-family" }
    /// Somalia and Djibouti.
    Somali "Somali" 20.0 { Given "somali-given" Family "somali-family" }
    /// Ethiopia and Eritrea.
    Ethiopian "Ethiopian and Eritrean" 130.0 { Given "ethiopian-given" }
    /// South Africa, Zimbabwe, Zambia, Mozambique.
    SouthernAfrican "Southern African" 150.0 { Family "southern-african-family" }
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
                Kind::Given if *culture == Culture::Burmese => 3.0,
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
            (Culture::Chinese, Kind::Family, "wang", 0.07),
            (Culture::Chinese, Kind::Given, "wei", 0.004),
            (Culture::Korean, Kind::Family, "kim", 0.2),
            (Culture::Vietnamese, Kind::Family, "nguyen", 0.3),
            (Culture::Arabic, Kind::Given, "ali", 0.01),
            (Culture::Persian, Kind::Family, "hosseini", 0.005),
            (Culture::SouthAsianMuslim, Kind::Family, "khan", 0.03),
            (Culture::Russian, Kind::Given, "aleksandr", 0.02),
            (Culture::Russian, Kind::Patronymic, "ivanovich", 0.02),
            (Culture::Burmese, Kind::Given, "aung", 0.03),
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
