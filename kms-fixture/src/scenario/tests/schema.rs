//! The JSON schema of scenarios.

use serde_json::{Map, Value, json};

use super::documents::plain;
use crate::model::declare::{
    AWS, CONSISTENCY, Choice, ERROR, EVENTUAL, FAULT, FAULTS, GRANT, KEY, LATE, Limit, Opt, Place,
    ROLE, Shape, TOP, USER, fault_place, quotas,
};

pub(super) fn of_scenarios() -> Value {
    let mut schema = object(&TOP);
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "A scenario of kms-fixture".into();
    schema["description"] =
        "A Region, an account, and the keys, roles, users and grants to start with.".into();
    schema["properties"]["$schema"] =
        json!({"type": "string", "description": "the JSON schema of this file"});
    schema["$defs"] = [&KEY, &ROLE, &USER, &GRANT, &EVENTUAL]
        .into_iter()
        .map(|it| (it.module.to_owned(), object(it)))
        .chain([&FAULT, &LATE, &ERROR].map(|it| (it.module.to_owned(), fault(it))))
        .collect::<Map<_, _>>()
        .into();
    schema
}

fn object(place: &Place) -> Value {
    let properties: Map<_, _> =
        place.in_scenarios().map(|it| (it.name.to_owned(), described(it))).collect();
    let required: Vec<_> = place.required().map(|it| it.name).collect();
    let mut schema = json!({
        "type": "object", "properties": properties, "additionalProperties": false
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// Returns the schema of the faults with these options.
fn fault(place: &Place) -> Value {
    let mut schema = object(place);
    let words = FAULTS.iter().filter(|it| fault_place(it.word).module == place.module);
    let words: Vec<_> = words.map(|it| it.word).collect();
    schema["properties"]["fault"] = json!({"enum": words, "description": "what goes wrong"});
    let mut required: Vec<_> = place.required().map(|it| it.name).collect();
    required.push("fault");
    schema["required"] = json!(required);
    schema
}

fn described(opt: &Opt) -> Value {
    let mut schema = shape(opt.shape);
    let default = match opt.default {
        "none" | "**required**" => String::new(),
        default => format!(". Default: {default}"),
    };
    // In a scenario, the document itself may take the place of its file.
    let document = if matches!(opt.shape, Shape::Policy) { ", or the document itself" } else { "" };
    schema["description"] = (plain(opt.meaning) + document + &plain(&default)).into();
    schema
}

fn shape(shape: Shape) -> Value {
    let words = |choices: &[Choice]| choices.iter().map(|it| it.word).collect::<Vec<_>>();
    let pairs = json!({"type": "object", "additionalProperties": {"type": "string"}});
    match shape {
        Shape::Text(limit) => text(limit),
        Shape::Policy => json!({"type": ["string", "object"]}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Seconds(from, to) | Shape::Number(from, to) => {
            json!({"type": "integer", "minimum": from, "maximum": to})
        }
        Shape::Faults => json!({"type": "array", "items": {"anyOf": [
            {"$ref": "#/$defs/fault"}, {"$ref": "#/$defs/late"}, {"$ref": "#/$defs/error"}
        ]}}),
        Shape::OneOf(words) => json!({"enum": words}),
        Shape::Choice(choices) => json!({"enum": words(choices)}),
        Shape::Word(list) => json!({"enum": list.words}),
        Shape::Words(list) => json!({
            "type": "array", "items": {"enum": list.words}, "minItems": 1, "uniqueItems": true
        }),
        Shape::Key | Shape::Principal => json!({"type": "string"}),
        Shape::Actions => json!({
            "type": "array", "items": {"anyOf": [
                {"type": "string", "pattern": "^\\*$|:"},
                {
                    "type": "object", "additionalProperties": false, "required": ["actions", "on"],
                    "properties": {
                        "actions": {"type": "array", "items": {"type": "string", "pattern": "^\\*$|:"}, "minItems": 1},
                        "on": {"type": "array", "items": {"type": "string"}, "minItems": 1}
                    }
                }
            ]}
        }),
        Shape::Context => {
            let mut pairs = pairs;
            pairs["minProperties"] = 1.into();
            pairs["maxProperties"] = 8.into();
            pairs
        }
        Shape::Tags => {
            let mut pairs = pairs;
            pairs["maxProperties"] = 50.into();
            pairs
        }
        Shape::Consistency => json!({"anyOf": [
            {"enum": words(CONSISTENCY)},
            {
                "type": "object", "additionalProperties": false,
                "properties": {"eventual": {"$ref": "#/$defs/eventual"}}
            }
        ]}),
        Shape::Quotas => {
            let calls = json!({"type": "integer", "minimum": 1, "maximum": 1_000_000});
            let named = quotas().map(|it| (it.to_owned(), calls.clone()));
            let aws = (AWS.to_owned(), json!({"type": "boolean"}));
            let properties: Map<_, _> = [aws].into_iter().chain(named).collect();
            json!({"anyOf": [
                {"enum": [AWS]},
                {
                    "type": "object", "additionalProperties": false, "minProperties": 1,
                    "properties": properties
                }
            ]})
        }
        Shape::Declarations(kind) => {
            let reference = format!("#/$defs/{}", kind.place().module);
            json!({
                "type": "object", "additionalProperties": {"$ref": reference},
                "propertyNames": {"minLength": 1, "not": {"enum": ["admin", "kms"]}}
            })
        }
        Shape::Count
        | Shape::CratePath
        | Shape::Cassette
        | Shape::Scenario
        | Shape::Cases
        | Shape::Snapshot
        | Shape::Explore => json!({}),
    }
}

/// Returns the lengths and patterns that a schema can express. The reader checks the rest.
fn text(limit: Limit) -> Value {
    match limit {
        Limit::Account => json!({"type": "string", "pattern": "^[0-9]{12}$"}),
        Limit::Alias => json!({"type": "string", "pattern": "^alias/", "maxLength": 256}),
        Limit::GrantName => {
            json!({"type": "string", "pattern": "^[A-Za-z0-9:/_-]+$", "maxLength": 256})
        }
        Limit::SessionName => {
            json!({"type": "string", "pattern": "^[A-Za-z0-9_+=,.@-]{2,64}$"})
        }
        Limit::ErrorCode => {
            json!({"type": "string", "pattern": "^[A-Za-z0-9.:_-]+$", "maxLength": 128})
        }
        Limit::Description => json!({"type": "string", "maxLength": 8192}),
        Limit::SourceArn => {
            json!({"type": "string", "pattern": "^arn:aws", "minLength": 20, "maxLength": 512})
        }
        Limit::None | Limit::Region | Limit::RoleName | Limit::UserName | Limit::FederatedName => {
            json!({"type": "string"})
        }
    }
}
