//! All rules: they turn the parsed tree and the signature into a plan, and report every mistake.

mod agree;
mod cases;
mod cassette;
mod clock;
mod consistency;
mod declarations;
mod explore;
mod faults;
mod files;
mod function;
mod inject;
mod leaks;
mod literal;
mod names;
mod pairs;
mod quotas;
mod runtime;
mod snapshot;
mod unnamed;
mod value;
mod word;
mod world;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::Lit;

use crate::diag::{Errors, Message, list};
use crate::model::declare::{
    Instead, Language, Opt, Place, Shape, TOP, given_twice, instead_of, nearest, unknown_option,
};
use crate::parse::{Arg, Form, Meta, is_keyword};
use crate::plan::{Call, Plan};
use crate::signature::Function;

pub(crate) use function::{is_called, is_test, should_panic};
use names::Names;
use runtime::Runtime;
use world::World;

/// Checks everything. The plan is complete only if no mistake was found.
pub(crate) fn validate(args: Vec<Arg>, function: &Function, errors: &mut Errors) -> Plan {
    let options = known_options(args, &TOP, errors).0;
    let (mut plan, mut names, world, options) = start(options, errors);
    // A parameter may be for cases that are given in another way.
    names.is_broken |= function::has_cases_of_others(function);
    let mut runtime = Runtime::default();
    let mut explored = None;
    for (opt, meta) in options {
        let (place, before) = (meta.name.span(), plan.settings.len());
        match opt.shape {
            Shape::Snapshot => plan.settings.extend(snapshot::snapshot(opt, &meta, errors)),
            Shape::Explore => {
                let found = explore::explore(opt, &meta.name, meta.form, errors);
                plan.settings.extend(found.calls());
                explored = Some(found);
            }
            Shape::Cases => {
                let known = errors.len();
                plan.cases = cases::cases(opt, &meta.name, meta.form, (function, &names), errors);
                names.is_broken |= errors.len() > known;
            }
            _ => {
                for call in declare(&mut plan, opt, meta, &names, errors) {
                    plan.settings.extend(runtime.take(opt.name, place, call));
                }
            }
        }
        let fails = plan.settings[before..].iter().any(|it| it.method != leaks::ALLOW);
        function::check_panics(function, place, opt.panics.filter(|_| fails), errors);
    }
    plan.settings.extend(runtime.finish(function, errors));
    plan.declarations.sort_by_key(|it| it.kind as u8);
    agree::check(&plan, &world, errors);
    if let Some(explored) = explored {
        explored.check(&plan, function, errors);
    }
    cassette::check_cases(&plan, errors);
    function::check(function, errors);
    plan.params = inject::params(function, &names, &plan.cases, errors);
    plan
}

/// Checks `scenario!(..)`: the options of the attribute that a scenario file can have, too.
pub(crate) fn scenario(args: Vec<Arg>, errors: &mut Errors) -> Plan {
    let mut options = known_options(args, &TOP, errors).0;
    options.retain(|(opt, meta)| {
        let fits = opt.is_in_scenarios || matches!(opt.shape, Shape::CratePath);
        if !fits {
            let message = Message::new(format!("`{}` is an option of a test", opt.name));
            let help = "write it in the `#[kms_test(..)]` that names this scenario";
            errors.push(meta.name.span(), message.help(help));
        }
        fits
    });
    let (mut plan, names, world, options) = start(options, errors);
    for (opt, meta) in options {
        let calls = declare(&mut plan, opt, meta, &names, errors);
        plan.settings.extend(calls);
    }
    plan.declarations.sort_by_key(|it| it.kind as u8);
    agree::check(&plan, &world, errors);
    plan
}

/// Options with their values, in the order of the attribute.
type Options = Vec<(&'static Opt, Meta)>;

/// Starts a plan with what stands elsewhere and with all names.
fn start(mut options: Options, errors: &mut Errors) -> (Plan, Names, World, Options) {
    let is_unnamed = unnamed::take(&mut options, errors);
    let mut world = world::take(&mut options, errors);
    world.is_broken |= is_unnamed;
    let names = Names::collect(&options, &world, errors);
    let plan = Plan {
        krate: quote!(::kms_fixture),
        settings: world.call.take().into_iter().collect(),
        declarations: Vec::new(),
        from_scenario: world.declarations.iter().map(|it| it.name.clone()).collect(),
        params: Vec::new(),
        cases: Vec::new(),
    };
    (plan, names, world, options)
}

/// Adds declarations and the crate's path to the plan; returns the calls of any other option.
fn declare(
    plan: &mut Plan,
    opt: &'static Opt,
    meta: Meta,
    names: &Names,
    errors: &mut Errors,
) -> Vec<Call> {
    match opt.shape {
        Shape::Declarations(kind) => {
            let declared = declarations::declarations(kind, meta, names, errors);
            plan.declarations.extend(declared);
        }
        Shape::Choice(choices) if opt.name == "clock" => {
            let call = clock::clock(opt, choices, &meta.name, meta.form, errors);
            return call.into_iter().collect();
        }
        Shape::Choice(choices) => {
            let call = leaks::leaks(opt, choices, &meta.name, meta.form, errors);
            return call.into_iter().collect();
        }
        Shape::CratePath => {
            if let Some(path) = crate_path(opt, &meta, errors) {
                plan.krate = path;
            }
        }
        _ => return value::calls(opt, meta, names, errors),
    }
    Vec::new()
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
            match instead_of(place, &text) {
                Some(Instead::Option(option)) => meant.push(option),
                Some(Instead::Help(_)) => {}
                None => meant.extend(nearest(&text, place.names())),
            }
            continue;
        };
        let may_repeat = matches!(opt.shape, Shape::Actions);
        if !may_repeat && known.iter().any(|(it, _)| it.name == opt.name) {
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
        Form::Path(span, _) => (span, format!("`{}` takes words", opt.name)),
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
