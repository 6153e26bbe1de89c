use clap::{CommandFactory, Parser};

use super::*;

fn world() -> Environment {
    Environment {
        zeef_data: Some("/env".into()),
        user_folder: Some("/user/zeef".into()),
        user: "tester".into(),
        variables: Vec::new(),
    }
}

fn plan(line: &[&str], world: &Environment) -> Result<Plan, CliError> {
    let args = Args::try_parse_from(std::iter::once("zeef").chain(line.iter().copied()));
    Plan::new(args.map_err(|e| CliError::Usage(e.to_string()))?, world)
}

#[test]
fn arguments_are_consistent() {
    Args::command().debug_assert();
}

#[test]
fn data_folder_is_the_named_one_then_the_environment_then_the_users() {
    let none = Environment::default();
    let user = Environment { zeef_data: None, ..world() };
    for (line, world, expected) in [
        (vec!["lists", "--data", "d"], &world(), Folder::Named("d".into())),
        (vec!["lists"], &world(), Folder::Named("/env".into())),
        (vec!["lists"], &user, Folder::User("/user/zeef".into())),
        (vec!["lists"], &none, Folder::Demo),
        (vec!["lists", "--demo"], &world(), Folder::Demo),
    ] {
        match plan(&line, world) {
            Ok(Plan::Lists { data, .. }) => assert_eq!(data.folder, expected, "{line:?}"),
            other => panic!("{line:?}: {other:?}"),
        }
    }
}

#[test]
fn ages_are_the_lists_own_then_the_general_then_the_usual() {
    let age = |line: &[&str], list: &str| match plan(line, &world()) {
        Ok(Plan::Lists { data, .. }) => data.max_age.of(list),
        other => panic!("{line:?}: {other:?}"),
    };
    assert_eq!(age(&["lists"], "eu"), 30);
    assert_eq!(age(&["lists"], "other"), MAX_AGE_DAYS_OTHERS);
    assert_eq!(age(&["lists", "--max-age-days", "7"], "eu"), 7);
    assert_eq!(age(&["lists", "--max-age-days", "eu=3", "--max-age-days", "7"], "eu"), 3);
    assert_eq!(age(&["lists", "--max-age-days", "eu=3", "--max-age-days", "7"], "un"), 7);
}

#[test]
fn faults_are_said_before_anything_is_done() {
    for (line, says) in [
        (vec!["screen", " "], "name: is empty"),
        (vec!["screen", "A", "--threshold", "1.5"], "threshold"),
        (vec!["screen", "A", "--country", "Iran"], "countries[0]"),
        (vec!["screen", "A", "--born", "1970-13"], "month 13"),
        (vec!["screen", "A", "--data", "d", "--demo"], "--demo"),
        (vec!["screen", "A", "--max-age-days", "eu=soon"], "--max-age-days"),
        (vec!["serve", "--listen", "localhost"], "--listen"),
        (vec!["import"], "nothing to import"),
        (vec!["import", "--ror", "Cargo.toml"], "same import"),
        (vec!["import", "--source", "x"], "FORMAT=FILE"),
        (vec!["import", "--source", "nosuch=x"], "no format"),
        (vec!["import", "--eu", "/no/such/file"], "no such file"),
        (vec!["import", "--eu", "Cargo.toml", "--remove", "eu"], "same command"),
        (vec!["compare", "A", " "], "candidate: is empty"),
        (vec!["compare", "A"], "CANDIDATE"),
        (vec!["compare", "--format", "csv", "-"], "jsonl only"),
        (vec!["batch", "Cargo.toml", "--output", "./Cargo.toml"], "input file"),
        (vec!["batch", "a.xlsx"], "--output: name the file"),
        (vec!["batch", "a.xlsx", "--output", "b.jsonl"], ".csv or .xlsx"),
        (vec!["batch", "a.jsonl", "--output", "b.xlsx"], "JSON Lines"),
        (vec!["batch", "a.jsonl", "--sheet", "x"], "--sheet and --column"),
        (vec!["batch", "a.csv", "--sheet", "x"], "no sheets"),
        (vec!["batch", "a.csv", "--column", "x"], "HEADING=MEANING"),
        (vec!["batch", "a.csv", "--column", "x=y"], "no meaning \"y\""),
    ] {
        match plan(&line, &world()) {
            Err(e) => {
                assert!(e.to_string().contains(says), "{line:?}: {e}");
                assert_eq!(e.code(), 2, "{line:?}");
            }
            Ok(plan) => panic!("{line:?}: {plan:?}"),
        }
    }
}

#[test]
fn what_is_known_of_a_subject_arrives() {
    let line = [
        "screen",
        "Made",
        "Up",
        "Name",
        "--kind",
        "person",
        "--born",
        "1970-01",
        "--country",
        "ir",
        "--alias",
        "Another",
        "--id",
        "passport=X 1",
        "--id",
        "7",
        "--gender",
        "female",
        "--list",
        "eu",
    ];
    let Ok(Plan::Screen(plan)) = plan(&line, &world()) else { panic!() };
    assert_eq!(plan.subject.name, "Made Up Name");
    assert_eq!(plan.subject.kind, SubjectKind::Person);
    assert_eq!(plan.subject.birth_date.map(|d| d.to_string()).as_deref(), Some("1970-01"));
    assert_eq!(plan.subject.countries, ["IR"]);
    assert_eq!(plan.subject.gender, Some(Gender::Female));
    let ids: Vec<_> = plan.subject.identifiers.iter().map(|i| (i.kind.as_str(), i.number.as_str())).collect();
    assert_eq!(ids, [("passport", "X 1"), ("", "7")]);
    assert_eq!(plan.options.lists, ["eu"]);
}

#[test]
fn the_forms_of_rows_and_answers_follow_the_extensions() {
    use TableForm::{Csv, Workbook};
    for (line, expected) in [
        (vec!["batch", "a.csv"], Some((Csv, Csv))),
        (vec!["batch", "a.TSV"], Some((Csv, Csv))),
        (vec!["batch", "a.jsonl"], None),
        (vec!["batch", "-"], None),
        (vec!["batch", "a.csv", "--format", "jsonl"], None),
        (vec!["batch", "a.xlsx", "--output", "b.xlsx"], Some((Workbook, Workbook))),
        (vec!["batch", "a.XLSX", "--output", "b.csv"], Some((Workbook, Csv))),
        (vec!["batch", "a.csv", "--output", "b.xlsx"], Some((Csv, Workbook))),
        (vec!["batch", "a.csv", "--output", "b.txt"], Some((Csv, Csv))),
        (vec!["batch", "-", "--format", "xlsx", "--output", "b"], Some((Workbook, Workbook))),
        (vec!["batch", "a.xls", "--output", "b.xlsx"], Some((Workbook, Workbook))),
    ] {
        match (plan(&line, &world()), expected) {
            (Ok(Plan::Batch(_, Form::Lines)), None) => {}
            (Ok(Plan::Batch(_, Form::Table { rows, answers, .. })), Some(forms)) => {
                assert_eq!((rows, answers), forms, "{line:?}");
            }
            other => panic!("{line:?}: {other:?}"),
        }
    }
}
