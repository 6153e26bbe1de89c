//! Pairs of people's names that must match on the name alone, and pairs that must not.
//!
//! The bearers are historic or made up. Each pair is tried in both directions: which of two names is the
//! listed one must not matter.

use crate::support::compare;

/// Names that may well be the same person's, by phenomenon.
const SAME: &[(&str, &[(&str, &str)])] = &[
    (
        "transliteration",
        &[
            ("Muammar Qadhafi", "Moammar Gaddafi"),
            ("Muammar Qadhafi", "Mouammar Kadhafi"),
            ("Muammar Gaddafi", "Mu'ammar al-Qaddafi"),
            ("Boris Yeltsin", "Boris Eltsine"),
            ("Boris Yeltsin", "Boris Jelzin"),
            ("Aleksandr Lukashenko", "Alexander Lukaschenko"),
            ("Alyaksandr Lukashenka", "Aleksander Łukaszenka"),
            ("Alexander Lukashenko", "Aliaksandr Lukashenka"),
            ("Nikita Khrushchev", "Nikita Chruschtschow"),
            ("Nikita Khrushchev", "Nikita Khrouchtchev"),
            ("Mikhail Gorbachev", "Michail Gorbatschow"),
            ("Anwar Sadat", "Anouar Sadate"),
            ("Gamal Abdel Nasser", "Jamal Abd al-Nasir"),
            ("Xiao Jinguang", "Hsiao Chin-kuang"),
            ("Zhou Enlai", "Chou En-lai"),
            ("Mao Zedong", "Mao Tse-tung"),
            ("Yi Sun-sin", "Lee Soon-shin"),
        ],
    ),
    (
        "order",
        &[
            ("Nikita Khrushchev", "Khrushchev, Nikita"),
            ("Sun Yat-sen", "Yat-sen Sun"),
            ("Mao Zedong", "Zedong Mao"),
            ("Salvador Guillermo Allende Gossens", "ALLENDE GOSSENS Salvador Guillermo"),
        ],
    ),
    (
        "initials",
        &[
            ("Nikita S. Khrushchev", "Nikita Sergeyevich Khrushchev"),
            ("N. S. Khrushchev", "Nikita Sergeyevich Khrushchev"),
            ("Khrushchev N.", "Nikita Khrushchev"),
        ],
    ),
    (
        "words joined and divided",
        &[
            ("Habib Allah Kalakani", "Habibullah Kalakani"),
            ("Abd al-Nasir Testnameh", "Abdulnasser Testnameh"),
            ("Ouyang Ya Nan", "Ouyang Yanan"),
            ("Park Chung Hee", "Park Chunghee"),
            ("Charles de Gaulle", "Charles DeGaulle"),
            ("Mullah Testnameh Akhund", "Mullahtestnameh Akhund"),
        ],
    ),
    (
        "parts left out",
        &[
            ("Salvador Allende", "Salvador Allende Gossens"),
            ("Nikita Khrushchev", "Nikita Sergeyevich Khrushchev"),
            ("Dr. Golda Meir", "Golda Meir"),
            ("Kemal Atatürk", "Mustafa Kemal Atatürk"),
        ],
    ),
    (
        "accents, case and punctuation",
        &[
            ("Antonín Dvořák", "ANTONIN DVORAK"),
            ("Sean O'Testnamey", "Sean OTestnamey"),
            ("Frédéric Joliot-Curie", "frederic joliot curie"),
            ("Nikita\u{200b} Khrush\u{ad}chev", "Nikita Khrushchev"),
            // The second s of the family name is Cyrillic.
            ("Nikita Khrush\u{441}hev", "Nikita Khrushchev"),
            // Begin with a Latin B, the second made small.
            ("Bладимир Маяковский", "Владимир Маяковский"),
            ("bладимир маяковский", "Владимир Маяковский"),
        ],
    ),
    (
        "endings of other languages",
        &[
            ("Nikita Chruščevas", "Nikita Khrushchev"),
            ("Vladimirs Ļeņins", "Vladimir Lenin"),
            ("Vladimiras Leninas", "Wladimir Lenin"),
        ],
    ),
    (
        "typing errors",
        &[
            ("Nikita Khruschev", "Nikita Khrushchev"),
            ("Mikhail Gorbahcev", "Mikhail Gorbachev"),
            ("Antonin Dvorrak", "Antonin Dvorak"),
        ],
    ),
    (
        "nicknames and national forms",
        &[
            ("Bill Thistlewaite", "William Thistlewaite"),
            ("Sasha Pushkin", "Aleksandr Pushkin"),
            ("Jozef Stalin", "Joseph Stalin"),
            ("Rudi Thistlewaite", "Rudolf Thistlewaite"),
            ("Nikita Hryhoravich Testovich", "Mikita Grigoryevich Testovich"),
        ],
    ),
    (
        "scripts",
        &[
            ("Никита Хрущёв", "Nikita Khrushchev"),
            ("Никита Сергеевич Хрущев", "Khrushchev Nikita"),
            ("Михаил Горбачёв", "Michail Gorbatschow"),
            ("Μίκης Θεοδωράκης", "Mikis Theodorakis"),
            ("Ελευθέριος Βενιζέλος", "Eleftherios Venizelos"),
            ("جمال عبد الناصر", "Gamal Abdel Nasser"),
            ("محمد مصدق", "Mohammad Mosaddegh"),
            ("גולדה מאיר", "Golda Meir"),
            ("შოთა რუსთაველი", "Shota Rustaveli"),
            ("毛泽东", "Mao Zedong"),
            ("毛澤東", "毛泽东"),
            ("周恩来", "Chou En-lai"),
            ("박정희", "Park Chung-hee"),
            ("박정희", "Pak Chong-hui"),
            ("朴正熙", "박정희"),
        ],
    ),
];

