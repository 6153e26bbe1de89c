//! A person's name, analysed once: words with their kinds, sounds and rarity.

use super::cjk::CjkName;
use super::lexicon::{self, ParticleKind};
use super::nickname;
use super::rarity;
use super::script::{self, Script};
use super::word::{Form, Word, WordKind};

/// Most words of a name that are analysed; the longest listed person's name has 17.
pub const MAX_WORDS: usize = 24;

/// A person's name.
#[derive(Clone, Debug, Default)]
pub struct PersonName {
    /// The name as given, for [`super::cjk::words`].
    pub raw: String,
    /// Its words in order, at most [`MAX_WORDS`].
    pub words: Vec<Word>,
    /// Its reading as an East Asian name, if it has one.
    pub cjk: Option<CjkName>,
    /// Hash of its folded words without accents and without regard to their order; equal for names
    /// that are the same after folding.
    pub fold_hash: u64,
}

impl PersonName {
    /// Analyses a name. Never fails: what cannot be read is kept as text.
    pub fn analyse(raw: &str) -> Self {
        let folded = script::fold(raw);
        let lower = folded.to_lowercase();
        let mut parts = parts(&lower);
        classify(&mut parts);
        let baltic = baltic(&parts);
        let words: Vec<Word> = parts.into_iter().map(|part| build(part, baltic)).collect();
        let fold_hash = fold_hash(&words);
        Self { raw: raw.to_owned(), words, cjk: CjkName::analyse(raw), fold_hash }
    }

    /// Indexes of the words that carry evidence.
    pub fn core(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().filter(|(_, w)| w.kind.is_core()).map(|(i, _)| i)
    }

    /// How many people of a million may bear the name, from the rarity of its words taken as
    /// independent; `None` for a name without readable words.
    pub fn namesakes_per_million(&self) -> Option<f64> {
        let bits: f32 = self.words.iter().filter(|w| w.kind == WordKind::Name).map(|w| w.rarity.exact).sum();
        (bits > 0.0).then(|| 1e6 * (-f64::from(bits)).exp2())
    }
}

/// A word before it is analysed.
struct Part {
    text: String,
    script: Script,
    /// Followed by a full stop.
    dotted: bool,
    /// Followed by a hyphen.
    hyphened: bool,
    /// An Arabic article that was written together with the next word.
    article: bool,
    kind: WordKind,
}

/// Splits a folded name into words: at spaces, commas, hyphens, brackets and full stops. Apostrophes
/// are part of a word. An article written together with a word of Arabic script is a word of its own.
fn parts(folded: &str) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    let mut finish = |word: &mut String, end: char| {
        if word.is_empty() || out.len() + 4 > MAX_WORDS {
            word.clear();
            return;
        }
        let text = std::mem::take(word);
        let script = script::script_of(&text);
        let part = |text: &str, article| Part {
            text: text.to_owned(),
            script,
            dotted: end == '.',
            hyphened: end == '-',
            article,
            kind: WordKind::Name,
        };
        let mut push = |text: &str| match script::split_article(text) {
            Some((article, rest)) if script == Script::Arabic && rest.chars().count() >= 2 => {
                out.push(part(article, true));
                out.push(part(rest, false));
            }
            _ => out.push(part(text, false)),
        };
        match script::split_compound(&text).filter(|_| script == Script::Arabic) {
            // عبدالله stays one word, as Abdullah does.
            Some((first, second)) if second != "الله" => {
                push(first);
                push(second);
            }
            _ => push(&text),
        }
    };
    let mut word = String::new();
    for c in folded.chars() {
        match c {
            '\'' => {}
            c if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => word.push(c),
            c => finish(&mut word, c),
        }
    }
    finish(&mut word, ' ');
    out
}

