//! `explore(throttled, lost_answer, at_most = 500, orders = 100)`.

use proc_macro2::{Ident, Span};
use syn::{Lit, LitStr};

use crate::diag::{Errors, Message};
use crate::model::declare::{EXPLORE, EXPLORED, Opt, given_twice, list, nothing_in};
use crate::parse::{Arg, Form, Meta, text};
use crate::plan::{Call, Plan, Value};
use crate::signature::Function;

use super::items;
use super::literal::count;

/// The parts of an exploration, and where they stand.
pub(super) struct Explored {
    method: &'static str,
    word: Span,
    faults: Vec<LitStr>,
    /// Each option with its word and its number.
    options: Vec<(&'static Opt, Ident, Option<Lit>)>,
}

/// Reads an exploration.
pub(super) fn explore(opt: &Opt, name: &Ident, form: Form, errors: &mut Errors) -> Explored {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() && was_list {
        let message = nothing_in(opt.name, "fault");
        errors.push(name.span(), message.help(format!("write `{}`", opt.example)));
    }
    let (word, before) = (name.span(), errors.len());
    let mut explored = Explored { method: opt.method, word, faults: vec![], options: vec![] };
    for item in items {
        match item {
            Arg::Meta(meta) => explored.add(meta, errors),
            Arg::Literal(literal) => {
                let message = Message::new("expected a fault, without quotes");
                errors.push(literal.span(), message.help(format!("write `{}`", opt.example)));
            }
        }
    }
    let has_nothing = explored.faults.is_empty() && !explored.has("orders");
    if has_nothing && !explored.options.is_empty() && errors.len() == before {
        let message = nothing_in(opt.name, "fault, or `orders`");
        errors.push(word, message.help(format!("write `{}`", opt.example)));
    }
    explored
}

impl Explored {
    fn has(&self, option: &str) -> bool {
        self.options.iter().any(|it| it.0.name == option)
    }

    /// Adds a fault or an option.
    fn add(&mut self, Meta { name, form }: Meta, errors: &mut Errors) {
        let word = text(&name);
        if let Some(opt) = EXPLORE.find(&word) {
            if self.has(opt.name) {
                errors.push(name.span(), given_twice(EXPLORE.noun, &word));
            }
            let number = count(opt, &name, &form, errors).map(Lit::Int);
            self.options.push((opt, name, number));
            return;
        }
        let faults = EXPLORED.iter().map(|it| it.word);
        if !faults.clone().any(|it| it == word) {
            let known = faults.clone().chain(EXPLORE.names());
            let message = Message::new(format!("unknown fault `{word}`"))
                .nearest(&word, "a word", known)
                .note(format!(
                    "expected one of: {}; or an option: {}",
                    list(faults),
                    list(EXPLORE.names())
                ));
            errors.push(name.span(), message);
            return;
        }
        if !matches!(form, Form::Word) {
            let message = Message::new(format!("`{word}` takes nothing here"))
                .help(format!("write `explore({word})`"))
                .note("an exploration tries a fault at each call");
            errors.push(name.span(), message);
        }
        if self.faults.iter().any(|it| it.value() == word) {
            errors.push(name.span(), given_twice("fault", &word));
        }
        self.faults.push(LitStr::new(&word, name.span()));
    }

    /// Returns the calls that set the exploration.
    pub(super) fn calls(&self) -> Vec<Call> {
        let mut calls =
            vec![Call { method: self.method, value: Value::Strings(self.faults.clone()) }];
        calls.extend(self.options.iter().filter_map(|(opt, _, number)| {
            let value = Value::Literal(number.clone()?);
            Some(Call { method: opt.method, value })
        }));
        calls
    }

    /// Reports what else the test has that it cannot have with this exploration.
    pub(super) fn check(&self, plan: &Plan, function: &Function, errors: &mut Errors) {
        let calls = |method: &str| plan.settings.iter().any(|it| it.method == method);
        if calls("cassette") {
            let message = Message::new("`explore` and `cassette` exclude each other");
            let note = "a recording has only the calls that were made, and a fault leads to others";
            errors.push(self.word, message.note(note));
        }
        let stale = self.faults.iter().find(|it| it.value() == "stale");
        // Another consistency may come with a scenario, which is checked when the test starts.
        let is_shared = calls("scenario") || calls("scenario_file");
        if let Some(stale) = stale
            && !has_eventual(plan).unwrap_or(is_shared)
        {
            let message = Message::new("`stale` needs `consistency(eventual)`");
            let note = "with `consistency(strong)`, every change arrives at once";
            errors.push(stale.span(), message.note(note));
        }
        if let Some((_, orders, _)) = self.options.iter().find(|it| it.0.name == "orders") {
            check_orders(orders.span(), &calls, function, errors);
        }
    }
}

/// Returns whether the attribute chooses `consistency(eventual)`, if it chooses a consistency.
fn has_eventual(plan: &Plan) -> Option<bool> {
    plan.settings.iter().find_map(|it| match &it.value {
        Value::Consistency(_, constructor, _) => Some(*constructor == "eventual"),
        _ => None,
    })
}

fn check_orders(
    orders: Span,
    calls: &dyn Fn(&str) -> bool,
    function: &Function,
    errors: &mut Errors,
) {
    if !function.is_async {
        let name = &function.name;
        let message = Message::new(format!(
            "`orders` changes the order of the calls of an `async fn`, and `{name}` is a plain `fn`"
        ));
        errors.push(orders, message.help("write `async fn`, or remove `orders`"));
    }
    if calls("multi_thread") {
        let message = Message::new("`orders` needs `flavor = \"current_thread\"`");
        let note = "on several threads, the order of calls differs from run to run";
        errors.push(orders, message.note(note));
    }
    if calls("tcp") {
        let message = Message::new("`orders` and `transport = \"tcp\"` exclude each other");
        let note = "the order of calls on sockets differs from run to run";
        errors.push(orders, message.note(note));
    }
}
