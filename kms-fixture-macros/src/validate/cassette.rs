//! `cassette`, `cassette = "path"` and `cassette(path = "..", order = "any")`.

use proc_macro2::Ident;
use syn::{Lit, LitStr};

use crate::diag::{Errors, Message};
use crate::model::declare::{CASSETTE, Opt, Shape};
use crate::parse::{Arg, Form};
use crate::plan::{Call, Plan, Value};

use super::known_options;
use super::literal::{one_of, text};

/// Returns the calls: the path of the cassette, or an empty option for the path that is derived from the test's name; and
/// the order.
pub(super) fn cassette(opt: &Opt, name: &Ident, form: Form, errors: &mut Errors) -> Vec<Call> {
    let call = |path| Call { method: opt.method, value: Value::Optional(path) };
    let (span, message) = match form {
        Form::Word => return vec![call(None)],
        Form::Value(Lit::Str(path)) => return vec![call(Some(checked(path, errors)))],
        Form::List(items) if !items.is_empty() => return with_options(opt, items, errors),
        Form::Value(other) => (other.span(), "`cassette` takes a string"),
        Form::NotLiteral(span, text) if text.is_empty() => (span, "expected a literal after `=`"),
        Form::NotLiteral(span, _) => (span, "values after `=` must be literals"),
        Form::List(_) | Form::Path(..) => (name.span(), "`cassette` needs no empty parentheses"),
    };
    let help = format!("write `cassette` or `{}`", opt.example);
    errors.push(span, Message::new(message).help(help));
    Vec::new()
}

/// Reads `cassette(path = "..", order = "any")`.
fn with_options(opt: &Opt, items: Vec<Arg>, errors: &mut Errors) -> Vec<Call> {
    let mut path = None;
    let mut others = Vec::new();
    for (option, meta) in known_options(items, &CASSETTE, errors).0 {
        if let Shape::OneOf(legal) = option.shape {
            if one_of(option, legal, &meta.name, &meta.form, errors).is_some() {
                others.push(Call { method: option.method, value: Value::Nothing });
            }
        } else {
            let literal = text(option, &meta.name, &meta.form, errors);
            path = literal.map(|it| checked(it, errors));
        }
    }
    let first = Call { method: opt.method, value: Value::Optional(path) };
    [first].into_iter().chain(others).collect()
}

/// Reports cases that would share one cassette.
pub(super) fn check_cases(plan: &Plan, errors: &mut Errors) {
    let path = plan.settings.iter().find_map(|it| match (it.method, &it.value) {
        ("cassette", Value::Optional(Some(path))) => Some(path),
        _ => None,
    });
    if let (Some(path), false) = (path, plan.cases.is_empty()) {
        let message = Message::new("each case needs a cassette of its own")
            .help("write `cassette`, for a path that is derived from the name of each case");
        errors.push(path.span(), message);
    }
}

fn checked(path: LitStr, errors: &mut Errors) -> Lit {
    if let Some(message) = mistake(&path.value()) {
        errors.push(path.span(), message);
    }
    Lit::Str(path)
}

/// Returns the mistake if a cassette cannot have this path.
fn mistake(path: &str) -> Option<Message> {
    if path.is_empty() {
        let message = Message::new("the path of a cassette cannot be empty");
        return Some(
            message.help("write `cassette` for the path that is derived from the test's name"),
        );
    }
    let file = path.rsplit('/').next().unwrap_or_default();
    if matches!(file, "" | "." | "..") {
        let message = Message::new(format!("`{path}` is a folder"));
        let file = format!("{}/file.json", path.trim_end_matches('/'));
        let help = format!("write the path of a file, as in `cassette = \"{file}\"`");
        return Some(message.help(help));
    }
    // Some file systems treat `.NEW` and `.new` as one name.
    let ending = file.rsplit_once('.').map_or("", |it| it.1);
    ending.eq_ignore_ascii_case("new").then(|| {
        Message::new(format!("`{path}` is not a valid path of a cassette"))
            .help(format!("remove `.{ending}`"))
            .note("names with this ending are for recordings that are not accepted yet")
    })
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn a_cassette_is_a_file() {
        for path in ["a.json", "/tmp/a.json", "../a", "a b/.json", "a.newer", "new", "..."] {
            assert!(mistake(path).is_none(), "{path}");
        }
        for other in ["", "/", "a/", "a//", ".", "..", "a/..", "a.json.new", ".new"] {
            assert!(mistake(other).is_some(), "{other}");
        }
    }
}