/// Names that must not match, by what tells them apart.
const OTHER: &[(&str, &[(&str, &str)])] = &[
    (
        "a word that goes on",
        &[
            ("Sergei Ivan", "Sergei Ivanov"),
            ("Ivan", "Ivanov"),
            ("Ivan Petrov", "Ivanov Petr"),
            ("Maria Popa", "Maria Popova"),
        ],
    ),
    (
        "a syllable",
        &[
            ("Kim Jong Un", "Kim Jong Il"),
            ("Kim Jong-un", "KIM Jong-il"),
            ("김정은", "김정일"),
            ("김정은", "Kim Jong Il"),
            ("Li Wu", "Lu Wu"),
            ("李武", "Lu Wu"),
            ("Zhang Yanan", "Zhang Yan An"),
            ("Yanan Wang", "Yan An Wang"),
        ],
    ),
    (
        "another given name, of the same letters but a few",
        &[
            ("Mohammed Hosseini", "Mahmud Hosseini"),
            ("Mohammed Ali", "Mahmoud Ali"),
            ("محمد حسيني", "محمود حسيني"),
            ("محمد حسيني", "Mahmud Hosseini"),
            ("محمد مصدق", "محمود مصدق"),
            ("محمد مصدق", "Mahmud Mosaddegh"),
            ("Ali Hassan", "Ali Hussein"),
        ],
    ),
    (
        "another given name",
        &[
            ("Andrei Tarkovsky", "Arseny Tarkovsky"),
            ("Indira Gandhi", "Rajiv Gandhi"),
            ("Nikita Khrushchev", "Sergei Khrushchev"),
            ("Heinrich Mann", "Thomas Mann"),
        ],
    ),
    (
        "another family name",
        &[
            ("Nikita Khrushchev", "Nikita Mikhalkov"),
            ("Wei Zhang", "Wei Wang"),
            ("Boris Yeltsin", "Boris Pasternak"),
            ("Fatima Ahmadi", "Fatima Ahmed"),
        ],
    ),
    (
        "one common word",
        &[
            ("Mohamed", "Mohamed Hassan Ali"),
            ("Mohamed", "Mohamed Khatami"),
            ("Mohamed", "Mahmud"),
            ("Maria", "Maria Callas"),
            ("Kim", "Kim Jong Il"),
        ],
    ),
];

/// Tries pairs in both directions; all that fail, told at once.
fn failures(groups: &[(&str, &[(&str, &str)])], expected: bool) -> Vec<String> {
    let mut failed = Vec::new();
    for (phenomenon, pairs) in groups {
        for &(a, b) in *pairs {
            for (query, candidate) in [(a, b), (b, a)] {
                let found = compare(query, candidate);
                if found.is_match != expected {
                    failed.push(format!(
                        "{phenomenon}: {query} / {candidate}: {:.3}, {:.1} bits. {}",
                        found.score, found.explanation.bits, found.explanation.summary
                    ));
                }
            }
        }
    }
    failed
}

#[test]
fn names_of_one_person_match() {
    let failed = failures(SAME, true);
    assert!(failed.is_empty(), "{} missed:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn names_of_two_people_do_not_match() {
    let failed = failures(OTHER, false);
    assert!(failed.is_empty(), "{} matched:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn a_word_that_two_people_share_is_no_strong_hit() {
    for (a, b) in [("Mohamed", "Mohamed"), ("Maria", "María")] {
        let found = compare(a, b);
        assert!(found.score < 0.6, "{a} / {b}: {:.3}", found.score);
    }
}
