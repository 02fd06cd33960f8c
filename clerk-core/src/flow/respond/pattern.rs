//! Path patterns in the syntax of Clerk's other SDKs, [path-to-regexp
//! 6](https://github.com/pillarjs/path-to-regexp/tree/6.x), so that patterns can be copied from them. Expressions in
//! parentheses have no look-ahead and no back-references, so that matching takes time in proportion to the path.

use std::{collections::HashMap, fmt};

use regex_lite::Regex;

use crate::config::{ConfigError, ConfigErrorKind};

/// A compiled path pattern.
#[derive(Debug, Clone)]
pub(crate) struct PathPattern {
    regex: Regex,
    parameters: Vec<Parameter>,
}

/// A named part of the path.
#[derive(Debug, Clone)]
struct Parameter {
    name: String,
    prefix: String,
    suffix: String,
    pattern: String,
    modifier: Option<char>,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    One(String),
    /// The values of a parameter that may repeat.
    Many(Vec<String>),
}

pub(crate) struct Values(HashMap<String, Value>);

enum Piece {
    Text(String),
    Parameter(Parameter),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Char(char),
    Escaped(char),
    Name(String),
    Pattern(String),
    Modifier(char),
    Open,
    Close,
}

/// What is wrong with a pattern.
type Problem = &'static str;

impl PathPattern {
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let invalid = |problem: &str| {
            ConfigError::new(
                ConfigErrorKind::InvalidPattern,
                format!(
                    "{text:?} is not a valid path pattern: {problem}; write it like /orgs/:slug or /orgs/:slug/(.*)"
                ),
            )
        };
        let pieces = tokenize(text).and_then(|tokens| Parser { tokens, at: 0, unnamed: 0, pieces: Vec::new() }.parse());
        let (source, parameters) = pieces.and_then(build_regex).map_err(invalid)?;
        let regex = Regex::new(&source).map_err(|_| {
            invalid("an expression in parentheses is malformed, or has a look-ahead or a back-reference")
        })?;
        Ok(Self { regex, parameters })
    }

    /// The parameters, if the path matches.
    pub(crate) fn matches(&self, path: &str) -> Option<Values> {
        let captures = self.regex.captures(path)?;
        let mut values = HashMap::new();
        for (index, parameter) in self.parameters.iter().enumerate() {
            let Some(found) = captures.get(index + 1) else { continue };
            let value = if parameter.repeats() {
                let separator = format!("{}{}", parameter.prefix, parameter.suffix);
                Value::Many(found.as_str().split(&*separator).map(str::to_owned).collect())
            } else {
                Value::One(found.as_str().to_owned())
            };
            values.insert(parameter.name.clone(), value);
        }
        Some(Values(values))
    }
}

impl Parameter {
    const fn repeats(&self) -> bool {
        matches!(self.modifier, Some('*' | '+'))
    }
}

impl Values {
    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned()
    }
}

impl Value {
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::One(text) if text.is_empty())
    }

    /// Whether it is this single value.
    pub(crate) fn is_equal_to(&self, text: Option<&str>) -> bool {
        matches!(self, Self::One(one) if Some(&**one) == text)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(text) => f.write_str(text),
            Self::Many(texts) => f.write_str(&texts.join(",")),
        }
    }
}

fn tokenize(text: &str) -> Result<Vec<Token>, Problem> {
    let characters: Vec<char> = text.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(&character) = characters.get(at) {
        at += 1;
        tokens.push(match character {
            '*' | '+' | '?' => Token::Modifier(character),
            '{' => Token::Open,
            '}' => Token::Close,
            '\\' => {
                at += 1;
                Token::Escaped(*characters.get(at - 1).ok_or("it ends with a backslash")?)
            }
            ':' => {
                let name: String =
                    characters[at..].iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect();
                at += name.len();
                if name.is_empty() {
                    return Err("a colon must be followed by a name");
                }
                Token::Name(name)
            }
            '(' => Token::Pattern(parse_expression(&characters, &mut at)?),
            _ => Token::Char(character),
        });
    }
    Ok(tokens)
}

