//! Profiles that must not be used: each fault is told with its place and how to mend it.

use super::*;

/// What is wrong, in an overlay over Maastricht, and what the error must say.
const FAULTS: &[(&str, &[&str])] = &[
    ("colour = \"blue\"", &["ours.toml:2: unknown field `colour`"]),
    ("[review]\nfour_eyes = \"perhaps\"", &["ours.toml:3: ", "boolean"]),
    ("[review]\nretention_days = 0", &["review.retention_days: is missing or outside 1 to 3650"]),
    ("id = \"With Blanks\"", &["id: is no id"]),
    ("decides = [\"rector\"]", &["decides: \"rector\" is not there; declare it with [[decider]]"]),
    ("without_rules = [\"seven-suns\"]", &["there is no rule \"seven-suns\""]),
    ("extends = \"maastricht\"", &["duplicate key"]),
    ("[next_step]\napproved = { en = \"x\", nl = \"x\" }", &["ours.toml:3: unknown variant `approved`"]),
    (
        "[next_step]\nclear_on_lists = { en = \"Approved.\", nl = \"Goedgekeurd.\" }",
        &[
            "next_step.clear_on_lists.en: says \"approved\"",
            "next_step.clear_on_lists.nl: says \"goedgekeurd\"",
        ],
    ),
    (
        "[countries.high_risk]\ncodes = [\"ir\"]",
        &["ours.toml:2: countries.high_risk.codes: \"ir\" is not an ISO 3166-1"],
    ),
    (
        "[countries.high_risks]\ntitle = { en = \"x\", nl = \"x\" }\ncodes = [\"XA\"]",
        &["ours.toml:2: countries.high_risks: no rule speaks of it (did you mean \"high_risk\"?)"],
    ),
    (
        "[fields.new]\ntitle = { en = \"x\", nl = \"x\" }",
        &["fields.new.stated: is missing", "fields.new: no rule speaks of it"],
    ),
    (
        "[fields.sensitive]\ntopics = [{ name = { en = \"x\", nl = \"\" }, keywords = [\"…\"] }]",
        &["fields.sensitive.topics.name.nl: is empty", "\"…\" has neither letter nor digit"],
    ),
    (
        "[fields.sensitive]\ntopics = [{ name = { en = \"x\" }, keywords = [\"x\"] }]",
        &["ours.toml:3: missing field `nl`"],
    ),
    (
        "[scholarships.other]\ntitle = { en = \"x\", nl = \"x\" }",
        &["scholarships.other.names: is missing or empty"],
    ),
    (
        "[lists.house]\nmax_age_days = 3",
        &["lists.house.title: is missing", "lists.house: no question reads this list"],
    ),
    ("[lists.eu]\nmax_age_days = 0", &["ours.toml:2: lists.eu.max_age_days: is missing or below 1"]),
    ("[democracy]", &["democracy: has no scores"]),
    ("[democracy]\ntable = \"scores.csv\"", &["democracy.table: a profile that is not a file"]),
    (
        "[democracy]\nscore = [{ country = \"Nederland\", score = 11.0, year = 24, source = \"\" }]",
        &["is not an ISO 3166-1", "lies outside 0 to 10", "year lies outside", "the source is empty"],
    ),
    (
        "[[decider]]\nid = \"new\"\nname = { en = \"x\", nl = \"x\" }\nvia = \"nobody\"",
        &["decider \"new\": via: \"nobody\" is not there"],
    ),
    (
        "[[question]]\nid = \"new\"",
        &[
            "ours.toml:3: question \"new\": title: is missing",
            "answered_by: is missing",
            "decider: is missing",
        ],
    ),
    (
        "[[question]]\nid = \"sanctions\"\nlists = []",
        &["question \"sanctions\": lists: is empty, so that nothing could answer"],
    ),
    (
        "[[question]]\nid = \"military\"\nlists = [\"apsi\"]",
        &[
            "question \"military\": lists: \"apsi\" is not there (did you mean \"aspi\"?); declare it as [lists.ID]",
        ],
    ),
    ("[[question]]\nid = \"sanctions\"\nalso = [\"eu\"]", &["\"eu\" is required by lists already"]),
    (
        "[[question]]\nid = \"military\"\nroles = [\"nationality\"]",
        &["ours.toml:4: unknown variant `nationality`"],
    ),
    (
        "[[interview]]\nid = \"x\"\nsource = \"\"\ntext = { en = \"x\", nl = \"x\" }\nintent = { en = \"\", nl = \"x\" }",
        &["interview \"x\": intent.en: is empty", "interview \"x\": source: is missing"],
    ),
];

