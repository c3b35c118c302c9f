//! The attribute's arguments as a tree: `word`, `word = literal`, `word(..)`.
//!
//! A mistake drops one item, not the rest.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use syn::{Lit, LitBool};

use crate::diag::Errors;

/// One item between commas.
pub(crate) enum Arg {
    Meta(Meta),
    Literal(Lit),
}

/// An item that begins with a word.
pub(crate) struct Meta {
    pub(crate) name: Ident,
    pub(crate) form: Form,
}

/// The part of an item after the word.
pub(crate) enum Form {
    /// Nothing.
    Word,
    /// `= literal`
    Value(Lit),
    /// `=` and something that is not a literal (or nothing), with its span and its text
    NotLiteral(Span, String),
    /// `(..)`
    List(Vec<Arg>),
    /// `(path::to::it)`, for `scenario` alone
    Path(Span, TokenStream),
}

impl Meta {
    /// Returns the name without `r#`.
    pub(crate) fn text(&self) -> String {
        text(&self.name)
    }
}

/// Returns an identifier without `r#`.
pub(crate) fn text(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), String::from)
}

/// Returns whether this is a keyword, which is not valid as a name and must not get into any expansion.
pub(crate) fn is_keyword(ident: &Ident) -> bool {
    const KEYWORDS: &[&str] = &[
        "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
        "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
        "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
        "pub", "ref", "return", "self", "Self", "static", "struct", "super", "trait", "true",
        "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&ident.to_string().as_str())
}

/// Parses the arguments of the attribute.
pub(crate) fn args(tokens: TokenStream, errors: &mut Errors) -> Vec<Arg> {
    let mut args = Vec::new();
    let mut item = Vec::new();
    for token in flatten(tokens) {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                if item.is_empty() {
                    errors.push(punct.span(), "expected a word before `,`");
                }
                args.extend(arg(std::mem::take(&mut item), errors));
            }
            token => item.push(token),
        }
    }
    args.extend(arg(item, errors));
    args
}

/// Removes the invisible groups that `macro_rules!` puts around its variables.
pub(crate) fn flatten(tokens: TokenStream) -> Vec<TokenTree> {
    let mut flat = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                flat.extend(flatten(group.stream()));
            }
            token => flat.push(token),
        }
    }
    flat
}

fn arg(tokens: Vec<TokenTree>, errors: &mut Errors) -> Option<Arg> {
    let mut tokens = tokens.into_iter();
    let arg = match tokens.next()? {
        TokenTree::Literal(literal) => Arg::Literal(Lit::new(literal)),
        TokenTree::Ident(name) => return Some(Arg::Meta(meta(name, tokens, errors))),
        other => {
            errors.push(other.span(), format!("expected a word, found `{}`", show(&other)));
            return None;
        }
    };
    nothing_more(tokens, errors);
    Some(arg)
}

fn meta(mut name: Ident, mut rest: std::vec::IntoIter<TokenTree>, errors: &mut Errors) -> Meta {
    let first = name.span();
    let mut is_path = false;
    let form = loop {
        match rest.next() {
            None => break Form::Word,
            Some(TokenTree::Punct(it)) if it.as_char() == '=' => {
                break value(it.span(), rest.collect());
            }
            // `KeyState::Disabled` means `Disabled`; the path is reported below.
            Some(TokenTree::Punct(it)) if it.as_char() == ':' => {
                is_path = true;
                if let Some(TokenTree::Ident(last)) = rest.as_slice().get(1) {
                    name = last.clone();
                    rest.nth(1);
                } else {
                    break Form::Word;
                }
            }
            Some(TokenTree::Group(group))
                if name == "scenario" && group.delimiter() == Delimiter::Parenthesis =>
            {
                let form = Form::Path(group.span_open(), group.stream());
                nothing_more(rest, errors);
                break form;
            }
            Some(TokenTree::Group(group)) => {
                let form = list(&name, &group, errors);
                nothing_more(rest, errors);
                break form;
            }
            Some(other) => {
                let message =
                    format!("expected `,`, `=` or `(` after `{name}`, found `{}`", show(&other));
                errors.push(other.span(), message);
                break Form::Word;
            }
        }
    };
    if is_path {
        errors.push(first, format!("expected one word, found a path\nhelp: write `{name}`"));
    }
    Meta { name, form }
}

fn value(equals: Span, tokens: Vec<TokenTree>) -> Form {
    match tokens.as_slice() {
        [TokenTree::Literal(literal)] => return Form::Value(Lit::new(literal.clone())),
        [TokenTree::Punct(minus), TokenTree::Literal(literal)] if minus.as_char() == '-' => {
            if let Ok(mut negative) = format!("-{literal}").parse::<Literal>() {
                negative.set_span(literal.span());
                return Form::Value(Lit::new(negative));
            }
        }
        [TokenTree::Ident(it)] if it == "true" || it == "false" => {
            return Form::Value(Lit::Bool(LitBool::new(it == "true", it.span())));
        }
        _ => {}
    }
    let span = tokens.first().map_or(equals, TokenTree::span);
    Form::NotLiteral(span, TokenStream::from_iter(tokens).to_string())
}

fn list(name: &Ident, group: &Group, errors: &mut Errors) -> Form {
    if group.delimiter() != Delimiter::Parenthesis {
        errors.push(group.span_open(), format!("expected parentheses\nhelp: write `{name}(..)`"));
    }
    Form::List(args(group.stream(), errors))
}

fn nothing_more(mut rest: std::vec::IntoIter<TokenTree>, errors: &mut Errors) {
    if let Some(token) = rest.next() {
        errors.push(token.span(), format!("expected `,`, found `{}`", show(&token)));
    }
}

/// Returns the text of a token for a message; for a group, only its opening delimiter.
fn show(token: &TokenTree) -> String {
    let TokenTree::Group(group) = token else {
        return token.to_string();
    };
    match group.delimiter() {
        Delimiter::Parenthesis => "(".into(),
        Delimiter::Brace => "{".into(),
        Delimiter::Bracket => "[".into(),
        Delimiter::None => String::new(),
    }
}
