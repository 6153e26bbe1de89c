//! The command line: arguments checked, work done elsewhere, answers for people or programs.
//!
//! Raw arguments (`args`) become validated plans (`plan`) in one step; each command then has a file
//! of its own. Answers go to standard output, everything about how they came about to standard error.

mod args;
mod audit;
mod case;
mod compare;
mod config;
mod data;
mod entity;
mod exit;
mod history;
mod import;
mod lists;
mod logs;
mod notice;
mod plan;
mod print;
mod privacy;
mod records;
mod review;
mod rows;
mod screen;
mod search;
mod serve;
mod settings;
mod systemd;
mod token;
mod update;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use exit::{CliError, code};
use plan::{Environment, Plan};

/// Runs the command that `arguments` (the program's name first) ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    keep_names_out_of_panics();
    let args = match args::Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => {
            // Help and version end well; where they cannot be printed nobody is left to tell.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(code::INPUT));
        }
    };
    match Plan::new(args, &Environment::of_process()).and_then(carry_out) {
        Ok(code) => ExitCode::from(code),
        // `zeef lists | head` is no failure; but a batch whose answers nobody took is not answered.
        Err(CliError::Output(e)) if e.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            if !error.is_broken_pipe() {
                print::error(&error);
            }
            ExitCode::from(error.code())
        }
    }
}

fn carry_out(plan: Plan) -> Result<u8, CliError> {
    match plan {
        Plan::Formats => lists::formats_table(),
        Plan::Import(plan) => import::run(&plan),
        Plan::Serve(plan) => serve::run(&plan),
        Plan::CheckConfig(plan) => settings::check(&plan),
        Plan::NewToken(plan) => token::new(&plan),
        Plan::Case(plan) => case::run(&plan),
        Plan::Screen(plan) => screen::run(&plan),
        Plan::Compare(plan) => compare::run(&plan),
        Plan::CompareRows(plan) => rows::compare(&plan),
        Plan::Batch(plan, form) => rows::screen(&plan, &form),
        Plan::Lists { data, issues, json } => lists::run(&data, issues, json),
        Plan::History { folder, json } => history::run(&folder, json),
        Plan::Diff(plan) => history::diff(&plan),
        Plan::UpdateLists(plan) => update::run(&plan),
        Plan::RollBack { folder, to } => history::go_back(&folder, to.as_deref()),
        Plan::Watch(plan) => watch::run(&plan),
        Plan::Entity { data, list, id, json } => entity::run(&data, &list, &id, json),
        Plan::Search(plan) => search::run(&plan),
        Plan::Audit(store, plan) => audit::run(&store, &plan),
        Plan::Review(store, plan) => review::run(&store, &plan),
        Plan::Purge(store, retention) => privacy::run_purge(&store, &retention),
        Plan::Person(store, plan) => privacy::run_person(&store, &plan),
    }
}

/// A panic's message may quote the text that was being worked on, which may be a candidate's name.
/// Says where it happened instead, and nothing more.
fn keep_names_out_of_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        eprintln!("zeef: internal error at {place}; please report it");
    }));
}
