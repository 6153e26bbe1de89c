//! The report as Markdown: the same parts in the same order, for systems that file text.

use std::fmt::Write as _;

use super::foreign::{link, markdown as md};
use super::{Report, words};
use crate::screening::case::{Decider, FindingKind, ListGap};

/// The page.
pub fn page(report: &Report<'_>) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_page(&mut out, report);
    out
}

fn decider(report: &Report<'_>, d: &Decider) -> String {
    let name = report.language.of(&d.name);
    if d.contact.is_empty() { md(name) } else { format!("{} ({})", md(name), md(&d.contact)) }
}

fn write_page(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let l = report.language;
    let result = report.result;
    writeln!(out, "# {}: {}\n", l.pick("Screening report", "Toetsingsrapport"), md(report.subject()))?;
    writeln!(out, "{}\n", md(l.of(&result.policy_title)))?;
    for (name, value) in super::html::case_facts(report.case, l) {
        writeln!(out, "- {name}: {}", md(&value))?;
    }
    writeln!(out, "- {}: {}", l.pick("Case", "Dossier"), md(&result.case_id))?;
    writeln!(out, "- {}: {}\n", l.pick("Screened", "Getoetst"), report.day())?;
    for gap in report.gaps() {
        writeln!(out, "> **⚠ {}**\n", md(&gap))?;
    }
    summary(out, report)?;
    findings(out, report)?;
    checked(out, report)?;
    open(out, report)?;
    if !result.interview.is_empty() {
        writeln!(out, "## {}\n", l.pick("For the interview", "Voor het gesprek"))?;
        for (n, i) in result.interview.iter().enumerate() {
            let intent = l.pick("Meant to bring out:", "Bedoeld om boven tafel te krijgen:");
            writeln!(
                out,
                "{}. {} *{intent} {}* ({})",
                n + 1,
                md(l.of(&i.text)),
                md(l.of(&i.intent)),
                md(&i.source)
            )?;
        }
        writeln!(out)?;
    }
    let stamp = &result.screened.stamp;
    writeln!(out, "## {}\n", l.pick("What this answer rests on", "Waarop dit antwoord rust"))?;
    writeln!(
        out,
        "- {}: `{}`",
        l.pick("Snapshot", "Momentopname"),
        stamp.snapshot.replace(['`', '\n'], " ")
    )?;
    writeln!(
        out,
        "- {}: {}, {}",
        l.pick("Matcher, threshold", "Vergelijker, drempel"),
        md(&stamp.matcher),
        stamp.threshold
    )?;
    writeln!(
        out,
        "- {}: {} {}, BLAKE3 `{}`",
        l.pick("Policy", "Beleid"),
        md(&result.policy),
        md(&result.policy_version),
        result.policy_hash
    )?;
    let eyes = if result.review.four_eyes {
        l.pick("two people must agree", "twee personen moeten instemmen")
    } else {
        l.pick("one person decides", "één persoon beslist")
    };
    let kept = words::days(l, i64::from(result.review.retention_days));
    writeln!(
        out,
        "- {}: {eyes}, {} {kept}",
        l.pick("Decision and keeping", "Besluit en bewaren"),
        l.pick("purged after", "verwijderd na")
    )
}

