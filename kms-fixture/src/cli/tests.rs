//! The command line's reference, `docs/cli.md`, made from clap's definitions.

use std::fmt::Write as _;

use clap::{Arg, Command};

/// Formats the page.
fn page() -> String {
    let mut root = super::command_line();
    root.build();
    let mut text =
        "The command line, as `kms-fixture --help` and `kms-fixture COMMAND --help` show it.\n"
            .to_owned();
    text += "\n```text\ncargo install kms-fixture --features cli\n```\n";
    let _ = writeln!(text, "\n{}", described(&root));
    text += "\nThese options are those of every command:\n\n";
    options(&mut text, &root, Arg::is_global_set);
    environment(&mut text, &root);
    for command in root.get_subcommands().filter(|it| it.get_name() != "help") {
        let _ = writeln!(text, "\n# `{}`\n\n{}\n", command.get_name(), described(command));
        let usage = command.clone().render_usage().to_string();
        let _ = writeln!(text, "```text\n{}\n```\n", usage.trim_start_matches("Usage: "));
        options(&mut text, command, |it| !it.is_global_set());
        environment(&mut text, command);
    }
    text
}

/// Returns the description of a command.
fn described(command: &Command) -> String {
    let about = command.get_long_about().or(command.get_about());
    let mut about = about.map(ToString::to_string).unwrap_or_default();
    if !about.ends_with('.') {
        about.push('.');
    }
    escaped(&about)
}

/// Writes a table of options and arguments.
fn options(text: &mut String, command: &Command, wanted: impl Fn(&Arg) -> bool) {
    let is_help = |it: &Arg| ["help", "version"].contains(&it.get_id().as_str());
    let shown: Vec<_> = command
        .get_arguments()
        .filter(|it| !is_help(it) && !it.is_hide_set() && wanted(it))
        .collect();
    if shown.is_empty() {
        return;
    }
    text.push_str("| option | effect |\n|---|---|\n");
    for it in shown {
        let _ = writeln!(text, "| `{}` | {} |", name(it), effect(it));
    }
}

/// Returns an option with its value, as it is typed.
fn name(arg: &Arg) -> String {
    let takes_value = arg.get_action().takes_values();
    let value = arg.get_value_names().unwrap_or_default().join(" ");
    let value = if takes_value { value } else { String::new() };
    let short = arg.get_short().map(|it| format!("-{it}, ")).unwrap_or_default();
    match arg.get_long() {
        Some(long) => format!("{short}--{long} {value}").trim_end().to_owned(),
        None => value,
    }
}

/// Returns the meaning of an option, its values and its default.
fn effect(arg: &Arg) -> String {
    let help = arg.get_long_help().or(arg.get_help());
    let mut text = help.map(ToString::to_string).unwrap_or_default();
    if !text.ends_with('.') {
        text.push('.');
    }
    let values = arg.get_possible_values();
    if arg.get_action().takes_values() && !values.is_empty() {
        let words: Vec<_> = values.iter().map(|it| format!("`{}`", it.get_name())).collect();
        let _ = write!(text, " One of {}.", words.join(", "));
    }
    if let [default] = arg.get_default_values()
        && arg.get_action().takes_values()
    {
        let _ = write!(text, " Default: `{}`.", default.to_string_lossy());
    }
    escaped(&text.replace('\n', " "))
}

/// Writes the text below the options.
fn environment(text: &mut String, command: &Command) {
    let after = command.get_after_long_help().or(command.get_after_help());
    if let Some(after) = after {
        let _ = writeln!(text, "\n```text\n{after}\n```");
    }
}

/// Escapes Markdown's special characters outside of code.
fn escaped(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(at, it)| {
        let plain = at % 2 == 0;
        if plain { it.replace('<', "&lt;").replace('[', "\\[") } else { it.replace('|', "\\|") }
    });
    parts.collect::<Vec<_>>().join("`")
}

#[test]
fn the_page_is_that_of_the_commands() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/docs/cli.md");
    let made = page();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "docs/cli.md is not that of the commands: run `UPDATE_EXPECT=1 cargo test -p kms-fixture --features cli --lib \
         cli::tests`, and read the diff"
    );
}

#[test]
fn every_command_and_option_has_a_text_and_record_shows_its_environment() {
    let mut root = super::command_line();
    root.build();
    root.clone().debug_assert();
    for command in root.get_subcommands() {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for it in command.get_arguments() {
            assert!(it.get_help().is_some(), "{} {}", command.get_name(), it.get_id());
        }
    }
    // The others of the table in `fixture/mode.rs` are for tests.
    let of_tests = |it: &str| it == "KMS_FIXTURE" || it.starts_with("KMS_FIXTURE_EXPLORE");
    let record = root.find_subcommand_mut("record").unwrap().render_help().to_string();
    let table = include_str!("../fixture/mode.rs");
    let rows = table.lines().filter_map(|it| it.strip_prefix("//! | `")?.split('`').next());
    let variables: Vec<_> = rows.filter(|it| !of_tests(it)).collect();
    assert!(variables.len() > 8, "{variables:?}");
    for it in variables {
        assert!(record.contains(it), "`record --help` lacks {it}");
    }
}
