//! `cassette` and `cassette = "path"`.

use proc_macro2::Ident;
use syn::Lit;

use crate::diag::{Errors, Message};
use crate::model::declare::Opt;
use crate::parse::Form;
use crate::plan::Value;

/// Returns the path of the cassette, or an empty option for the path that is derived from the test's name.
pub(super) fn cassette(opt: &Opt, name: &Ident, form: &Form, errors: &mut Errors) -> Option<Value> {
    let (span, message) = match form {
        Form::Word => return Some(Value::Optional(None)),
        Form::Value(Lit::Str(path)) => {
            if let Some(message) = mistake(&path.value()) {
                errors.push(path.span(), message);
            }
            return Some(Value::Optional(Some(Lit::Str(path.clone()))));
        }
        Form::Value(other) => (other.span(), "`cassette` takes a string"),
        Form::NotLiteral(span, text) if text.is_empty() => (*span, "expected a literal after `=`"),
        Form::NotLiteral(span, _) => (*span, "values after `=` must be literals"),
        Form::List(_) => (name.span(), "`cassette` takes no parentheses"),
    };
    let help = format!("write `cassette` or `{}`", opt.example);
    errors.push(span, Message::new(message).help(help));
    None
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
