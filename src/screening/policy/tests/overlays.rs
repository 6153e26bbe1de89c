//! What an operator lays over a profile.

use super::*;
use crate::screening::case::{Grade, Outcome};

fn write(folder: &std::path::Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// A list, a category, a rule and its texts, without code.
#[test]
fn a_profile_adds_lists_categories_and_rules() {
    let text = r#"
        extends = "maastricht"
        id = "maastricht-ours"
        version = "1"
        [lists.house]
        title = { en = "House list", nl = "Huislijst" }
        meaning = { en = "Known to us.", nl = "Bij ons bekend." }
        max_age_days = 30
        categories = ["Watched"]
        [lists.aspi]
        max_age_days = 10
        [[question]]
        id = "military"
        lists = ["aspi", "house"]
        [[rule]]
        id = "house-watched"
        question = "military"
        source = "our own"
        grade = "undesirable"
        text = { en = "Watched.", nl = "In de gaten." }
        when.finding = { list = ["house"], category = ["Watched"] }
        [[decider]]
        id = "dean"
        name = { en = "vice-dean", nl = "vicedecaan" }
    "#;
    let profile = Profile::parse("ours.toml", text, None).unwrap();
    assert_eq!((profile.id(), profile.version()), ("maastricht-ours", "1"));
    assert_ne!(profile.hash(), maastricht().hash());
    let mut made = Made::hire();
    stamp(&mut made.screened).lists[1].age_days = 11;
    let finding = made.listed(1, "house");
    finding.facts.categories = vec!["watched".into()];
    let result = made.apply(&profile);
    assert_eq!(advice(&result, "house-watched").unwrap().grade, Grade::Undesirable);
    // The list is asked for now, and the tracker's limit is the operator's.
    let missing: Vec<_> = result.gaps().iter().filter_map(|g| g.list()).collect();
    assert_eq!(missing, ["aspi", "house"]);
    // What was not touched is as it was, in its place.
    assert_eq!(result.questions[3].question, "military");
    assert_eq!(result.questions[3].printed, "G");
    assert_eq!(result.next_step.deciders.last().unwrap().name.en, "vice-dean");
}

#[test]
fn tables_lie_beside_the_profile_as_csv_or_toml() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "scores.csv", "country,score,year,source\nXA,3.9,2024,made up\n");
    write(
        folder.path(),
        "scores.toml",
        "[[score]]\ncountry = \"XA\"\nscore = 3.9\nyear = 2024\nsource = \"made up\"\n",
    );
    let mut hashes = Vec::new();
    for table in ["scores.csv", "scores.toml"] {
        let ours = write(
            folder.path(),
            "ours.toml",
            &format!("extends = \"maastricht\"\n[democracy]\ntable = \"{table}\"\n"),
        );
        let profile = Profile::open(&ours).unwrap();
        hashes.push(profile.hash().to_owned());
        let mut made = Made::hire();
        made.screened.subjects[2].subject.countries = vec!["XA".into()];
        assert!(advice(&made.apply(&profile), "democracy").is_some(), "{table}");
    }
    // The operator's table is part of what was applied.
    write(
        folder.path(),
        "scores.toml",
        "[[score]]\ncountry = \"XA\"\nscore = 5.0\nyear = 2025\nsource = \"made up\"\n",
    );
    hashes.push(
        Profile::open(&folder.path().join("ours.toml").display().to_string()).unwrap().hash().to_owned(),
    );
    hashes.dedup();
    assert_eq!(hashes.len(), 3);
}

#[test]
fn profiles_extend_one_another_and_leave_out_rules() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "middle.toml", "extends = \"maastricht\"\nwithout_rules = [\"named-by-the-us\"]\n");
    let outer =
        write(folder.path(), "outer.toml", "extends = \"middle.toml\"\n[review]\nretention_days = 30\n");
    let profile = Profile::open(&outer).unwrap();
    assert_eq!(profile.review().retention_days, 30);
    assert!(profile.review().four_eyes);
    let mut made = Made::hire();
    made.listed(1, "us-1286");
    // The finding stays, as one to be reviewed.
    let result = made.apply(&profile);
    assert_eq!(question(&result, "military").outcome, Outcome::ToBeReviewed);
    assert!(advice(&result, "named-by-the-us").is_none());

    let circle = write(folder.path(), "circle.toml", "extends = \"circle.toml\"\n");
    assert!(Profile::open(&circle).unwrap_err().to_string().contains("in a circle"));
}
