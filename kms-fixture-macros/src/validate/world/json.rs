//! JSON with the line and the column of each value, for the mistakes in a scenario file.
//!
//! The library reads scenarios with `serde_json`, which keeps no places. A library here would be built for every user of the
//! attribute, for one file.

use std::iter::Peekable;
use std::str::Chars;

/// The deepest nesting, as in `serde_json`.
const DEPTH: usize = 127;

/// A line and a column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A value and the place of its first character.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) spot: Spot,
    pub(super) json: Json,
}

#[derive(Debug)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

/// A member of an object, with the place of its name.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) spot: Spot,
    pub(super) name: String,
    pub(super) value: Node,
}

impl Json {
    /// Returns the noun of this type, with its article.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// A place and what is wrong there.
pub(super) type Mistake = (Spot, String);

/// Reads one JSON value.
pub(super) fn read(text: &str) -> Result<Node, Mistake> {
    let mut reader = Reader { rest: text.chars().peekable(), spot: Spot { line: 1, column: 1 } };
    let node = reader.value(0)?;
    reader.space();
    match reader.peek() {
        None => Ok(node),
        Some(it) => Err(reader.wrong(&format!("expected the end of the file, found `{it}`"))),
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    spot: Spot,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        if next == '\n' {
            self.spot = Spot { line: self.spot.line + 1, column: 1 };
        } else {
            self.spot.column += 1;
        }
        Some(next)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\r' | '\n')) {
            self.next();
        }
    }

    fn wrong(&self, message: &str) -> Mistake {
        (self.spot, format!("this is not JSON: {message}"))
    }

    fn expected(&mut self, wanted: &str) -> Mistake {
        let found = self.peek().map_or("the end of the file".into(), |it| format!("`{it}`"));
        self.wrong(&format!("expected {wanted}, found {found}"))
    }

    /// Reads a value after white space.
    fn value(&mut self, depth: usize) -> Result<Node, Mistake> {
        self.space();
        let spot = self.spot;
        if depth > DEPTH {
            return Err(self.wrong("too many nested values"));
        }
        let json = match self.peek() {
            Some('{') => Json::Object(self.object(depth)?),
            Some('[') => Json::List(self.list(depth)?),
            Some('"') => Json::Text(self.text()?),
            Some('-' | '0'..='9') => Json::Number(self.number()?),
            Some('a'..='z') => match self.word().as_str() {
                "null" => Json::Null,
                "true" => Json::Bool(true),
                "false" => Json::Bool(false),
                other => return Err((spot, format!("this is not JSON: unknown word `{other}`"))),
            },
            _ => return Err(self.expected("a value")),
        };
        Ok(Node { spot, json })
    }

