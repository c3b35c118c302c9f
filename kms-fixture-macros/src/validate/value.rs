//! The values of options: every `Shape` and its mistakes.

use syn::Lit;

use crate::diag::Errors;
use crate::model::declare::{Kind, Opt, Shape};
use crate::parse::Meta;
use crate::plan::{Call, Value};

use super::cassette::cassette;
use super::consistency::consistency;
use super::faults::{faults, with};
use super::files;
use super::literal::{boolean, count, limited, number, one_of, text};
use super::names::Names;
use super::pairs::{actions, context, tags};
use super::quotas::quotas;
use super::word::{many_words, one_name, one_word};

/// Returns the builder calls for this option; none if a mistake leaves no value to pass.
pub(super) fn calls(opt: &Opt, meta: Meta, names: &Names, errors: &mut Errors) -> Vec<Call> {
    let Meta { name, form } = meta;
    let method = opt.method;
    let call = |value| Call { method, value };
    let value = match opt.shape {
        Shape::Text(limit) => {
            let text = limited(opt, limit, &name, &form, errors);
            text.map(|it| Value::Literal(Lit::Str(it)))
        }
        Shape::Policy => {
            let path = text(opt, &name, &form, errors);
            path.map(|it| {
                files::check(&it, errors);
                Value::Literal(Lit::Str(it))
            })
        }
        Shape::Flag => boolean(opt, &name, &form, errors),
        Shape::Count => {
            let count = count(opt, &name, &form, errors);
            count.map(|it| Value::Optional(Some(Lit::Int(it))))
        }
        Shape::Seconds(..) | Shape::Number(..) => {
            let number = number(opt, &name, &form, errors);
            number.map(|it| Value::Literal(Lit::Int(it)))
        }
        Shape::Faults => {
            let mut found = Vec::new();
            for mut fault in faults(opt, &name, form, errors) {
                let options = std::mem::take(&mut fault.options).into_iter();
                let options = options.flat_map(|(opt, meta)| calls(opt, meta, names, errors));
                let options = options.collect();
                found.extend(with(fault, options).map(call));
            }
            return found;
        }
        Shape::OneOf(legal) => {
            let chosen = one_of(opt, legal, &name, &form, errors);
            let method = chosen.map(|it| if method.is_empty() { it } else { method });
            let value = Value::Nothing;
            return method.map(|method| Call { method, value }).into_iter().collect();
        }
        Shape::Word(words) => one_word(opt, words, &name, form, errors),
        Shape::Words(words) => many_words(opt, words, &name, form, errors),
        Shape::Key => one_name(opt, &[Kind::Key], &name, form, names, errors),
        Shape::Principal => one_name(opt, &[Kind::Role, Kind::User], &name, form, names, errors),
        Shape::Actions => {
            let (actions, keys) = actions(opt, &name, form, names, errors);
            return vec![if keys.is_empty() {
                call(Value::Strings(actions))
            } else {
                Call { method: "allow_on", value: Value::ActionsOn(actions, keys) }
            }];
        }
        Shape::Context => Some(Value::Pairs(context(opt, &name, form, errors))),
        Shape::Tags => {
            let pairs = tags(opt, &name, form, errors);
            return pairs.into_iter().map(|(key, value)| call(Value::Pair(key, value))).collect();
        }
        Shape::Consistency => {
            consistency(opt, &name, form, errors).map(|(word, constructor, options)| {
                let calls =
                    options.into_iter().flat_map(|(opt, meta)| calls(opt, meta, names, errors));
                Value::Consistency(word, constructor, calls.collect())
            })
        }
        Shape::Quotas => quotas(opt, &name, form, errors),
        Shape::Cassette => return cassette(opt, &name, form, errors),
        // The caller handles these.
        Shape::CratePath
        | Shape::Declarations(_)
        | Shape::Choice(_)
        | Shape::Scenario
        | Shape::Cases
        | Shape::Snapshot
        | Shape::Explore => None,
    };
    value.map(call).into_iter().collect()
}
