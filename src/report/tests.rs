//! Reports of cases put together by hand: order, languages, foreign text, colours.

use std::collections::BTreeMap;

use super::foreign::{link, markdown, visible};
use super::{Language, Report};
use crate::matching::{Alignment, AlignmentKind, Evidence, EvidenceKind, Verdict};
use crate::screening::SubjectKind;
use crate::screening::case::{Certainty, FindingKind, Role, Tie};
use crate::screening::policy::Profile;
use crate::screening::policy::tests::{Made, maastricht, stamp, tied};

/// Names that nobody bears and that a report must survive.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style><style>@import 'http://example.org/x.css'",
    "Ana\u{202e}gnp.exe\u{202c}",
    "| a | **b** [c](javascript:alert(1)) `d` ~~e~~ <b>",
    "# Heading\n- item\n1. one\nhttp://example.org www.example.org a@example.org",
    "&lt;b&gt; &amp; \u{0} \u{7} \u{200b}",
    "علی رضایی",
];

fn made(name: &str) -> Made {
    let mut made = Made::hire();
    made.hire_mut().candidate.names = vec![name.into(), name.into()];
    made.hire_mut().work.field = name.into();
    made.case.case_id = name.into();
    for subject in &mut made.screened.subjects {
        subject.subject.name = name.into();
        subject.subject.aliases = vec![name.into()];
        subject.role_text = name.into();
        subject.path = name.into();
        subject.on_file_since = Some(name.into());
    }
    let finding = made.listed(0, "eu");
    finding.certainty = Certainty::Possible;
    finding.facts.categories = vec![name.into()];
    finding.facts.programmes = vec![name.into()];
    finding.facts.supervised_by = vec![name.into()];
    finding.facts.links =
        vec![name.into(), "javascript:alert(1)".into(), "https://example.org/listed".into()];
    let hit = finding.hit.as_mut().unwrap();
    hit.name = name.into();
    hit.entity_id = name.into();
    hit.query_name = name.into();
    hit.explanation.settle = vec![name.into(), "birth date".into()];
    hit.explanation.alignments = vec![
        Alignment {
            query: vec![name.into()],
            listed: vec![name.into()],
            kind: AlignmentKind::Same,
            bits: 9.0,
        },
        Alignment { query: vec![name.into()], listed: vec![], kind: AlignmentKind::QueryOnly, bits: -1.0 },
        Alignment {
            query: vec!["a".into()],
            listed: vec!["b".into()],
            kind: AlignmentKind::Conflict,
            bits: -6.0,
        },
    ];
    hit.explanation.evidence = vec![
        Evidence { kind: EvidenceKind::Name, verdict: Verdict::Agrees, bits: 9.0, text: name.into() },
        Evidence {
            kind: EvidenceKind::BirthDate,
            verdict: Verdict::Conflicts,
            bits: -8.0,
            text: "birth date: given 1970-01-02, listed about 1960 to 1962".into(),
        },
        Evidence {
            kind: EvidenceKind::Country,
            verdict: Verdict::Unknown,
            bits: 0.0,
            text: "countries (shown only, never counted for people): given none, listed XA".into(),
        },
    ];
    let tie = made.listed(1, "aspi");
    tie.what = tied(Tie::SupervisedBy);
    if let FindingKind::Tied { trace } = &mut tie.what {
        trace[0].name = name.into();
        trace[0].detail = name.into();
        trace[0].source = name.into();
    }
    made.subject(Role::Contact, name, name, SubjectKind::Person, "");
    made
}

fn with<T>(made: &Made, profile: &Profile, language: Language, render: impl Fn(&Report<'_>) -> T) -> T {
    let result = made.apply(profile);
    let screened = "2026-03-02T10:20:00Z".parse().unwrap();
    render(&Report { screened, language, case: &made.case, result: &result })
}

/// Markdown without what is escaped.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c == '\\' {
            characters.next();
        } else {
            out.push(c);
        }
    }
    out
}