    fn object(&mut self, depth: usize) -> Result<Vec<Member>, Mistake> {
        let mut members: Vec<Member> = Vec::new();
        self.next();
        self.space();
        if self.peek() == Some('}') {
            self.next();
            return Ok(members);
        }
        loop {
            self.space();
            let spot = self.spot;
            if self.peek() != Some('"') {
                return Err(self.expected("a name in quotes"));
            }
            let name = self.text()?;
            if members.iter().any(|it| it.name == name) {
                return Err((spot, format!("`{name}` is given twice")));
            }
            self.space();
            if self.peek() != Some(':') {
                return Err(self.expected("`:`"));
            }
            self.next();
            let value = self.value(depth + 1)?;
            members.push(Member { spot, name, value });
            if !self.goes_on('}')? {
                return Ok(members);
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Mistake> {
        let mut values = Vec::new();
        self.next();
        self.space();
        if self.peek() == Some(']') {
            self.next();
            return Ok(values);
        }
        loop {
            values.push(self.value(depth + 1)?);
            if !self.goes_on(']')? {
                return Ok(values);
            }
        }
    }

    /// Reads a comma or the end; returns whether it was a comma.
    fn goes_on(&mut self, end: char) -> Result<bool, Mistake> {
        self.space();
        match self.peek() {
            Some(',') => {
                self.next();
                Ok(true)
            }
            Some(it) if it == end => {
                self.next();
                Ok(false)
            }
            _ => Err(self.expected(&format!("`,` or `{end}`"))),
        }
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(it @ 'a'..='z') = self.peek() {
            word.push(it);
            self.next();
        }
        word
    }

    fn digits(&mut self, number: &mut String) -> Result<(), Mistake> {
        if !matches!(self.peek(), Some('0'..='9')) {
            return Err(self.expected("a digit"));
        }
        while let Some(it @ '0'..='9') = self.peek() {
            number.push(it);
            self.next();
        }
        Ok(())
    }

    fn number(&mut self) -> Result<String, Mistake> {
        let mut number = String::new();
        if self.peek() == Some('-') {
            number.extend(self.next());
        }
        if self.peek() == Some('0') {
            number.extend(self.next());
        } else {
            self.digits(&mut number)?;
        }
        if self.peek() == Some('.') {
            number.extend(self.next());
            self.digits(&mut number)?;
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            number.extend(self.next());
            if matches!(self.peek(), Some('+' | '-')) {
                number.extend(self.next());
            }
            self.digits(&mut number)?;
        }
        Ok(number)
    }

    fn text(&mut self) -> Result<String, Mistake> {
        let mut text = String::new();
        self.next();
        loop {
            match self.peek() {
                Some('"') => {
                    self.next();
                    return Ok(text);
                }
                Some('\\') => {
                    self.next();
                    text.push(self.escape()?);
                }
                None => return Err(self.expected("`\"`")),
                Some(it) if it < ' ' => return Err(self.wrong("a string ends on its line")),
                Some(it) => {
                    text.push(it);
                    self.next();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Mistake> {
        let escaped = match self.peek() {
            Some(it @ ('"' | '\\' | '/')) => it,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                self.next();
                return self.unicode();
            }
            _ => return Err(self.expected("an escape such as `\\n`")),
        };
        self.next();
        Ok(escaped)
    }

    fn unicode(&mut self) -> Result<char, Mistake> {
        let first = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            for wanted in ['\\', 'u'] {
                if self.peek() != Some(wanted) {
                    return Err(self.expected("the second half of a surrogate pair"));
                }
                self.next();
            }
            let second = self.hex()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.wrong("half of a surrogate pair"));
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.wrong("half of a surrogate pair"))
    }

    fn hex(&mut self) -> Result<u32, Mistake> {
        let mut code = 0;
        for _ in 0..4 {
            match self.peek().and_then(|it| it.to_digit(16)) {
                Some(digit) => code = code * 16 + digit,
                None => return Err(self.expected("four hexadecimal digits")),
            }
            self.next();
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, Spot, read};

    #[test]
    fn values_have_places() {
        let node =
            read("{\n  \"a\": [1, -2.5e3, true, null],\n  \"\\u00e9\\ud83d\\ude00\": \"x\\n\"}")
                .unwrap();
        let Json::Object(members) = node.json else { panic!("an object") };
        assert_eq!(members[0].spot, Spot { line: 2, column: 3 });
        assert_eq!(members[0].value.spot, Spot { line: 2, column: 8 });
        assert_eq!(members[1].name, "\u{e9}\u{1f600}");
        assert!(matches!(&members[1].value.json, Json::Text(it) if it == "x\n"));
    }

    #[test]
    fn what_is_not_json_has_a_place() {
        for (text, line, column) in [
            ("", 1, 1),
            ("{", 1, 2),
            ("{\n  \"a\": }", 2, 8),
            ("{\"a\": 1,}", 1, 9),
            ("{\"a\": 01}", 1, 8),
            ("[1 2]", 1, 4),
            ("{\"a\": 1, \"a\": 2}", 1, 10),
            ("\"\\ud800\"", 1, 8),
            ("\"\\x\"", 1, 3),
            ("tru", 1, 1),
            ("{} x", 1, 4),
            ("\"a\nb\"", 1, 3),
            ("1.", 1, 3),
        ] {
            let (spot, message) = read(text).unwrap_err();
            assert_eq!(spot, Spot { line, column }, "{text}: {message}");
        }
        assert!(read(&"[".repeat(1000)).is_err());
    }
}