/// What is wrong with a rule, and what the error must say. Everything else about the rule is right.
const RULES: &[(&str, &[&str])] = &[
    ("when.colour = \"blue\"", &["ours.toml:8: unknown field `colour`"]),
    ("when = {}", &["ours.toml:3: rule \"x\": when: is empty"]),
    ("when = { any = [{}], case = [\"hire\"] }", &["rule \"x\": when: is empty"]),
    ("when.case = [\"marriage\"]", &["unknown variant `marriage`"]),
    ("when.fact = { selected = true }", &["unknown variant `selected`"]),
    ("when.finding = {}", &["when.finding: is empty"]),
    ("when.subject = {}", &["when.subject: is empty"]),
    (
        "when.finding = { list = [\"apsi\"] }",
        &["when.finding.list: \"apsi\" is not there (did you mean \"aspi\"?)"],
    ),
    ("when.finding = { list = [\"eu\"] }", &["question \"military\" does not read list \"eu\""]),
    (
        "when.finding = { list = [\"aspi\"], category = [\"Seven suns of national defence\"] }",
        &[
            "when.finding.category: \"Seven suns of national defence\" is not there (did you mean \"Seven sons of national defence\"?)",
        ],
    ),
    ("when.finding = { rating = [\"extreme\"] }", &["unknown variant `extreme`"]),
    ("when.subject = { country = [\"XA\"] }", &["when.subject.country: \"XA\" is not there"]),
    ("when.subject = { democracy_at_most = 12.0 }", &["democracy_at_most: lies outside 0 to 10"]),
    ("when.field = [\"sensitif\"]", &["when.field: \"sensitif\" is not there (did you mean \"sensitive\"?)"]),
    ("when.scholarship = [\"dfg\"]", &["when.scholarship: \"dfg\" is not there"]),
    ("when.duration_months = {}", &["when.duration_months: no number lies within"]),
    ("when.duration_months = { min = 24, max = 12 }", &["no number lies within"]),
    ("when.duration_months = { min = -1 }", &["ours.toml:8: invalid value"]),
    ("when = { given = [\"data\"], missing = [\"data\"] }", &["cannot be given and missing at once"]),
    ("when.not = { not = { not = {} } }", &["rule \"x\": when: is empty"]),
    ("when.case = [\"hire\"]\ndecider = \"rector\"", &["rule \"x\": decider: \"rector\" is not there"]),
    (
        "when.case = [\"hire\"]\noutcome = \"clear_on_lists\"",
        &["rule \"x\": outcome: only lists can be clear"],
    ),
    (
        "when.case = [\"hire\"]\noutcome = \"question_for_person\"",
        &["rule \"x\": grade: a question has no grade"],
    ),
    (
        "when.case = [\"hire\"]\npast.text = { en = \"x\", nl = \" \" }",
        &["rule \"x\": past.text.nl: is empty"],
    ),
];

