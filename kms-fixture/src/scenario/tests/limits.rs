//! The limits of declarations are those of the API.

use crate::api::{Shape, Type, shapes};
use crate::model::declare::Limit;
use crate::model::{is_service_principal, is_source_arn};

/// Returns the bounds of a text's length.
fn bounds(shape: &Shape) -> (usize, usize) {
    match shape.type_ {
        Type::Text(text) => (text.min, text.max),
        _ => panic!("{} is not a text", shape.name),
    }
}

#[test]
fn a_text_may_be_as_long_as_in_the_api() {
    for (limit, shape, start) in [
        (Limit::Description, &shapes::DescriptionType, ""),
        (Limit::GrantName, &shapes::GrantNameType, ""),
        (Limit::Alias, &shapes::AliasNameType, "alias/"),
        (Limit::SourceArn, &shapes::GrantConstraintSourceArnType, "arn:aws:s3::111122223333:"),
    ] {
        let (_, max) = bounds(shape);
        let text = |length: usize| format!("{start}{}", "x".repeat(length - start.len()));
        assert!(limit.mistake(&text(max)).is_none(), "{}", shape.name);
        assert!(limit.mistake(&text(max + 1)).is_some(), "{}", shape.name);
    }
}

#[test]
fn a_text_may_be_as_short_as_in_the_api() {
    let (min, _) = bounds(&shapes::GrantNameType);
    assert_eq!(min, 1);
    assert!(Limit::GrantName.mistake("").is_some() && Limit::GrantName.mistake("x").is_none());
    let (min, _) = bounds(&shapes::GrantConstraintSourceArnType);
    let arn = "arn:aws:a::111122223333:x";
    // Every ARN with an account is longer than the shortest text that the API takes.
    assert!(arn.len() > min && is_source_arn(arn));
}

#[test]
fn a_service_principal_may_be_as_long_as_in_the_api() {
    let (_, max) = bounds(&shapes::ServicePrincipalType);
    let name = |length: usize| format!("{}.amazonaws.com", "x".repeat(length - 14));
    assert!(is_service_principal(&name(max)) && !is_service_principal(&name(max + 1)));
}
