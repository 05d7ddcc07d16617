//! What a field's value must fulfil.

use darling::{Error, Result};
use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Expr, Lit, LitStr, spanned::Spanned as _};

use super::roles;
use crate::attr::{FieldAttrs, Keyed, LengthAttr, RangeAttr};
use crate::place::local;

/// The validation of a field, as calls of the runtime's builders.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// The steps of the `Rules` builder; empty for no rule.
    pub(crate) steps: TokenStream,
    /// The steps of the column that make a rule on the wrong type a compile error.
    pub(crate) column_steps: TokenStream,
    /// The longest text, which the column is told, too.
    pub(crate) max_length: Option<u32>,
    /// Where the first rule stands.
    pub(crate) span: Option<Span>,
}

/// The rules of a field.
pub(super) fn rules(field: &FieldAttrs) -> Result<Rules> {
    let keys = &field.keys;
    let mut errors = Error::accumulator();
    let mut rules = Rules::default();
    if let Some(length) = &keys.length {
        errors.handle(rules.length(length));
    }
    if let Some(range) = &keys.range {
        errors.handle(rules.range(range));
    }
    if let Some(pattern) = &keys.pattern {
        errors.handle(rules.pattern(pattern));
    }
    if let Some(check) = &keys.validate {
        // Called in a closure, so that a function on `&str` judges a `String`; a value that is not there needs no judgement.
        // The variable is invisible to the expression, which may use its name for something else.
        let (ty, span) = (&field.ty, Span::mixed_site().located_at(check.span()));
        let mut value = local("value");
        value.set_span(span);
        let judged = quote_spanned!(span=> __rt::checked((#check)(#value)));
        let is_option = roles::is_option(&field.ty);
        let step = if is_option {
            quote_spanned!(span=> .check(|#value: &#ty| __rt::if_some(#value, |#value| #judged)))
        } else {
            quote_spanned!(span=> .check(|#value: &#ty| #judged))
        };
        rules.step(check.span(), step);
    }
    errors.finish_with(rules)
}

impl Rules {
    fn step(&mut self, span: Span, step: TokenStream) {
        self.steps.extend(step);
        self.span.get_or_insert(span);
    }

    fn length(&mut self, length: &Keyed<LengthAttr>) -> Result<()> {
        let span = length.span();
        match (length.min, length.max) {
            (None, None) => {
                return Err(
                    Error::custom("write `length(min = 1)`, `length(max = 100)` or both")
                        .with_span(&span),
                );
            }
            (_, Some(max)) if *max == 0 => {
                return Err(
                    Error::custom("text of no length holds nothing: raise `max`")
                        .with_span(&max.span()),
                );
            }
            (Some(min), Some(max)) if *min > *max => {
                let message = format!(
                    "`min` is more than `max`: no text has {} to {} letters",
                    *min, *max
                );
                return Err(Error::custom(message).with_span(&min.span()));
            }
            _ => {}
        }
        if let Some(min) = length.min {
            let min = Literal::u32_unsuffixed(*min);
            self.step(span, quote!(.min_length(#min)));
        }
        if let Some(max) = length.max {
            self.max_length = Some(*max);
            let max = Literal::u32_unsuffixed(*max);
            self.step(span, quote!(.max_length(#max)));
        } else {
            self.column_steps
                .extend(quote_spanned!(span=> .has_length()));
        }
        Ok(())
    }

    fn range(&mut self, range: &Keyed<RangeAttr>) -> Result<()> {
        let span = range.span();
        let bounds = [
            ("ge", &range.min),
            ("le", &range.max),
            ("gt", &range.above),
            ("lt", &range.below),
        ];
        if bounds.iter().all(|(_, bound)| bound.is_none()) {
            return Err(Error::custom(
                "write `range(min = 0)`, `range(max = 10)`, `above` or `below`",
            )
            .with_span(&span));
        }
        for [one, other] in [
            [("min", &range.min), ("above", &range.above)],
            [("max", &range.max), ("below", &range.below)],
        ] {
            if let (Some(_), Some(second)) = (one.1, other.1) {
                let message = format!(
                    "`{}` and `{}` bound the same side: remove one of them",
                    one.0, other.0
                );
                return Err(Error::custom(message).with_span(second));
            }
        }
        let least = range.min.as_ref().or(range.above.as_ref());
        let is_open = range.above.is_some() || range.below.is_some();
        let most = range.max.as_ref().or(range.below.as_ref());
        if let (Some(least), Some(most)) = (least, most)
            && (value_of(least) > value_of(most) || is_open && value_of(least) >= value_of(most))
        {
            return Err(Error::custom(
                "no number is between these bounds: lower this one, or raise the other",
            )
            .with_span(least));
        }
        for (step, bound) in bounds {
            let Some(bound) = bound else { continue };
            let step = proc_macro2::Ident::new(step, Span::call_site());
            let bound = as_float(bound);
            self.step(span, quote!(.#step(#bound)));
        }
        self.column_steps
            .extend(quote_spanned!(span=> .is_number()));
        Ok(())
    }

    fn pattern(&mut self, pattern: &LitStr) -> Result<()> {
        let span = pattern.span();
        if let Err(error) = regex_syntax::parse(&pattern.value()) {
            let told = error.to_string();
            let reason = told
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ");
            let message = format!(
                "this is no regular expression ({reason}); see the syntax of the `regex` crate"
            );
            return Err(Error::custom(message).with_span(&span));
        }
        self.step(span, quote!(.pattern(#pattern)));
        self.column_steps.extend(quote_spanned!(span=> .is_text()));
        Ok(())
    }
}

/// The bound as a literal of a float.
fn as_float(bound: &Expr) -> TokenStream {
    let negative = matches!(bound, Expr::Unary(_));
    let mut literal = Literal::f64_unsuffixed(value_of(bound).abs());
    literal.set_span(bound.span());
    if negative {
        quote!(-#literal)
    } else {
        literal.to_token_stream()
    }
}

/// The number that a bound is.
fn value_of(bound: &Expr) -> f64 {
    match bound {
        Expr::Group(group) => value_of(&group.expr),
        Expr::Unary(negative) => -value_of(&negative.expr),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().unwrap_or(f64::MAX),
            Lit::Float(number) => number.base10_parse().unwrap_or(f64::MAX),
            _ => 0.0,
        },
        _ => 0.0,
    }
}