/// Decides what part each word plays; some words play one only beside others.
fn classify(parts: &mut [Part]) {
    let last = parts.len().saturating_sub(1);
    for i in 0..parts.len() {
        let (before, rest) = parts.split_at_mut(i);
        let part = &mut rest[0];
        part.kind = kind_of(part, i, last, before);
    }
    for phrase in lexicon::filiation_phrases() {
        let mut from = 1;
        // Of a name without words there is not even a first one.
        while let Some(at) = parts.get(from..).and_then(|rest| find(rest, phrase)).map(|at| at + from) {
            if at + phrase.len() >= parts.len() {
                break;
            }
            parts[at..at + phrase.len()].iter_mut().for_each(|p| p.kind = WordKind::Filiation);
            from = at + phrase.len();
        }
    }
    let names = |parts: &[Part]| parts.iter().filter(|p| p.kind == WordKind::Name).count();
    // A particle before a single name is a given name that looks like one (Ben, Ed, Al).
    if let [first, rest @ ..] = &mut *parts
        && matches!(first.kind, WordKind::Filiation | WordKind::Particle)
        && first.script == Script::Latin
        && !first.hyphened
        && first.text.chars().count() >= 2
        && rest.iter().all(|p| matches!(p.kind, WordKind::Name | WordKind::Initial | WordKind::Suffix))
        && names(rest) == 1
    {
        first.kind = WordKind::Name;
    }
    // A title that is also borne as a name ("Khan", "Sheikh") is one only before two names.
    let mut first = true;
    for i in 0..parts.len() {
        let also_name = lexicon::title(&parts[i].text).is_some_and(|t| t.also_name);
        if parts[i].kind == WordKind::Title && also_name && !(first && names(&parts[i + 1..]) >= 2) {
            parts[i].kind = WordKind::Name;
        }
        first &= parts[i].kind == WordKind::Title;
    }
    // A patronymic stands after a given name and beside a family name, once; else it is a surname
    // of that form (Abramovich).
    let core = parts.iter().filter(|p| matches!(p.kind, WordKind::Name | WordKind::Patronymic)).count();
    let mut seen = 0;
    for part in parts.iter_mut() {
        if part.kind == WordKind::Patronymic {
            if core < 3 || seen > 0 || part.dotted {
                part.kind = WordKind::Name;
            }
            seen += 1;
        }
    }
    if parts.first().is_some_and(|p| p.kind == WordKind::Patronymic) {
        parts[0].kind = WordKind::Name;
        if let Some(next) = parts.iter_mut().skip(1).find(|p| is_patronymic(p)) {
            next.kind = WordKind::Patronymic;
        }
    }
    // A name of nothing but titles and particles is a name after all ("Haji", "El").
    if names(parts) == 0 {
        for part in parts.iter_mut().filter(|p| !p.kind.is_core() && !p.article) {
            part.kind = WordKind::Name;
        }
    }
}

/// Where a phrase first stands among the words.
fn find(parts: &[Part], phrase: &[&str]) -> Option<usize> {
    if phrase.is_empty() {
        return None;
    }
    parts.windows(phrase.len()).position(|w| w.iter().zip(phrase).all(|(p, word)| p.text == *word))
}

fn is_patronymic(part: &Part) -> bool {
    matches!(part.script, Script::Latin | Script::Cyrillic) && lexicon::patronymic(&part.text).is_some()
}

fn kind_of(part: &Part, at: usize, last: usize, before: &[Part]) -> WordKind {
    if part.article {
        return WordKind::Particle;
    }
    let text = part.text.as_str();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let particle = lexicon::particle(text);
    if letters == 1
        && matches!(part.script, Script::Latin | Script::Cyrillic | Script::Greek | Script::Armenian)
        && !(particle.is_some() && !part.dotted && at > 0 && at < last)
    {
        return WordKind::Initial;
    }
    if lexicon::title(text).is_some() {
        return WordKind::Title;
    }
    match particle {
        Some(ParticleKind::Kunya) if at < last => return WordKind::Kunya,
        Some(ParticleKind::Filiation) if at < last => return WordKind::Filiation,
        Some(ParticleKind::Article | ParticleKind::Nobiliary | ParticleKind::Conjunction) if at < last => {
            return WordKind::Particle;
        }
        _ => {}
    }
    if lexicon::suffix(text).is_some() && before.iter().any(|p| p.kind == WordKind::Name) {
        return WordKind::Suffix;
    }
    if is_patronymic(part) { WordKind::Patronymic } else { WordKind::Name }
}

/// Whether the name is in the form that Latvian and Lithuanian give to names of all languages: each of
/// its names, and more than one, has an ending of theirs (Kurmanbeks Bakijevs, Vladimiras Putinas).
fn baltic(parts: &[Part]) -> bool {
    let mut names = parts.iter().filter(|p| p.kind == WordKind::Name).peekable();
    let one = names.next().is_some_and(has_baltic_ending);
    one && names.peek().is_some() && names.all(has_baltic_ending)
}

fn has_baltic_ending(part: &Part) -> bool {
    part.script == Script::Latin && without_baltic_ending(&part.text).is_some()
}

/// Slavic family names with a Baltic ending, which are told from others by themselves.
const BALTIC_ENDINGS_OF_SLAVS: [&str; 6] = ["ovs", "evs", "ovas", "evas", "skis", "skas"];

/// The word without an ending of Latvian or Lithuanian men's names. At least three letters remain.
fn without_baltic_ending(word: &str) -> Option<&str> {
    let rest = ["as", "is", "us", "ys"].iter().find_map(|e| word.strip_suffix(e)).or_else(|| {
        let rest = word.strip_suffix('s')?;
        (!rest.ends_with(['a', 'e', 'i', 'o', 'u', 'y', 's'])).then_some(rest)
    })?;
    (rest.chars().count() >= 3).then_some(rest)
}