#[test]
fn foreign_text_is_never_obeyed() {
    for name in HOSTILE {
        for language in [Language::En, Language::Nl] {
            let page = with(&made(name), &maastricht(), language, |r| r.html());
            assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"), "{name}");
            assert_eq!(page.matches("<style>").count(), 1, "{name}");
            assert!(!page.contains("href=\"javascript"), "{name}");
            assert!(!page.chars().any(|c| ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{0}'), "{name}");
            // Each tag that opens closes.
            for tag in
                ["section", "article", "table", "tr", "td", "div", "bdi", "p", "ul", "ol", "li", "dl", "span"]
            {
                let opened =
                    page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
                assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
            }
        }
        let text = with(&made(name), &maastricht(), Language::Nl, |r| r.markdown());
        let bare = unescaped(&text);
        assert_eq!(bare.matches('<').count(), bare.matches("<https://example.org/listed>").count(), "{bare}");
        assert!(!bare.contains("](") && !bare.contains("http:") && !bare.contains("www."), "{bare}");
        assert!(!text.lines().any(|l| l.starts_with("# Heading") || l.starts_with("- item")), "{text}");
        // The tables keep their columns.
        for row in text.lines().filter(|l| l.starts_with('|')) {
            let bars = unescaped(row).matches('|').count();
            assert!((4..=5).contains(&bars), "{row}");
        }
        let json = with(&made(name), &maastricht(), Language::Nl, |r| r.json().unwrap());
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["case"]["case_id"], *name);
    }
}

#[test]
fn marks_that_turn_text_round_become_visible() {
    for (raw, expected) in [
        ("a\u{202e}b", "a⟨U+202E⟩b"),
        ("a\u{200b}\u{feff}b", "a⟨U+200B⟩⟨U+FEFF⟩b"),
        ("a\nb\tc\u{2028}d", "a b c d"),
        ("a\u{7}", "a⟨U+0007⟩"),
        // Joiners that Persian needs stay.
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("Zoë 王伟", "Zoë 王伟"),
    ] {
        assert_eq!(visible(raw), expected);
    }
    for (raw, expected) in [
        ("Wei Zhang, Ph.D. (b. 1970)", "Wei Zhang, Ph.D. (b. 1970)"),
        ("1. one", "1\\. one"),
        ("- item", "\\- item"),
        ("2025.1", "2025.1"),
        ("Note: a", "Note: a"),
        ("http://example.org", "http\\://example.org"),
        ("mailto:a@example.org", "mailto\\:a\\@example.org"),
        ("Jean-Luc", "Jean-Luc"),
        ("www.example.org", "www\\.example.org"),
        ("a|b", "a\\|b"),
        ("*x* _y_", "\\*x\\* \\_y\\_"),
    ] {
        assert_eq!(markdown(raw), expected);
    }
    assert_eq!(link("https://example.org/a?b=c"), Some("https://example.org/a?b=c"));
    for refused in [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://example.org/\"onclick=",
        "ftp://x",
        "https://a b",
    ] {
        assert_eq!(link(refused), None);
    }
}

/// Summary first, then findings, what was checked, what is open, the interview, the stamp.
#[test]
fn the_parts_stand_in_order_in_both_languages() {
    let orders = [
        (
            Language::En,
            [
                "Summary and next step",
                "Findings beside the listed entry",
                "What was checked, against which lists",
                "Questions and open points",
                "For the interview",
                "What this answer rests on",
            ],
        ),
        (
            Language::Nl,
            [
                "Samenvatting en volgende stap",
                "Bevindingen naast de vermelding op de lijst",
                "Wat is getoetst, aan welke lijsten",
                "Vragen en open punten",
                "Voor het gesprek",
                "Waarop dit antwoord rust",
            ],
        ),
    ];
    for (language, parts) in orders {
        for page in [
            with(&made("Testa Madeup"), &maastricht(), language, |r| r.html()),
            with(&made("Testa Madeup"), &maastricht(), language, |r| r.markdown()),
        ] {
            let places: Vec<usize> =
                parts.iter().map(|p| page.find(p).unwrap_or_else(|| panic!("{p}"))).collect();
            assert!(places.is_sorted(), "{places:?}");
            let result = made("Testa Madeup").apply(&maastricht());
            for must in [&result.policy_hash, "made-up", "2026-03-02 10:20 UTC", "F1"] {
                assert!(page.contains(must), "{must}");
            }
        }
    }
}

#[test]
fn a_page_asks_for_nothing_outside_itself() {
    let page = with(&made("Testa Madeup"), &maastricht(), Language::En, |r| r.html());
    for asking in ["src=", "url(", "@import", "<link", "<iframe", "<object", "<form"] {
        assert!(!page.contains(asking), "{asking}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("<html lang=\"en\">"));
    assert!(page.contains("href=\"https://example.org/listed\" rel=\"noopener noreferrer\""));
}

/// A tie that leads to a match shown already refers to it, and is told from the subject's side.
#[test]
fn a_tie_does_not_repeat_its_match() {
    let mut case = Made::partner("NL");
    case.listed(1, "eu");
    let member = case.screened.subjects[1].subject.name.clone();
    let tie = case.listed(0, "eu");
    tie.what = tied(Tie::BoardOf);
    tie.hit.as_mut().unwrap().query_name = member;
    let page = with(&case, &maastricht(), Language::En, |r| r.html());
    assert!(page.contains("How the names compare stands with F1."));
    assert!(page.contains("has on its board"));
}

#[test]
fn gaps_are_told_before_anything_else() {
    for language in [Language::En, Language::Nl] {
        let mut case = made("Testa Madeup");
        stamp(&mut case.screened).lists[0].age_days = 40;
        stamp(&mut case.screened).lists.remove(1);
        for page in [
            with(&case, &maastricht(), language, |r| r.html()),
            with(&case, &maastricht(), language, |r| r.markdown()),
        ] {
            let stale = page
                .find(language.pick("Too old: EU consolidated list", "Te oud: geconsolideerde EU-lijst"))
                .unwrap();
            let missing =
                page.find(language.pick("Not loaded: China Defence", "Niet geladen: China Defence")).unwrap();
            let summary =
                page.find(language.pick("Summary and next step", "Samenvatting en volgende stap")).unwrap();
            assert!(stale < summary && missing < summary);
            assert!(!page.contains("nothing on these lists") && !page.contains("niets op deze lijsten"));
        }
        stamp(&mut case.screened).demo = true;
        let page = with(&case, &maastricht(), language, |r| r.html());
        assert!(page.contains(language.pick(
            "demonstration lists, which protect nobody",
            "demonstratielijsten, die niemand beschermen"
        )));
    }
}

/// Dutch reports say in Dutch what the matcher says in English.
#[test]
fn evidence_is_told_in_dutch() {
    let page = with(&made("Testa Madeup"), &maastricht(), Language::Nl, |r| r.html());
    for must in [
        "opgegeven 1970-01-02, vermeld omstreeks 1960 tot 1962",
        "opgegeven geen, vermeld XA (alleen getoond, telt bij personen nooit mee)",
        "strijdt",
        "spreekt tegen",
        "De geboortedatum van",
        "valt onder",
    ] {
        assert!(page.contains(must), "{must}");
    }
    for never in ["given", "birth date", "conflicts", "To be reviewed", "Decision"] {
        assert!(!page.contains(never), "{never}");
    }
}

/// Text stands out from its ground as WCAG 2 AA asks: 4.5 to 1.
#[test]
fn colours_can_be_read() {
    let style = include_str!("html/style.css");
    let root = style.split_once('{').unwrap().1.split_once('}').unwrap().0;
    let colours: BTreeMap<&str, f64> = root
        .split(';')
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"))
        .map(|(name, hex)| {
            let channel = |i: usize| {
                let c = f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0;
                if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            };
            (name, 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4))
        })
        .collect();
    for (text, ground) in [
        ("ink", "paper"),
        ("ink", "wash"),
        ("soft", "paper"),
        ("soft", "wash"),
        ("soft", "gap-wash"),
        ("ink", "gap-wash"),
        ("accent", "paper"),
        ("accent", "wash"),
        ("review", "paper"),
        ("review", "review-wash"),
        ("advice", "advice-wash"),
        ("gap", "gap-wash"),
        ("ask", "ask-wash"),
        ("clear", "clear-wash"),
    ] {
        let (a, b) = (colours[text], colours[ground]);
        let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
        assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
    }
}
