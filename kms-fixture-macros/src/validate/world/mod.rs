//! `scenario = "world.json"` and `scenario(world)`: declarations that tests share.

mod check;
mod faults;
mod json;

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::LitStr;

use self::json::{Json, Member, Node, Spot};
use super::{agree, files, literal};
use crate::diag::{Errors, Message};
use crate::model::declare::{
    self, DEFAULT_ACCOUNT, Kind, Language, Opt, Shape, TOP, declared_twice, missing_options,
    two_contexts,
};
use crate::parse::{Form, Meta};
use crate::plan::{Call, Declaration, Value};

/// The declarations that a test takes from elsewhere.
#[derive(Default)]
pub(super) struct World {
    /// The call that adds it.
    pub(super) call: Option<Call>,
    /// Its declarations, as far as their names can be those of parameters.
    pub(super) declarations: Vec<Declaration>,
    /// Its account, if it sets one.
    pub(super) account: Option<String>,
    /// Whether it may have names that the macro does not know. They are checked when the test starts.
    pub(super) is_open: bool,
    /// Whether it has a mistake, so that an unknown name may be a consequence.
    pub(super) is_broken: bool,
}

/// Takes the option `scenario` out of `options`.
pub(super) fn take(options: &mut Vec<(&'static Opt, Meta)>, errors: &mut Errors) -> World {
    let Some(at) = options.iter().position(|it| matches!(it.0.shape, Shape::Scenario)) else {
        return World::default();
    };
    let (opt, meta) = options.remove(at);
    let before = errors.len();
    let mut world = match &meta.form {
        Form::Path(span, path) => function(*span, path.clone(), errors),
        Form::Word | Form::List(_) => {
            let message = Message::new("`scenario` needs a file or a function");
            let help = "write `scenario = \"world.json\"` or `scenario(world)`";
            errors.push(meta.name.span(), message.help(help));
            World::default()
        }
        form => match literal::text(opt, &meta.name, form, errors) {
            Some(path) => file(&path, errors),
            None => World::default(),
        },
    };
    world.is_broken = errors.len() > before;
    world
}

/// Returns the world that the function at `path` declares.
fn function(span: Span, path: TokenStream, errors: &mut Errors) -> World {
    if !super::is_path(path.clone()) {
        let span = path.clone().into_iter().next().map_or(span, |it| it.span());
        let message = if let Some(TokenTree::Literal(_)) = path.clone().into_iter().next() {
            Message::new("expected the name of a function")
                .help("write `scenario = \"world.json\"` for a file")
        } else {
            Message::new("expected the name of a function that returns a `Scenario`")
                .help("write `scenario(world)`, with `fn world() -> Scenario`")
        };
        errors.push(span, message);
        return World::default();
    }
    let call = Call { method: "scenario", value: Value::Function(path) };
    World { call: Some(call), is_open: true, ..World::default() }
}

/// Returns the world that a scenario file declares.
fn file(path: &LitStr, errors: &mut Errors) -> World {
    let call = Some(Call { method: "scenario_file", value: Value::File(path.clone()) });
    let Some(folder) = files::folder(path.span()) else {
        return World { call, is_open: true, ..World::default() };
    };
    let wanted = folder.join(path.value());
    if let Some(message) = files::missing(&folder, &path.value()) {
        errors.push(path.span(), message);
        return World::default();
    }
    let text = match fs::read_to_string(&wanted) {
        Ok(text) => text,
        Err(error) => {
            errors.push(path.span(), format!("cannot read `{}`: {error}", path.value()));
            return World::default();
        }
    };
    let folder = wanted.parent().unwrap_or(Path::new("")).to_owned();
    World { call, ..read(path, folder, &text, errors) }
}

/// Returns the declarations in the text of a scenario file.
fn read(path: &LitStr, folder: PathBuf, text: &str, errors: &mut Errors) -> World {
    let node = match json::read(text) {
        Ok(node) => without_schema(node),
        Err((spot, message)) => {
            errors.push(path.span(), placed(path, spot, &message));
            return World::default();
        }
    };
    Reader { path, folder, declared: declared(&node), errors }.world(&node)
}

/// Removes the member in which editors look for a schema.
fn without_schema(mut node: Node) -> Node {
    if let Json::Object(members) = &mut node.json {
        members.retain(|it| it.name != "$schema" || !matches!(it.value.json, Json::Text(_)));
    }
    node
}

fn placed(path: &LitStr, spot: Spot, message: &str) -> String {
    format!("{}:{}:{}: {message}", path.value(), spot.line, spot.column)
}

/// Returns the kind of the group of declarations that a member is.
fn kind_of(member: &Member) -> Option<Kind> {
    match TOP.find(&member.name)?.shape {
        Shape::Declarations(kind) => Some(kind),
        _ => None,
    }
}

/// Returns every declared name, with its kind and its place.
fn declared(node: &Node) -> Vec<(Kind, String, Spot)> {
    let Json::Object(members) = &node.json else { return Vec::new() };
    let mut found = Vec::new();
    for member in members {
        if let (Some(kind), Json::Object(things)) = (kind_of(member), &member.value.json) {
            found.extend(things.iter().map(|it| (kind, it.name.clone(), it.spot)));
        }
    }
    // As the library does: by kind first.
    found.sort_by_key(|it| it.0 as u8);
    found
}

/// A scenario file that is being checked.
struct Reader<'a> {
    path: &'a LitStr,
    /// The folder of the file.
    folder: PathBuf,
    declared: Vec<(Kind, String, Spot)>,
    errors: &'a mut Errors,
}

