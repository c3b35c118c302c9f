//! A terminal's text as a picture: an SVG of lines of text, with the colours of the terminal.

use std::fmt::Write;

const FONT: &str = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";
const FONT_SIZE: usize = 13;
const CHARACTER: usize = 8; // the width of one; each line is stretched to it
const LINE: usize = 18;
const MARGIN: usize = 16;

/// A colour of the terminal by its ANSI code: those that libtest uses.
fn colour(code: &str) -> Option<&'static str> {
    match code {
        "31" => Some("#ff8272"),
        "32" => Some("#8ed081"),
        "33" => Some("#e5c07b"),
        _ => None,
    }
}

/// Returns the pieces of a line, each with the colour that its escape sequence has set.
fn pieces(line: &str) -> Vec<(Option<&'static str>, String)> {
    let mut current = None;
    let mut found = Vec::new();
    for (at, part) in line.split('\u{1b}').enumerate() {
        let text = match (at, part.split_once('m')) {
            (0, _) => part,
            (_, Some((code, text))) if code.starts_with('[') => {
                current = colour(&code[1..]);
                text
            }
            // `ESC ( B`, a part of "back to normal" in some terminals.
            _ => part.strip_prefix("(B").unwrap_or(part),
        };
        if !text.is_empty() {
            found.push((current, text.to_owned()));
        }
    }
    found
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns a picture of the text, with a title for readers who cannot see it.
pub(crate) fn svg(text: &str, title: &str) -> String {
    let lines: Vec<_> = text.lines().map(|it| pieces(it.trim_end())).collect();
    let length = |it: &Vec<(_, String)>| it.iter().map(|it| it.1.chars().count()).sum::<usize>();
    let columns = lines.iter().map(length).max().unwrap_or_default();
    let width = columns * CHARACTER + 2 * MARGIN;
    let height = lines.len() * LINE + 2 * MARGIN;

    let title = escaped(title);
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' role='img' viewBox='0 0 {width} {height}' width='{width}' height='{height}'>\n\
         <title>{title}</title>\n\
         <rect width='100%' height='100%' rx='8' fill='#1d2026'/>\n\
         <g font-family=\"{FONT}\" font-size='{FONT_SIZE}' fill='#e6e6e6'>\n"
    );
    for (at, line) in lines.iter().enumerate().filter(|it| !it.1.is_empty()) {
        let y = MARGIN + at * LINE + FONT_SIZE;
        let length = length(line) * CHARACTER;
        write!(svg, "<text xml:space='preserve' x='{MARGIN}' y='{y}' textLength='{length}'>")
            .unwrap();
        for (colour, text) in line {
            let text = escaped(text);
            match colour {
                Some(it) => write!(svg, "<tspan fill='{it}'>{text}</tspan>").unwrap(),
                None => svg.push_str(&text),
            }
        }
        svg.push_str("</text>\n");
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// Returns the picture as one word, which a link in Markdown takes.
pub(crate) fn uri(svg: &str) -> String {
    let mut uri = "data:image/svg+xml,".to_owned();
    for byte in svg.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => uri.push(byte.into()),
            b'-' | b'_' | b'.' | b'/' | b':' | b'=' | b'\'' | b',' | b';' | b'!' => {
                uri.push(byte.into());
            }
            other => write!(uri, "%{other:02X}").unwrap(),
        }
    }
    uri
}