/// Parses an expression up to its closing parenthesis.
fn parse_expression(characters: &[char], at: &mut usize) -> Result<String, Problem> {
    if characters.get(*at) == Some(&'?') {
        return Err("an expression cannot begin with a question mark");
    }
    let (mut depth, mut pattern) = (1, String::new());
    while let Some(&character) = characters.get(*at) {
        *at += 1;
        match character {
            '\\' => {
                pattern.push(character);
                pattern.extend(characters.get(*at));
                *at += 1;
                continue;
            }
            ')' if depth == 1 && pattern.is_empty() => return Err("an expression is empty"),
            ')' if depth == 1 => return Ok(pattern),
            ')' => depth -= 1,
            '(' if characters.get(*at) != Some(&'?') => return Err("an expression cannot contain a capturing group"),
            '(' => depth += 1,
            _ => {}
        }
        pattern.push(character);
    }
    Err("a parenthesis is not closed")
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    unnamed: usize,
    pieces: Vec<Piece>,
}

impl Parser {
    fn parse(mut self) -> Result<Vec<Piece>, Problem> {
        let mut text = String::new();
        while self.at < self.tokens.len() {
            let character = self.take(|token| if let Token::Char(c) = token { Some(*c) } else { None });
            let (name, pattern) = (self.take_name(), self.take_pattern());
            if name.is_some() || pattern.is_some() {
                // A dot or a slash before a parameter belongs to it, so that both are optional together.
                let prefix = character.filter(|c| matches!(c, '.' | '/')).map(String::from);
                text.extend(character.filter(|_| prefix.is_none()));
                self.push_text(&mut text);
                let parameter = self.parse_parameter(name, pattern, prefix.unwrap_or_default(), String::new())?;
                self.pieces.push(Piece::Parameter(parameter));
            } else if let Some(character) = character.or_else(|| self.take_escaped()) {
                text.push(character);
            } else {
                self.push_text(&mut text);
                self.parse_group()?;
            }
        }
        self.push_text(&mut text);
        Ok(self.pieces)
    }

    /// Parses `{prefix:name(pattern)suffix}` with a modifier.
    fn parse_group(&mut self) -> Result<(), Problem> {
        if self.take(|token| (*token == Token::Open).then_some(())).is_none() {
            return Err("a modifier or a brace is in the wrong place");
        }
        let prefix = self.take_text();
        let (name, pattern) = (self.take_name(), self.take_pattern());
        let suffix = self.take_text();
        if self.take(|token| (*token == Token::Close).then_some(())).is_none() {
            return Err("a brace is not closed");
        }
        let piece = if name.is_none() && pattern.is_none() {
            let modifier = self.take_modifier();
            Parameter { name: String::new(), prefix, suffix, pattern: String::new(), modifier }
        } else {
            self.parse_parameter(name, pattern, prefix, suffix)?
        };
        self.pieces.push(Piece::Parameter(piece));
        Ok(())
    }

    fn parse_parameter(
        &mut self,
        name: Option<String>,
        pattern: Option<String>,
        prefix: String,
        suffix: String,
    ) -> Result<Parameter, Problem> {
        let name = name.unwrap_or_else(|| {
            self.unnamed += 1;
            (self.unnamed - 1).to_string()
        });
        let pattern = match pattern {
            Some(pattern) => pattern,
            None => self.segment_pattern(&prefix)?,
        };
        Ok(Parameter { name, prefix, suffix, pattern, modifier: self.take_modifier() })
    }

    /// The pattern of a parameter without an expression: a segment, which ends where the text before it would repeat.
    fn segment_pattern(&self, prefix: &str) -> Result<String, Problem> {
        let before = match self.pieces.last() {
            Some(Piece::Parameter(_)) if prefix.is_empty() => return Err("two parameters need text between them"),
            Some(Piece::Text(text)) if prefix.is_empty() => text,
            _ => prefix,
        };
        let mut characters = before.chars();
        match (characters.next().filter(|_| !before.contains(['/', '#', '?'])), characters.next()) {
            (None, _) => Ok(r"[^/#?]+?".to_owned()),
            (Some(one), None) => Ok(format!(r"[^/#?{}]+?", regex_lite::escape(&one.to_string()))),
            (Some(_), Some(_)) => Err("between two parameters of one segment there can be only one character"),
        }
    }

    fn take<T>(&mut self, choose: impl Fn(&Token) -> Option<T>) -> Option<T> {
        let taken = self.tokens.get(self.at).and_then(choose)?;
        self.at += 1;
        Some(taken)
    }

    fn take_name(&mut self) -> Option<String> {
        self.take(|token| if let Token::Name(name) = token { Some(name.clone()) } else { None })
    }

    fn take_pattern(&mut self) -> Option<String> {
        self.take(|token| if let Token::Pattern(pattern) = token { Some(pattern.clone()) } else { None })
    }

