//! The layout in which KMS returns the key policies that it keeps (fact 15.28).

use std::iter::repeat_n;

/// Returns a JSON document in AWS's layout: a member on each line, two spaces for each object around it, arrays inline.
/// The members keep their order.
pub(crate) fn laid_out(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut around = Vec::new();
    let mut chars = json.chars();
    while let Some(it) = chars.next() {
        match it {
            '"' => {
                out.push(it);
                let mut is_escaped = false;
                for it in chars.by_ref() {
                    out.push(it);
                    if it == '"' && !is_escaped {
                        break;
                    }
                    is_escaped = it == '\\' && !is_escaped;
                }
            }
            '{' | '[' => {
                out.push(it);
                let is_empty = chars.as_str().trim_start().starts_with(['}', ']']);
                if !is_empty {
                    around.push(it);
                }
                if it == '[' || is_empty {
                    out.push(' ');
                } else {
                    start_line(&mut out, &around);
                }
                if is_empty {
                    out.extend(chars.by_ref().find(|it| !it.is_whitespace()));
                }
            }
            '}' => {
                around.pop();
                start_line(&mut out, &around);
                out.push(it);
            }
            ']' => {
                around.pop();
                out.push_str(" ]");
            }
            ',' if around.last() == Some(&'{') => {
                out.push(it);
                start_line(&mut out, &around);
            }
            ',' => out.push_str(", "),
            ':' => out.push_str(" : "),
            _ if it.is_whitespace() => {}
            _ => out.push(it),
        }
    }
    out
}

/// Starts a line within the objects and arrays `around` it.
fn start_line(out: &mut String, around: &[char]) {
    let depth = around.iter().filter(|it| **it == '{').count();
    out.push('\n');
    out.extend(repeat_n(' ', depth * 2));
}

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn strings_and_what_is_empty_stay() {
        for text in [
            r#""a \" : {[,]} \\""#,
            "{ }",
            "[ ]",
            "[ 1, [ ], true ]",
            "[ {\n  \"a\" : null\n}, { } ]",
        ] {
            assert_eq!(laid_out(text), text);
        }
    }

    #[test]
    fn spaces_do_not_matter() {
        let text = "\n{ \"a\":[\"b\" ,{\"c\" : {}}],\t\"d\":{\"e\":[ ]}}";
        let expected = "{\n  \"a\" : [ \"b\", {\n    \"c\" : { }\n  } ],\n  \"d\" : {\n    \"e\" : [ ]\n  }\n}";
        assert_eq!(laid_out(text), expected);
        assert_eq!(laid_out(expected), expected);
    }
}
