//! The actions of KMS, as policies name them, and the mistakes in those of `allow`.

use super::{Message, OPERATIONS, nearest};

/// Returns every action of KMS (Service Authorization Reference): the operations, but with `ReEncryptFrom` and `ReEncryptTo` for
/// `ReEncrypt`, and with `SynchronizeMultiRegionKey`, which KMS needs for itself.
fn actions() -> impl Iterator<Item = &'static str> + Clone {
    let others = ["ReEncryptFrom", "ReEncryptTo", "SynchronizeMultiRegionKey"];
    OPERATIONS.iter().copied().filter(|it| *it != "ReEncrypt").chain(others)
}

/// Returns the mistake if an action of `allow` is not valid, or is none of KMS's.
pub(crate) fn action(text: &str) -> Option<Message> {
    if text == "*" {
        return None;
    }
    let Some((service, name)) = text.split_once(':') else {
        let known = actions().find(|it| it.eq_ignore_ascii_case(text));
        let name = known.or_else(|| nearest(text, actions())).unwrap_or(text);
        return Some(
            Message::new(format!("`{text}` is not a valid action"))
                .help(format!("write `\"kms:{name}\"`")),
        );
    };
    if name != "ReEncrypt" && OPERATIONS.binary_search(&name).is_ok() {
        return None;
    }
    if !service.eq_ignore_ascii_case("kms") || actions().any(|it| covers(name, it)) {
        return None;
    }
    let has_wildcard = name.contains(['*', '?']);
    let message = Message::new(if has_wildcard {
        format!("no action of KMS fits `{text}`")
    } else {
        format!("KMS has no action `{text}`")
    });
    let typed = name.trim_end_matches('*').to_lowercase();
    let longer = actions().find(|it| it.to_lowercase().starts_with(&typed));
    Some(match longer.or_else(|| nearest(&typed, actions())) {
        Some(near) => {
            let star = if has_wildcard { "*" } else { "" };
            message.help(format!("an action with a similar name exists: `kms:{near}{star}`"))
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
            ("kms:Nonsense", "it would allow nothing"),
            ("listgrants", "write `\"kms:ListGrants\"`"),
            ("Decript", "write `\"kms:Decrypt\"`"),
        ] {
            let message = action(wrong).unwrap().in_lines();
            assert!(message.contains(near), "{wrong}: {message}");
        }
    }
}
