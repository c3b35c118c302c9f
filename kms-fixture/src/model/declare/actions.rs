//! The actions of KMS and STS, as policies name them, and the mistakes in those of `allow`.

use super::{Message, OPERATIONS, nearest};

/// Every action of STS (Service Authorization Reference).
#[rustfmt::skip] // one word a line would be too long
const STS_ACTIONS: [&str; 16] = [
    "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "DecodeAuthorizationMessage",
    "GetAccessKeyInfo", "GetCallerIdentity", "GetDelegatedAccessToken", "GetFederationToken", "GetServiceBearerToken",
    "GetSessionToken", "GetWebIdentityToken", "SetContext", "SetSourceIdentity", "TagGetWebIdentityToken", "TagSession",
];

/// Returns every action of a service that the fixture serves, by its prefix in policies (Service Authorization
/// Reference). Those of KMS are its operations, but with `ReEncryptFrom` and `ReEncryptTo` for `ReEncrypt`, and with
/// `SynchronizeMultiRegionKey`, which KMS needs for itself.
pub(crate) fn actions_of(prefix: &str) -> Option<Vec<&'static str>> {
    let others = ["ReEncryptFrom", "ReEncryptTo", "SynchronizeMultiRegionKey"];
    match prefix {
        "kms" => {
            Some(OPERATIONS.iter().copied().filter(|it| *it != "ReEncrypt").chain(others).collect())
        }
        "sts" => Some(STS_ACTIONS.to_vec()),
        _ => None,
    }
}

/// Returns the mistake if an action of `allow` is not valid, or if KMS or STS does not have it.
pub(crate) fn action(text: &str) -> Option<Message> {
    if text == "*" {
        return None;
    }
    let Some((service, name)) = text.split_once(':') else {
        let actions = actions_of("kms").unwrap_or_default();
        let known = actions.iter().copied().find(|it| it.eq_ignore_ascii_case(text));
        let name = known.or_else(|| nearest(text, actions.iter().copied())).unwrap_or(text);
        return Some(
            Message::new(format!("`{text}` is not a valid action"))
                .help(format!("write `\"kms:{name}\"`")),
        );
    };
    // Most tests name an operation, which needs no list.
    let is_of_kms = service.eq_ignore_ascii_case("kms");
    if is_of_kms && name != "ReEncrypt" && OPERATIONS.binary_search(&name).is_ok() {
        return None;
    }
    let service = service.to_ascii_lowercase();
    let actions = actions_of(&service)?;
    if actions.iter().any(|it| covers(name, it)) {
        return None;
    }
    let called = service.to_ascii_uppercase();
    let has_wildcard = name.contains(['*', '?']);
    let message = Message::new(if has_wildcard {
        format!("no action of {called} fits `{text}`")
    } else {
        format!("{called} has no action `{text}`")
    });
    let typed = name.trim_end_matches('*').to_lowercase();
    let longer = actions.iter().copied().find(|it| it.to_lowercase().starts_with(&typed));
    Some(match longer.or_else(|| nearest(&typed, actions.iter().copied())) {
        Some(near) => {
            let star = if has_wildcard { "*" } else { "" };
            message.help(format!("an action with a similar name exists: `{service}:{near}{star}`"))
        }
        None => message.note("it would allow nothing"),
    })
}

/// Returns whether a pattern of IAM, with `*` and `?` and in any case, covers `name`.
fn covers(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut of, mut last_star) = (0, 0, None);
    while of < name.len() {
        match (pattern.get(at), last_star) {
            (Some(b'*'), _) => {
                last_star = Some((at + 1, of));
                at += 1;
            }
            (Some(it), _) if *it == b'?' || it.eq_ignore_ascii_case(&name[of]) => {
                (at, of) = (at + 1, of + 1);
            }
            // The last star covers one more.
            (_, Some((after, covered))) => {
                (at, of) = (after, covered + 1);
                last_star = Some((after, covered + 1));
            }
            _ => return false,
        }
    }
    pattern[at..].iter().all(|it| *it == b'*')
}

#[cfg(test)]
mod tests {
    use super::action;

    #[test]
    fn an_action_of_kms_is_known() {
        for right in [
            "*",
            "kms:*",
            "kms:List*",
            "KMS:describekey",
            "kms:Re?ncrypt*",
            "kms:*Grant*",
            "kms:*e*t*s",
            "kms:Sign**",
            "s3:GetObject",
            "sts:AssumeRole",
            "sts:Assume*",
            "kms:ReEncryptTo",
        ] {
            assert!(action(right).is_none(), "{right}");
        }
        for (wrong, near) in [
            ("kms:ListGrant", "`kms:ListGrants`"),
            ("kms:Decript", "`kms:Decrypt`"),
            ("kms:ReEncrypt", "`kms:ReEncryptFrom`"),
            ("kms:Lits*", "no action of KMS fits"),
            ("kms:*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?!", "no action of KMS fits"),
            ("sts:AssumeRoles", "`sts:AssumeRole`"),
            ("sts:Encrypt", "STS has no action"),
            ("kms:Nonsense", "it would allow nothing"),
            ("listgrants", "write `\"kms:ListGrants\"`"),
            ("Decript", "write `\"kms:Decrypt\"`"),
        ] {
            let message = action(wrong).unwrap().in_lines();
            assert!(message.contains(near), "{wrong}: {message}");
        }
    }
}