fn summary(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let l = report.language;
    let result = report.result;
    writeln!(out, "## {}\n", l.pick("Summary and next step", "Samenvatting en volgende stap"))?;
    writeln!(out, "**{}**\n", md(l.of(&result.next_step.text)))?;
    for d in result.next_step.deciders.iter().filter(|d| !d.contact.is_empty()) {
        writeln!(out, "{}\n", decider(report, d))?;
    }
    let heads =
        [l.pick("Question", "Vraag"), l.pick("Outcome", "Uitkomst"), l.pick("In short", "In het kort")];
    writeln!(out, "| | {} |\n|---|---|---|---|", heads.join(" | "))?;
    for q in &result.questions {
        let (sign, word) = words::outcome(l, q.outcome);
        writeln!(
            out,
            "| {} | {} | {} {word} | {} |",
            md(&q.printed),
            md(l.of(&q.title)),
            md(sign),
            md(l.of(&q.summary))
        )?;
    }
    writeln!(out)?;
    for q in result.questions.iter().filter(|q| !q.advice.is_empty()) {
        writeln!(out, "**{}**\n", md(l.of(&q.title)))?;
        for a in &q.advice {
            let rests =
                if a.findings.is_empty() { String::new() } else { format!(" ({})", a.findings.join(", ")) };
            let who = a.decider.as_ref().map_or_else(String::new, |d| format!("; {}", decider(report, d)));
            writeln!(
                out,
                "- **{}**: {}{rests} *{}{who}*",
                words::grade(l, a.grade),
                md(l.of(&a.text)),
                md(&a.source)
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn findings(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let l = report.language;
    let screened = &report.result.screened;
    writeln!(
        out,
        "## {}\n",
        l.pick("Findings beside the listed entry", "Bevindingen naast de vermelding op de lijst")
    )?;
    if screened.findings.is_empty() {
        writeln!(out, "{} {}.\n", l.pick("Found:", "Gevonden:"), report.nothing_found())?;
    }
    for f in &screened.findings {
        let Some(subject) = screened.subjects.get(f.subject) else { continue };
        let listed = f.hit.as_ref().map_or("", |h| &h.name);
        let says = words::finding(l, f);
        writeln!(out, "### {} {} {says} {}\n", f.id, md(&subject.subject.name), md(listed))?;
        let role = words::role(l, subject.role);
        writeln!(
            out,
            "- {} {}, {role}, {}",
            l.pick("In this case:", "In deze opgave:"),
            md(&subject.path),
            words::period(l, subject)
        )?;
        writeln!(out, "- {} {}", l.pick("Certainty:", "Zekerheid:"), words::certainty(l, f.certainty))?;
        match &f.what {
            FindingKind::Tied { trace } => {
                for step in trace {
                    let details = words::tie_details(l, step);
                    writeln!(out, "- {} {} ({})", words::tie(l, step.tie), md(&step.name), md(&details))?;
                }
            }
            FindingKind::Ownership { share, .. } => {
                writeln!(out, "- {} {share} %", l.pick("Together they hold", "Samen bezitten zij"))?;
            }
            FindingKind::Listed => {}
        }
        if let Some(hit) = &f.hit {
            writeln!(
                out,
                "- {} {} {}: {} ({}, {:.2})",
                l.pick("List:", "Lijst:"),
                md(&hit.list),
                md(&hit.entity_id),
                md(&hit.matched_name),
                words::strength(l, hit.strength),
                hit.score
            )?;
            if !f.facts.categories.is_empty() {
                writeln!(
                    out,
                    "- {} {}",
                    l.pick("Category:", "Categorie:"),
                    md(&f.facts.categories.join("; "))
                )?;
            }
            if hit.list == "aspi" {
                writeln!(
                    out,
                    "- {} {}",
                    l.pick("Rating:", "Kwalificatie:"),
                    words::rating(l, f.facts.rating)
                )?;
            }
            for page in &f.facts.links {
                match link(page) {
                    Some(address) => writeln!(out, "- <{address}>")?,
                    None => writeln!(out, "- {}", md(page))?,
                }
            }
            let heads = [l.pick("In the case", "In de opgave"), "", l.pick("On the list", "Op de lijst")];
            writeln!(out, "\n| {} |\n|---|---|---|", heads.join(" | "))?;
            for a in &hit.explanation.alignments {
                let (sign, word) = words::alignment(l, a.kind);
                writeln!(
                    out,
                    "| {} | {} {word} | {} |",
                    md(&a.query.join(" ")),
                    md(sign),
                    md(&a.listed.join(" "))
                )?;
            }
            let heads = [
                l.pick("Evidence", "Gegeven"),
                l.pick("Verdict", "Oordeel"),
                l.pick("What the sides say", "Wat beide zeggen"),
            ];
            writeln!(out, "\n| {} |\n|---|---|---|", heads.join(" | "))?;
            for e in &hit.explanation.evidence {
                let (sign, word) = words::verdict(l, e.verdict);
                writeln!(
                    out,
                    "| {} | {} {word} | {} |",
                    words::evidence(l, e.kind),
                    md(sign),
                    md(&words::sides(l, e))
                )?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn checked(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let l = report.language;
    let screened = &report.result.screened;
    writeln!(
        out,
        "## {}\n",
        l.pick("What was checked, against which lists", "Wat is getoetst, aan welke lijsten")
    )?;
    let heads = [
        l.pick("List", "Lijst"),
        l.pick("As of", "Stand"),
        l.pick("Age", "Ouderdom"),
        l.pick("State", "Toestand"),
    ];
    writeln!(out, "| {} |\n|---|---|---|---|", heads.join(" | "))?;
    let title = |list: &str| {
        let rule = report.result.lists.iter().find(|r| r.list == list);
        md(rule.map_or(list, |r| l.of(&r.title)))
    };
    for list in &screened.stamp.lists {
        let stale =
            screened.gaps.iter().any(|g| matches!(g, ListGap::Stale { list: s, .. } if *s == list.list));
        let state = match (stale, screened.stamp.demo) {
            (true, _) => {
                l.pick("**⚠ too old: cannot be relied upon**", "**⚠ te oud: niet op te vertrouwen**")
            }
            (_, true) => l.pick("**demonstration list**", "**demonstratielijst**"),
            _ => l.pick("fresh enough", "recent genoeg"),
        };
        let as_of = list.as_of.get(..10).unwrap_or(l.pick("not said", "niet vermeld"));
        writeln!(
            out,
            "| {} | {} | {} | {state} |",
            title(&list.list),
            md(as_of),
            words::days(l, list.age_days)
        )?;
    }
    for gap in &screened.gaps {
        if let ListGap::Missing { list } = gap {
            let state = l.pick(
                "**⚠ not loaded: nothing was checked against it**",
                "**⚠ niet geladen: hieraan is niets getoetst**",
            );
            writeln!(out, "| {} | | | {state} |", title(list))?;
        }
    }
    let heads = [
        l.pick("Who or what", "Wie of wat"),
        l.pick("Part in the case", "Rol in de opgave"),
        l.pick("Tie", "Band"),
        l.pick("Found", "Gevonden"),
    ];
    writeln!(out, "\n| {} |\n|---|---|---|---|", heads.join(" | "))?;
    for (i, s) in screened.subjects.iter().enumerate() {
        let ids: Vec<&str> =
            screened.findings.iter().filter(|f| f.subject == i).map(|f| f.id.as_str()).collect();
        let found = if ids.is_empty() { report.nothing_found().to_owned() } else { ids.join(", ") };
        let role = words::role(l, s.role);
        writeln!(out, "| {} | {role} | {} | {found} |", md(&s.subject.name), words::period(l, s))?;
    }
    writeln!(out)
}

fn open(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let l = report.language;
    writeln!(out, "## {}\n", l.pick("Questions and open points", "Vragen en open punten"))?;
    for q in &report.result.questions {
        let (sign, word) = words::outcome(l, q.outcome);
        let printed = if q.printed.is_empty() { String::new() } else { format!("{} · ", md(&q.printed)) };
        writeln!(out, "### {printed}{} ({} {word})\n", md(l.of(&q.title)), md(sign))?;
        writeln!(out, "{} *{}*\n", md(l.of(&q.text)), md(l.of(&q.why)))?;
        for s in &q.settle {
            let finding = if s.finding.is_empty() { String::new() } else { format!("{}: ", s.finding) };
            let path = if s.path.is_empty() { String::new() } else { format!(" ({})", md(&s.path)) };
            writeln!(out, "- [ ] {finding}{}{path}", md(l.of(&s.text)))?;
        }
        if let Some(d) = &q.decider {
            let by = l.pick("Answered or advised on by:", "Antwoord of advies:");
            writeln!(out, "\n{by} {}. {}\n", decider(report, d), md(&q.source))?;
        }
    }
    Ok(())
}
