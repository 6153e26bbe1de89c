//! Words of a text as analysts search for them.
//!
//! Coarser than the name analysis of the matcher: an analyst types a word as it is written
//! somewhere and expects the records that have it, whatever its case and accents. Scripts written
//! without spaces are cut into single characters and pairs of neighbours.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use unicode_script::{Script, UnicodeScript};

/// One folded piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A word of a script that separates words.
    Word(String),
    /// Neighbouring characters of a script that does not (Han, kana) or whose words are often
    /// joined (Hangul).
    Run(Vec<char>),
}

/// Cuts a text into folded pieces.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut word = String::new();
    let mut run: Vec<char> = Vec::new();
    // Decompose, drop accents, and compose again what was no accent (Hangul syllables).
    let folded = text.nfkd().filter(|c| !is_accent(*c)).nfc().flat_map(char::to_lowercase);
    for c in folded {
        if is_ignored(c) {
            continue;
        }
        if !c.is_alphanumeric() {
            close(&mut pieces, &mut word, &mut run);
        } else if is_unspaced(c) {
            if !word.is_empty() {
                close(&mut pieces, &mut word, &mut run);
            }
            run.push(c);
        } else {
            if !run.is_empty() {
                close(&mut pieces, &mut word, &mut run);
            }
            push_latin(&mut word, c);
        }
    }
    close(&mut pieces, &mut word, &mut run);
    pieces
}

/// All words of a text, folded and joined by one space: what makes two whole names equal.
pub(super) fn whole(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for piece in pieces(text) {
        if !whole.is_empty() {
            whole.push(' ');
        }
        match piece {
            Piece::Word(word) => whole.push_str(&word),
            Piece::Run(run) => whole.extend(run),
        }
    }
    whole
}

fn close(pieces: &mut Vec<Piece>, word: &mut String, run: &mut Vec<char>) {
    if !word.is_empty() {
        pieces.push(Piece::Word(std::mem::take(word)));
    }
    if !run.is_empty() {
        pieces.push(Piece::Run(std::mem::take(run)));
    }
}

/// Marks set on a letter. The voicing marks of kana (U+3099, U+309A) make another letter and stay.
fn is_accent(c: char) -> bool {
    canonical_combining_class(c) != 0 && !matches!(c, '\u{3099}' | '\u{309A}')
}

/// Apostrophes of all kinds and invisible characters, which stand inside words.
fn is_ignored(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '´' | '‘' | '’' | 'ʻ' | 'ʼ' | 'ʽ' | 'ʾ' | 'ʿ' | 'ʹ' | 'ʺ' | '\u{AD}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

fn is_unspaced(c: char) -> bool {
    !c.is_ascii()
        && matches!(
            c.script(),
            Script::Han
                | Script::Hangul
                | Script::Hiragana
                | Script::Katakana
                | Script::Thai
                | Script::Lao
                | Script::Khmer
                | Script::Myanmar
        )
}

/// Latin letters that do not decompose (ł, ø, ß, æ, đ) become plain ones.
fn push_latin(word: &mut String, c: char) {
    if !c.is_ascii() && c.script() == Script::Latin {
        // Some modifier letters come out as punctuation, which no word holds.
        let letters = any_ascii::any_ascii_char(c).chars().filter(|a| a.is_alphanumeric());
        word.extend(letters.flat_map(char::to_lowercase));
    } else {
        word.push(c);
    }
}

/// Longest word indexed, in bytes: longer ones are no words, and tantivy refuses terms beyond 64 KB.
const MAX_WORD_BYTES: usize = 200;

/// [`pieces`] for tantivy: words, and of runs each character and each pair of neighbours, the pair
/// at the position of its first character, so that a phrase of pairs finds a longer run.
#[derive(Clone, Default)]
pub(super) struct SearchTokenizer;

/// The tokens of one text.
pub(super) struct SearchTokens {
    tokens: std::vec::IntoIter<Token>,
    token: Token,
}

impl Tokenizer for SearchTokenizer {
    type TokenStream<'a> = SearchTokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SearchTokens {
        let mut tokens = Vec::new();
        let mut position = 0;
        let mut push = |text: String, position: usize| {
            if text.len() <= MAX_WORD_BYTES {
                // Offsets serve highlighting only, which is not done on this index.
                tokens.push(Token { offset_from: 0, offset_to: 0, position, text, position_length: 1 });
            }
        };
        for piece in pieces(text) {
            match piece {
                Piece::Word(word) => {
                    push(word, position);
                    position += 1;
                }
                Piece::Run(run) => {
                    for (i, c) in run.iter().enumerate() {
                        push(c.to_string(), position);
                        if let Some(next) = run.get(i + 1) {
                            push([*c, *next].iter().collect(), position);
                        }
                        position += 1;
                    }
                }
            }
        }
        SearchTokens { tokens: tokens.into_iter(), token: Token::default() }
    }
}

impl TokenStream for SearchTokens {
    fn advance(&mut self) -> bool {
        match self.tokens.next() {
            Some(token) => {
                self.token = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_what_analysts_do_not_type() {
        for (text, folded) in [
            ("Łukaszenka, ALEKSANDR", "lukaszenka aleksandr"),
            ("O’Neil  d'Or", "oneil dor"),
            ("Straße Ærø İzmir", "strasse aero izmir"),
            ("Vla\u{200B}dimir\u{AD}", "vladimir"),
            ("Лукашенко Йод", "лукашенко иод"),
            ("مُحَمَّد", "محمد"),
            ("김정은", "김정은"),
            ("哈尔滨 工业大学", "哈尔滨 工业大学"),
            ("ＡＢＣ-12/3", "abc 12 3"),
            ("«»", ""),
        ] {
            assert_eq!(whole(text), folded, "{text}");
        }
    }

    #[test]
    fn runs_become_characters_and_pairs() {
        let mut stream = SearchTokenizer.token_stream("HIT 哈工大");
        let mut tokens = Vec::new();
        while stream.advance() {
            tokens.push((stream.token().text.clone(), stream.token().position));
        }
        let expected = [("hit", 0), ("哈", 1), ("哈工", 1), ("工", 2), ("工大", 2), ("大", 3)];
        assert_eq!(tokens, expected.map(|(t, p)| (t.to_owned(), p)));
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_folding_is_stable(text in "\\PC*") {
            let once = whole(&text);
            proptest::prop_assert_eq!(whole(&once), once);
        }
    }
}
