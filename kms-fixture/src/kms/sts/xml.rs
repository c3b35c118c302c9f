//! Elements of XML.

/// Returns an element with a text.
pub(super) fn element(name: &str, text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '\t' => escaped += "&#9;",
            '\n' => escaped += "&#10;",
            '\r' => escaped += "&#13;",
            // XML 1.0 has no other control characters.
            it if it.is_control() || matches!(it, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            it => escaped.push(it),
        }
    }
    parent(name, &escaped)
}

/// Returns an element with elements.
pub(super) fn parent(name: &str, elements: &str) -> String {
    format!("<{name}>{elements}</{name}>")
}

#[cfg(test)]
mod tests {
    use super::element;

    #[test]
    fn a_text_is_escaped() {
        assert_eq!(element("a", "<b>&\u{1}\n]]>"), "<a>&lt;b&gt;&amp;\u{fffd}&#10;]]&gt;</a>");
    }
}
