//! A sequence diagram of the calls, for Mermaid.

use std::fmt::Write as _;

use crate::fixture::Calls;

/// Draws callers on the left and KMS on the right.
pub(super) fn diagram(calls: &Calls) -> String {
    let mut text = "sequenceDiagram\n".to_owned();
    let mut callers: Vec<&str> = Vec::new();
    for call in calls.iter() {
        let caller = call.caller().unwrap_or("nobody");
        if !callers.contains(&caller) {
            callers.push(caller);
        }
    }
    let alias = |caller: &str| match callers.iter().position(|it| *it == caller) {
        Some(at) => format!("caller{}", at + 1),
        None => "caller".to_owned(),
    };
    for caller in &callers {
        let _ = writeln!(text, "    participant {} as {}", alias(caller), escaped(caller));
    }
    text += "    participant KMS as AWS KMS\n";
    for call in calls.iter() {
        let caller = alias(call.caller().unwrap_or("nobody"));
        let on = call.target().unwrap_or_default();
        let asked = format!("{} {on}", call.operation());
        let _ = writeln!(text, "    {caller}->>KMS: {}", escaped(asked.trim()));
        let _ = match call.error_code() {
            None => writeln!(text, "    KMS-->>{caller}: ok"),
            Some(code) => writeln!(text, "    KMS--x{caller}: {}", escaped(code)),
        };
    }
    text
}

/// Escapes Mermaid's special characters as entities.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '#' | ';' | '<' | '>' | ':' | '"' => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
            '\n' | '\r' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