fn build(part: Part, baltic: bool) -> Word {
    let Part { text, script, kind, .. } = part;
    let romanised = match script {
        Script::Han | Script::Hangul => script::Romanised::default(),
        _ => script::romanise(&text),
    };
    let latin = romanised.forms.first().cloned().unwrap_or_default();
    let mut forms: Vec<Form> = Vec::with_capacity(romanised.forms.len());
    for letters in romanised.forms {
        let form = Form::of(servant(&letters));
        if !form.sounds.is_empty() && !forms.iter().any(|f| f.sounds == form.sounds) {
            forms.push(form);
        }
    }
    let own_forms = forms.len();
    if kind == WordKind::Name
        && script != Script::Arabic
        && let Some(rest) = forms.first().and_then(|f| without_article(&f.letters))
    {
        let form = Form::of(rest.to_owned());
        if !forms.iter().any(|f| f.sounds == form.sounds) {
            forms.push(form);
        }
    }
    if kind == WordKind::Name && script == Script::Latin {
        for at in 0..own_forms {
            let letters = &forms[at].letters;
            if (baltic || BALTIC_ENDINGS_OF_SLAVS.iter().any(|e| letters.ends_with(e)))
                && let Some(rest) = without_baltic_ending(letters)
            {
                let form = Form::of(rest.to_owned());
                if !forms.iter().any(|f| f.sounds == form.sounds) {
                    forms.push(form);
                }
            }
        }
    }
    let mut rarity = rarity::of(&forms[..own_forms]);
    if kind == WordKind::Kunya || is_servant(&forms) {
        // "father of", "servant of": the next word says who.
        rarity.exact = rarity.exact.min(BYNAME_BITS);
        rarity.skeleton = rarity.skeleton.min(BYNAME_BITS);
    }
    let mut classes: Vec<u16> = nickname::classes_of(&latin).iter().map(|&c| c as u16).collect();
    if script == Script::Arabic {
        classes = nickname::classes_of(&text).iter().map(|&c| c as u16).collect();
        // How common it is, is known of its spellings with vowels.
        let latin: Vec<Form> = nickname::latin_spellings(&text).map(|n| Form::of(n.to_owned())).collect();
        if !latin.is_empty() {
            let known = rarity::of(&latin);
            rarity.exact = rarity.exact.min(known.exact);
            rarity.skeleton = rarity.skeleton.min(rarity.exact);
        }
    }
    if kind == WordKind::Patronymic
        && let Some(father) = lexicon::patronymic(&latin)
    {
        classes = nickname::classes_of_father(father.stem).iter().map(|&c| c as u16).collect();
    }
    classes.sort_unstable();
    Word { text, kind, script, forms, unvowelled: romanised.abjad, own_forms, rarity, classes }
}

/// Bits of `abu`, `abd` and their like: about one name in five from the Arab world has one.
const BYNAME_BITS: f32 = 2.3;

/// `abdul`, `abdel`, `abdur` and the like are one word, `abd`; written together with the next word
/// (`abdulrahman`, `abderrahmane`, `abdolreza`) the article between them is dropped, because each
/// tradition writes another.
fn servant(letters: &str) -> String {
    let Some(rest) = letters.strip_prefix("abd") else { return letters.to_owned() };
    let bytes = rest.as_bytes();
    let (Some(b'a' | b'e' | b'i' | b'o' | b'u'), Some(&consonant)) = (bytes.first(), bytes.get(1)) else {
        return letters.to_owned();
    };
    match bytes.len() {
        // abdul, abdel, abdur, abdus …
        2 if matches!(consonant, b'l' | b'r' | b's' | b'n' | b'd' | b't' | b'z') => "abd".to_owned(),
        // abdallah, abdullah: the name itself.
        _ if matches!(&rest[1..], "lah" | "llah" | "la" | "lla" | "llahi" | "lahi") => "abdallah".to_owned(),
        // The article, whatever its vowel, before a consonant.
        n if n >= 5 && consonant == b'l' && !b"aeiou".contains(&bytes[2]) => format!("abd{}", &rest[2..]),
        n if n >= 5 && consonant == b'l' && bytes[0] != b'a' => format!("abd{}", &rest[2..]),
        // Its l taken up by the next consonant.
        n if n >= 5 && bytes.get(2) == Some(&consonant) => format!("abd{}", &rest[2..]),
        _ => letters.to_owned(),
    }
}

fn is_servant(forms: &[Form]) -> bool {
    forms.first().is_some_and(|f| f.letters == "abd")
}

/// The word without an Arabic article written together with it: `alrawi`, `elsayed`, `assadi` keep
/// their own form too.
fn without_article(letters: &str) -> Option<&str> {
    let rest = letters.strip_prefix("al").or_else(|| letters.strip_prefix("el"))?;
    let first = *rest.as_bytes().first()?;
    (rest.len() >= 4 && !b"aeiou".contains(&first)).then_some(rest)
}

/// Hash of the folded words, sorted, so that order does not matter.
fn fold_hash(words: &[Word]) -> u64 {
    let mut texts: Vec<String> = words.iter().map(|w| plain(&w.text)).filter(|t| !t.is_empty()).collect();
    texts.sort_unstable();
    let digest = blake3::hash(texts.join("\u{1}").as_bytes());
    u64::from_le_bytes(digest.as_bytes()[..8].try_into().unwrap_or_default())
}

/// A word without accents, for exact comparison.
pub fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}

/// Words of a place name, folded: in lower case, without accents, short words left out.
pub fn place_words(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let folded = script::fold(text).to_lowercase();
    let mut words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() >= 4)
        .map(|w| script::romanise(w).forms.into_iter().next().unwrap_or_else(|| w.to_owned()))
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}
