//! All rules: they turn the parsed tree and the signature into a plan, and report every mistake.

mod agree;
mod cassette;
mod consistency;
mod declarations;
mod function;
mod inject;
mod leaks;
mod literal;
mod names;
mod pairs;
mod runtime;
mod snapshot;
mod value;
mod word;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::Lit;

use crate::diag::{Errors, Message, list};
use crate::model::declare::{
    Language, Opt, Place, Shape, TOP, given_twice, nearest, unknown_option,
};
use crate::parse::{Arg, Form, Meta, is_keyword};
use crate::plan::Plan;
use crate::signature::Function;

pub(crate) use function::{is_called, is_test, should_panic};
use names::Names;
use runtime::Runtime;

/// Checks everything. The plan is complete only if no mistake was found.
pub(crate) fn validate(args: Vec<Arg>, function: &Function, errors: &mut Errors) -> Plan {
    let options = known_options(args, &TOP, errors).0;
    let names = Names::collect(&options, errors);
    let mut plan = Plan {
        krate: quote!(::kms_fixture),
        settings: Vec::new(),
        declarations: Vec::new(),
        params: Vec::new(),
    };
    let mut runtime = Runtime::default();
    for (opt, meta) in options {
        let (word, before) = (meta.name.span(), plan.settings.len());
        match opt.shape {
            Shape::Declarations(kind) => {
                let declared = declarations::declarations(kind, meta, &names, errors);
                plan.declarations.extend(declared);
            }
            Shape::Snapshot => {
                let call = snapshot::snapshot(opt, &meta, function, errors);
                plan.settings.extend(call);
            }
            Shape::Choice(choices) => {
                let call = leaks::leaks(opt, choices, &meta.name, meta.form, errors);
                plan.settings.extend(call);
            }
            Shape::CratePath => {
                if let Some(path) = crate_path(opt, &meta, errors) {
                    plan.krate = path;
                }
            }
            _ => {
                let name = meta.name.clone();
                let calls = value::calls(opt, meta, &names, errors);
                plan.settings.extend(runtime.take(opt.name, &name, calls));
            }
        }
        let panics = opt.panics.filter(|_| plan.settings.len() > before);
        function::check_panics(function, word, panics, errors);
    }
    plan.settings.extend(runtime.finish(function, errors));
    plan.declarations.sort_by_key(|it| it.kind as u8);
    agree::check(&plan, errors);
    function::check(function, errors);
    plan.params = inject::params(function, &names, errors);
    plan
}

/// Keeps the options that this place has; reports unknown and duplicate options.
///
/// Also returns the nearest known names of the unknown options.
fn known_options(
    args: Vec<Arg>,
    place: &Place,
    errors: &mut Errors,
) -> (Vec<(&'static Opt, Meta)>, Vec<&'static str>) {
    let mut known: Vec<(&'static Opt, Meta)> = Vec::new();
    let mut meant = Vec::new();
    for arg in args {
        let meta = match arg {
            Arg::Meta(meta) => meta,
            Arg::Literal(literal) => {
                errors.push(literal.span(), expected_one_of(place, "a literal"));
                continue;
            }
        };
        let text = meta.text();
        let Some(opt) = place.find(&text) else {
            let message = unknown_option(place, &text, Language::Attribute);
            errors.push(meta.name.span(), message);
            meant.extend(nearest(&text, place.names()));
            continue;
        };
        if known.iter().any(|(it, _)| it.name == opt.name) {
            errors.push(meta.name.span(), given_twice(place.noun, &text));
            // The names in a second `keys(..)` still count as declared.
            if !matches!(opt.shape, Shape::Declarations(_)) {
                continue;
            }
        }
        known.push((opt, meta));
    }
    (known, meant)
}

fn expected_one_of(place: &Place, found: &str) -> String {
    let names = list(place.names());
    format!("expected an option, found {found}\nnote: expected one of: {names}")
}

/// Returns the path in `crate = ".."`, with the span of the literal.
fn crate_path(opt: &Opt, meta: &Meta, errors: &mut Errors) -> Option<TokenStream> {
    let literal = literal::text(opt, &meta.name, &meta.form, errors)?;
    let path = literal.value();
    let tokens: Option<TokenStream> = path.parse().ok();
    if let Some(tokens) = tokens.filter(|it| is_path(it.clone())) {
        return Some(respan(tokens, literal.span()));
    }
    let message = Message::new(format!("`{path}` is not a valid path"));
    let help = "write the path of the library, as in `crate = \"my_tests::kms_fixture\"`";
    errors.push(literal.span(), message.help(help));
    None
}

/// Returns whether the tokens are words, separated by `::`, with an optional `::` in front.
fn is_path(tokens: TokenStream) -> bool {
    let mut colons = 2; // in front, none are needed and two are allowed
    let mut is_first = true;
    for token in tokens {
        match token {
            TokenTree::Punct(it) if it.as_char() == ':' && (colons < 2 || is_first) => {
                colons = if is_first { 1 } else { colons + 1 };
            }
            TokenTree::Ident(it) if colons == 2 => {
                let starts_a_path = it == "crate" || it == "self" || it == "super";
                if is_keyword(&it) && !starts_a_path {
                    return false;
                }
                colons = 0;
            }
            _ => return false,
        }
        is_first = false;
    }
    colons == 0 && !is_first
}

fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    let respan_one = |mut token: TokenTree| {
        token.set_span(span);
        token
    };
    tokens.into_iter().map(respan_one).collect()
}

/// Returns the items of `name(..)`; reports any other form.
fn items(opt: &Opt, name: &Ident, form: Form, errors: &mut Errors) -> Vec<Arg> {
    // Shows a word that was given in the wrong form in the right one.
    let write = |given: &str| {
        if names::is_plain(given) {
            format!("write `{}({given})`", opt.name)
        } else {
            format!("write `{}`", opt.example)
        }
    };
    let (span, message) = match form {
        Form::List(items) => return items,
        Form::Word => {
            let message = format!("`{}` needs parentheses\nhelp: {}", opt.name, write(""));
            (name.span(), message)
        }
        Form::Value(literal) => {
            let given = match &literal {
                Lit::Str(it) => it.value(),
                _ => String::new(),
            };
            let message = format!("`{}` takes parentheses\nhelp: {}", opt.name, write(&given));
            (literal.span(), message)
        }
        Form::NotLiteral(span, given) => {
            let message = format!("{}: values after `=` must be literals", write(&given));
            (span, message)
        }
    };
    errors.push(span, message);
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::is_path;

    #[test]
    fn a_path_is_words_separated_by_colons() {
        for path in ["fx", "::fx", "crate::fx", "my::tests::fx", "super::super::fx"] {
            assert!(path.parse().is_ok_and(is_path), "{path}");
        }
        for other in ["", "::", "fx::", "a b", "a:b", "::::a", "a::::b", "fn", "a::<b>", "a::\"b\""]
        {
            assert!(!other.parse().is_ok_and(is_path), "{other}");
        }
    }
}