impl Reader<'_> {
    fn span(&self) -> Span {
        self.path.span()
    }

    fn report(&mut self, spot: Spot, message: impl Into<Message>) {
        let text = placed(self.path, spot, &message.into().in_lines());
        self.errors.push(self.path.span(), text);
    }

    fn wrong_type(&mut self, node: &Node, wanted: &str) {
        let message = format!("expected {wanted}, found {}", node.json.noun());
        self.report(node.spot, Message::new(message));
    }

    /// Returns the declared names of these kinds.
    fn names(&self, kinds: &[Kind]) -> Vec<String> {
        let is_right = |it: &&(Kind, String, Spot)| declare::reserved(&it.1).is_none();
        let chosen = self.declared.iter().filter(|it| kinds.contains(&it.0)).filter(is_right);
        let mut names: Vec<_> = chosen.map(|it| it.1.clone()).collect();
        names.sort_unstable();
        names
    }

    fn world(&mut self, node: &Node) -> World {
        let mut world = World::default();
        self.check_names();
        let mut complete = Vec::new();
        for (opt, member) in self.options(&TOP, node) {
            if let Shape::Declarations(kind) = opt.shape {
                complete.extend(self.declarations(kind, &member.value));
                continue;
            }
            if let (Shape::Text(_), "account", Json::Text(account)) =
                (opt.shape, opt.name, &member.value.json)
            {
                world.account = Some(account.clone());
            }
            self.calls((opt, member));
        }
        complete.sort_by_key(|(it, _)| it.kind as u8);
        self.check_together(&complete, world.account.as_deref().unwrap_or(DEFAULT_ACCOUNT));
        world.declarations = complete.into_iter().map(|it| it.0).collect();
        world
    }

    fn check_names(&mut self) {
        let mut seen: Vec<(Kind, String)> = Vec::new();
        for (kind, name, spot) in self.declared.clone() {
            let first = seen.iter().find(|it| it.1 == name);
            let twice = first.map(|(first, _)| declared_twice(&name, *first, kind));
            if let Some(message) = declare::reserved(&name).or(twice) {
                self.report(spot, message);
            }
            seen.push((kind, name));
        }
    }

    /// Returns the declarations of one kind, with their places. One with a mistake has no calls.
    fn declarations(&mut self, kind: Kind, node: &Node) -> Vec<(Declaration, Spot)> {
        let Json::Object(things) = &node.json else {
            self.wrong_type(node, "an object of names");
            return Vec::new();
        };
        let mut found = Vec::new();
        for thing in things {
            let before = self.errors.len();
            let options = self.options(kind.place(), &thing.value);
            let given: Vec<_> = options.iter().map(|it| (it.0.name, self.span())).collect();
            let has = |name: &str| given.iter().any(|it| it.0 == name);
            let is_empty = |it: &Member| matches!(&it.value.json, Json::List(it) if it.is_empty());
            let is_given =
                |name: &str| options.iter().any(|it| it.0.name == name && !is_empty(it.1));
            let missing = kind.place().required().map(|it| it.name).filter(|it| !is_given(it));
            let missing: Vec<_> = missing.collect();
            if has("context_equals") && has("context_subset") {
                self.report(thing.spot, two_contexts());
            }
            let calls = options.into_iter().flat_map(|it| self.calls(it)).collect();
            let is_right = self.errors.len() == before;
            if let Some(message) = missing_options(&thing.name, &missing, Language::Scenario)
                && is_right
            {
                self.report(thing.spot, message);
            }
            let name = self.ident(&thing.name);
            found.push((Declaration { kind, name, given, calls }, thing.spot));
        }
        found
    }

    /// Checks what each declaration is beside the ones before it.
    fn check_together(&mut self, all: &[(Declaration, Spot)], account: &str) {
        let keys: Vec<_> = all.iter().filter(|it| it.0.kind == Kind::Key).map(|it| &it.0).collect();
        for (at, (declaration, spot)) in all.iter().enumerate() {
            let before = |kinds: &[Kind], until: usize| {
                let chosen = all[..until].iter().map(|it| &it.0);
                chosen.filter(|it| kinds.contains(&it.kind)).collect::<Vec<_>>()
            };
            let mut found = Errors::default();
            let kinds: &[Kind] = match declaration.kind {
                Kind::Key => &[Kind::Key],
                Kind::Grant => &[],
                Kind::Role | Kind::User => &[Kind::Role, Kind::User],
            };
            let mut earlier = Errors::default();
            let check = |until: usize, errors: &mut Errors| match declaration.kind {
                Kind::Key => agree::aliases(&before(kinds, until), account, errors),
                Kind::Role | Kind::User => {
                    agree::principals(&before(kinds, until), account, Language::Scenario, errors);
                }
                Kind::Grant => {}
            };
            check(at, &mut earlier);
            check(at + 1, &mut found);
            let mut messages: Vec<String> = found.messages().skip(earlier.len()).collect();
            let mut alone = Errors::default();
            match declaration.kind {
                Kind::Key => agree::key(declaration, Language::Scenario, &mut alone),
                Kind::Grant => agree::grant(declaration, &keys, Language::Scenario, &mut alone),
                Kind::Role | Kind::User => {}
            }
            messages.extend(alone.messages());
            for message in messages {
                let text = placed(self.path, *spot, &message);
                self.errors.push(self.path.span(), text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use proc_macro2::Span;
    use syn::LitStr;

    use super::json::Json;
    use super::{Errors, json, read};

    /// Checks scenarios that the library reads, too (`scenario/tests.rs`): with the same result, and the same text.
    #[test]
    fn both_readers_of_scenarios_agree() {
        let table = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../kms-fixture/src/scenario/tests/readers.json");
        let table = json::read(&std::fs::read_to_string(table).unwrap()).unwrap();
        let Json::List(rows) = table.json else { panic!("a list") };
        assert!(rows.len() > 50);
        let mut differ = Vec::new();
        for row in rows {
            let Json::List(row) = row.json else { panic!("a list") };
            let [Json::Text(text), Json::Text(expected)] = [&row[0].json, &row[1].json] else {
                panic!("two texts")
            };
            let mut errors = Errors::default();
            let path = LitStr::new("world.json", Span::call_site());
            read(&path, PathBuf::new(), text, &mut errors);
            let told: Vec<_> = errors.messages().collect();
            let is_right = if expected.is_empty() {
                told.is_empty()
            } else {
                told.iter().any(|it| it.contains(expected.as_str()))
            };
            if !is_right {
                differ.push(format!("{text}: {told:?}"));
            }
        }
        assert!(differ.is_empty(), "{differ:#?}");
    }
}