    fn take_escaped(&mut self) -> Option<char> {
        self.take(|token| if let Token::Escaped(c) = token { Some(*c) } else { None })
    }

    fn take_modifier(&mut self) -> Option<char> {
        self.take(|token| if let Token::Modifier(c) = token { Some(*c) } else { None })
    }

    fn take_text(&mut self) -> String {
        let mut text = String::new();
        while let Some(c) = self.take(|token| match token {
            Token::Char(c) | Token::Escaped(c) => Some(*c),
            _ => None,
        }) {
            text.push(c);
        }
        text
    }

    fn push_text(&mut self, text: &mut String) {
        if !text.is_empty() {
            self.pieces.push(Piece::Text(std::mem::take(text)));
        }
    }
}

/// Builds the regular expression, and returns it with the parameters in the order of its groups.
fn build_regex(pieces: Vec<Piece>) -> Result<(String, Vec<Parameter>), Problem> {
    let (mut source, mut parameters) = ("(?i)^".to_owned(), Vec::new());
    for piece in pieces {
        let parameter = match piece {
            Piece::Text(text) => {
                source.push_str(&regex_lite::escape(&text));
                continue;
            }
            Piece::Parameter(parameter) => parameter,
        };
        let (prefix, suffix) = (regex_lite::escape(&parameter.prefix), regex_lite::escape(&parameter.suffix));
        let (pattern, modifier) = (&parameter.pattern, parameter.modifier.map(String::from).unwrap_or_default());
        if pattern.is_empty() {
            source.push_str(&format!("(?:{prefix}{suffix}){modifier}"));
            continue;
        }
        if prefix.is_empty() && suffix.is_empty() {
            if parameter.repeats() {
                return Err("a repeating parameter needs text around it");
            }
            source.push_str(&format!("({pattern}){modifier}"));
        } else if parameter.repeats() {
            let optional = if modifier == "*" { "?" } else { "" };
            source
                .push_str(&format!("(?:{prefix}((?:{pattern})(?:{suffix}{prefix}(?:{pattern}))*){suffix}){optional}"));
        } else {
            source.push_str(&format!("(?:{prefix}({pattern}){suffix}){modifier}"));
        }
        parameters.push(parameter);
    }
    source.push_str(r"[/#?]?$");
    Ok((source, parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(pattern: &str, path: &str) -> Option<String> {
        let values = PathPattern::parse(pattern).unwrap().matches(path)?;
        values.get("slug").map(|value| value.to_string())
    }

    #[test]
    fn matches_like_path_to_regexp() {
        for (pattern, path, expected) in [
            ("/orgs/:slug", "/orgs/acme", Some("acme")),
            ("/orgs/:slug", "/ORGS/acme/", Some("acme")),
            ("/orgs/:slug", "/orgs/acme/x", None),
            ("/orgs/:slug/(.*)", "/orgs/acme/x/y", Some("acme")),
            ("/orgs/:slug*", "/orgs/a/b", Some("a,b")),
            ("/orgs-:slug", "/orgs-acme", Some("acme")),
            ("/orgs.:slug", "/orgs.acme", Some("acme")),
            ("/orgs{/:slug}?", "/orgs/acme", Some("acme")),
            ("/:a-:slug", "/x-acme", Some("acme")),
            ("/orgs/:slug.html", "/orgs/acme.html", Some("acme")),
            ("/(\\d+)/:slug", "/12/acme", Some("acme")),
            ("/orgs/:slug(a|b)", "/orgs/c", None),
            ("orgs/:slug", "/orgs/acme", None),
        ] {
            assert_eq!(slug(pattern, path).as_deref(), expected, "{pattern} {path}");
        }
        assert!(PathPattern::parse("/orgs/:slug?").unwrap().matches("/orgs").is_some());
        assert!(PathPattern::parse("/orgs\\:slug").unwrap().matches("/orgs:slug").is_some());
    }

    #[test]
    fn malformed_patterns_are_errors() {
        for pattern in [
            "/orgs/*",
            "/orgs/:slug(",
            "/orgs/:",
            "/orgs/+",
            "/orgs/{",
            "/(?:x)",
            "/:a:b",
            "/((x))",
            "/()",
            "/x\\",
            "https://a.b/:slug?:",
            "/:a--:b",
            "/:slug((?!new).*)",
        ] {
            let error = PathPattern::parse(pattern).unwrap_err();
            assert_eq!(error.kind(), ConfigErrorKind::InvalidPattern, "{pattern}");
        }
    }
}
