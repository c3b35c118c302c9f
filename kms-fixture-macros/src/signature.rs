//! The annotated function: attributes, visibility and signature, with the body left as tokens.
//!
//! `syn::ItemFn` would parse the body, and a half-typed body would then lose all completion.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

use crate::diag::Errors;
use crate::parse::flatten;

/// The parts of a function that the macro needs.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attr>,
    pub(crate) visibility: TokenStream,
    /// `const`, `unsafe`, `extern`: a test cannot have them.
    pub(crate) qualifiers: Vec<Ident>,
    pub(crate) is_async: bool,
    pub(crate) name: Ident,
    /// The spans of `<` and `where`.
    pub(crate) generics: Vec<Span>,
    pub(crate) params: Vec<Param>,
    pub(crate) output: Option<Output>,
    /// Everything after the visibility, unchanged.
    pub(crate) rest: TokenStream,
}

/// One attribute, with the words of its path.
pub(crate) struct Attr {
    pub(crate) tokens: TokenStream,
    pub(crate) path: Vec<Ident>,
}

/// One parameter.
pub(crate) enum Param {
    /// `orders: Key` or `mut orders: Key`, with the type
    Plain(Ident, TokenStream),
    /// `self` in any form
    Receiver(Span),
    /// `..`
    Variadic(Span),
    /// Any other pattern
    Pattern(Span),
}

/// A return type.
pub(crate) struct Output {
    /// Its first token.
    pub(crate) span: Span,
    /// Whether it is `()`, written out.
    pub(crate) is_unit: bool,
}

/// Parses the item; reports an item that is not a function.
pub(crate) fn function(item: TokenStream, errors: &mut Errors) -> Option<Function> {
    let tokens = flatten_head(item);
    let mut tokens = tokens.as_slice();
    let mut attrs = Vec::new();
    while let [TokenTree::Punct(hash), TokenTree::Group(group), rest @ ..] = tokens
        && hash.as_char() == '#'
    {
        attrs.push(attr(&tokens[..2], group.stream()));
        tokens = rest;
    }
    let after_visibility = match tokens {
        [TokenTree::Ident(it), TokenTree::Group(group), rest @ ..]
            if it == "pub" && group.delimiter() == Delimiter::Parenthesis =>
        {
            rest
        }
        [TokenTree::Ident(it), rest @ ..] if it == "pub" => rest,
        all => all,
    };
    let visibility = tokens[..tokens.len() - after_visibility.len()].to_vec();
    let Some((qualifiers, is_async, name, signature)) = head(after_visibility) else {
        let (span, found) = after_visibility.first().map_or_else(
            || (Span::call_site(), String::new()),
            |it| (it.span(), format!(", found `{it}`")),
        );
        errors.push(span, format!("`#[kms_test]` goes on a function{found}"));
        return None;
    };
    let mut function = Function {
        attrs,
        visibility: visibility.into_iter().collect(),
        qualifiers,
        is_async,
        name,
        generics: Vec::new(),
        params: Vec::new(),
        output: None,
        rest: after_visibility.iter().cloned().collect(),
    };
    function.signature(signature);
    Some(function)
}

impl Function {
    /// Reads the tokens after the name.
    fn signature(&mut self, tokens: &[TokenTree]) {
        let Some(open) = tokens.iter().position(is_parentheses) else {
            return;
        };
        if open > 0 {
            self.generics.push(tokens[0].span());
        }
        if let TokenTree::Group(group) = &tokens[open] {
            let params = split(group.stream());
            self.params = params.iter().filter_map(|it| param(it)).collect();
        }
        let mut output = Vec::new();
        let end = tokens.len() - 1; // the body or `;`
        for token in tokens.get(open + 1..end).unwrap_or_default() {
            if matches!(token, TokenTree::Ident(it) if it == "where") {
                self.generics.push(token.span());
                break;
            }
            output.push(token);
        }
        if let [_, _, first, rest @ ..] = output.as_slice() {
            let is_unit = matches!(first, TokenTree::Group(it) if it.stream().is_empty());
            self.output = Some(Output { span: first.span(), is_unit: is_unit && rest.is_empty() });
        }
    }
}