fn errors(text: &str) -> String {
    match Profile::parse("ours.toml", text, None) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn faults_are_told_with_their_place() {
    for (text, expected) in FAULTS {
        let told = errors(&format!("extends = \"maastricht\"\n{text}\n"));
        for part in *expected {
            assert!(told.contains(part), "{text}\nmust say {part}\nsays {told}");
        }
    }
    for (lines, expected) in RULES {
        let told = errors(&format!(
            "extends = \"maastricht\"\n[[rule]]\nid = \"x\"\nquestion = \"military\"\nsource = \"x\"\ngrade = \"note\"\n\
             text = {{ en = \"x\", nl = \"x\" }}\n{lines}\n"
        ));
        for part in *expected {
            assert!(told.contains(part), "{lines}\nmust say {part}\nsays {told}");
        }
    }
}

#[test]
fn rules_without_text_question_or_grade_are_refused() {
    let rule = |lines: &str| format!("extends = \"maastricht\"\n[[rule]]\nid = \"x\"\n{lines}");
    for (lines, expected) in [
        ("question = \"military\"\nsource = \"x\"\nwhen.case = [\"hire\"]", "missing field `text`"),
        (
            "question = \"militairy\"\nsource = \"x\"\ngrade = \"note\"\ntext = { en = \"x\", nl = \"x\" }\nwhen.case = [\"hire\"]",
            "question: \"militairy\" is not there (did you mean \"military\"?)",
        ),
        (
            "question = \"military\"\nsource = \"x\"\ntext = { en = \"x\", nl = \"x\" }\nwhen.case = [\"hire\"]",
            "rule \"x\": grade: is missing; use note, conditions",
        ),
        (
            "question = \"military\"\nsource = \" \"\ngrade = \"note\"\ntext = { en = \"x\", nl = \"x\" }\nwhen.case = [\"hire\"]",
            "rule \"x\": source: is missing or empty",
        ),
    ] {
        let told = errors(&rule(lines));
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn ids_stand_once() {
    let twice = "[[decider]]\nid = \"a\"\nname = { en = \"x\", nl = \"x\" }\n";
    let told = errors(&format!("extends = \"maastricht\"\n{twice}{twice}"));
    assert!(told.contains("ours.toml:6: decider \"a\": the id stands twice"), "{told}");
}

#[test]
fn files_that_are_no_profile_are_refused() {
    for (text, expected) in [
        ("", "id: is missing or empty"),
        ("extends = \"utrecht\"", "\"utrecht\" is neither a profile that comes with zeef nor a TOML file"),
        ("extends = \"leidn\"", "did you mean \"leiden\"?"),
        ("extends = \"base.toml\"", "a profile that is not a file of its own"),
        ("<html>", "ours.toml:1: "),
        ("id = \"x", "ours.toml:1: "),
        ("\u{0}", "ours.toml:1: "),
        ("id = 7", "ours.toml:1: invalid type: integer"),
    ] {
        let told = errors(text);
        assert!(told.contains(expected), "{text:?}: {told}");
    }
    let deep = format!("extends = \"maastricht\"\nx = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(errors(&deep).contains("ours.toml:2: "));
    let deep = format!(
        "extends = \"maastricht\"\n[[rule]]\nwhen = {}case = []{}",
        "{ not = ".repeat(50_000),
        "}".repeat(50_000)
    );
    assert!(errors(&deep).contains("ours.toml:"));
}

#[test]
fn broken_tables_are_told_with_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let ours = folder.path().join("ours.toml");
    std::fs::write(&ours, "extends = \"maastricht\"\n[democracy]\ntable = \"scores.csv\"\n").unwrap();
    let ours = ours.display().to_string();
    let missing = Profile::open(&ours).unwrap_err().to_string();
    assert!(missing.contains("scores.csv"), "{missing}");
    for (table, expected) in [
        ("country,score\nXA,3\n", "row: is not country,score,year,source"),
        ("country,score,year,source\nXA,low,2024,x\n", "scores.csv:2: row"),
        ("country,score,year,source,secret\nXA,3,2024,x,y\n", "row: is not"),
        ("country,score,year,source\nXA,3,2024,x\nXA,4,2024,x\n", "democracy.score XA: stands twice"),
        ("country,score,year,source\nXA,NaN,2024,x\n", "lies outside 0 to 10"),
        ("country,score,year,source\n", "democracy: has no scores"),
    ] {
        std::fs::write(folder.path().join("scores.csv"), table).unwrap();
        let told = Profile::open(&ours).unwrap_err().to_string();
        assert!(told.contains(expected), "{table}: {told}");
    }
}