/// Removes the invisible groups before the name (for example an empty `$vis`).
fn flatten_head(item: TokenStream) -> Vec<TokenTree> {
    let mut flat = Vec::new();
    let mut in_head = true;
    for token in item {
        match token {
            TokenTree::Group(it) if in_head && it.delimiter() == Delimiter::None => {
                flat.extend(flatten(it.stream()));
            }
            token => {
                in_head &= !is_parentheses(&token) || flat.last().is_some_and(is_pub);
                flat.push(token);
            }
        }
    }
    flat
}

/// Splits `async`, `const`, .. `fn name` from the tokens that follow.
fn head(tokens: &[TokenTree]) -> Option<(Vec<Ident>, bool, Ident, &[TokenTree])> {
    let mut qualifiers = Vec::new();
    let mut is_async = false;
    for (position, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(it) if it == "async" => is_async = true,
            TokenTree::Ident(it) if it == "const" || it == "unsafe" || it == "extern" => {
                qualifiers.push(it.clone());
            }
            TokenTree::Literal(_) => {} // `extern "C"`
            TokenTree::Ident(it) if it == "fn" => {
                let TokenTree::Ident(name) = tokens.get(position + 1)? else {
                    return None;
                };
                return Some((qualifiers, is_async, name.clone(), &tokens[position + 2..]));
            }
            _ => return None,
        }
    }
    None
}

fn attr(tokens: &[TokenTree], inside: TokenStream) -> Attr {
    let mut path = Vec::new();
    for token in inside {
        match token {
            TokenTree::Ident(it) => path.push(it),
            TokenTree::Punct(it) if it.as_char() == ':' => {}
            _ => break,
        }
    }
    Attr { tokens: tokens.iter().cloned().collect(), path }
}

/// Splits at the commas that are not inside `<..>`.
fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    let mut depth = 0_usize;
    let mut before = ' ';
    for token in tokens {
        let punct = match &token {
            TokenTree::Punct(it) => it.as_char(),
            _ => ' ',
        };
        match punct {
            '<' => depth += 1,
            '>' if before != '-' => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = punct;
        if punct == ',' && depth == 0 {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(token);
        }
    }
    parts
}

fn param(mut tokens: &[TokenTree]) -> Option<Param> {
    while let [TokenTree::Punct(hash), TokenTree::Group(_), rest @ ..] = tokens
        && hash.as_char() == '#'
    {
        tokens = rest;
    }
    let colon = |token: &TokenTree| matches!(token, TokenTree::Punct(it) if it.as_char() == ':');
    let pattern = tokens.split(colon).next()?;
    let receiver =
        pattern.iter().find(|token| matches!(token, TokenTree::Ident(it) if it == "self"));
    if let Some(receiver) = receiver {
        return Some(Param::Receiver(receiver.span()));
    }
    let ty = tokens.get(pattern.len() + 1..).unwrap_or_default();
    if let Some(TokenTree::Punct(dot)) = ty.first()
        && dot.as_char() == '.'
    {
        return Some(Param::Variadic(dot.span()));
    }
    let ty = ty.iter().cloned().collect();
    Some(match pattern {
        [] => return None,
        [TokenTree::Ident(name)] if name != "_" => Param::Plain(name.clone(), ty),
        [TokenTree::Ident(it), TokenTree::Ident(name)] if it == "mut" => {
            Param::Plain(name.clone(), ty)
        }
        [TokenTree::Punct(dot), ..] if dot.as_char() == '.' => Param::Variadic(dot.span()),
        [first, ..] => Param::Pattern(first.span()),
    })
}

fn is_parentheses(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(it) if it.delimiter() == Delimiter::Parenthesis)
}

fn is_pub(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(it) if it == "pub")
}
