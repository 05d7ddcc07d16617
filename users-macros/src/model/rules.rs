//! What a field's value must fulfil.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Expr, Lit, LitStr, Type, spanned::Spanned as _};

use super::roles;
use crate::{
    attr::{FieldAttrs, FieldKeys, Keyed, LengthAttr, RangeAttr},
    error::{self, Errors, Result},
    place::local,
};

/// The validation of a field, as calls of the runtime's builders.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// The steps of the `Rules` builder; empty for no rule.
    pub(crate) steps: TokenStream,
    /// The steps of the column that make a rule on the wrong type a compile error.
    pub(crate) column_steps: TokenStream,
    /// The longest text, which is also set on the column.
    pub(crate) max_length: Option<u32>,
    /// Where the first rule stands.
    pub(crate) span: Option<Span>,
}

/// The rules of a field, without those that have mistakes.
pub(super) fn rules(field: &FieldAttrs, errors: &mut Errors) -> Rules {
    let keys = &field.keys;
    let mut rules = Rules::default();
    if keys.json.is_some() {
        refuse(keys, errors);
    } else {
        rules.of_column(keys, errors);
    }
    if let Some(check) = &keys.validate {
        rules.step(check.span(), judged(check, &field.ty));
    }
    rules
}

/// The call of a function that validates a value of this type.
pub(super) fn judged(check: &Expr, ty: &Type) -> TokenStream {
    // Called in a closure, so that a function on `&str` judges a `String`; a value that is not there needs no judgement.
    // The variable is invisible to the expression, which may use its name for something else.
    let span = Span::mixed_site().located_at(check.span());
    let mut value = local("value");
    value.set_span(span);
    let judged = quote_spanned!(span=> __rt::checked((#check)(#value)));
    if roles::is_option(ty) {
        quote_spanned!(span=> .check(|#value: &#ty| __rt::if_some(#value, |#value| #judged)))
    } else {
        quote_spanned!(span=> .check(|#value: &#ty| #judged))
    }
}

/// Reports the rules that are for columns of text and numbers.
fn refuse(keys: &FieldKeys, errors: &mut Errors) {
    let length = keys.length.as_ref().map(|rule| ("length", rule.span()));
    let range = keys.range.as_ref().map(|rule| ("range", rule.span()));
    let pattern = keys.pattern.as_ref().map(|rule| ("pattern", rule.span()));
    for (name, span) in [length, range, pattern].into_iter().flatten() {
        let message = format!(
            "`{name}` is not for fields with `json`: write a function that validates the value, `validate = …`"
        );
        errors.at(&span, message);
    }
}

impl Rules {
    /// The rules for columns of text and numbers.
    fn of_column(&mut self, keys: &FieldKeys, errors: &mut Errors) {
        if let Some(length) = &keys.length {
            errors.handle(self.length(length));
        }
        if let Some(range) = &keys.range {
            errors.handle(self.range(range));
        }
        if let Some(pattern) = &keys.pattern {
            errors.handle(self.pattern(pattern));
        }
    }

    fn step(&mut self, span: Span, step: TokenStream) {
        self.steps.extend(step);
        self.span.get_or_insert(span);
    }

    fn length(&mut self, length: &Keyed<LengthAttr>) -> Result<()> {
        let span = length.span();
        let (min, max) = (length.min, length.max);
        if let Some(max) = max
            && max.count == 0
        {
            return Err(error::at(&max.span, "`max` must be at least 1"));
        }
        if let (Some(min), Some(max)) = (min, max)
            && min.count > max.count
        {
            let message = format!(
                "`min` is more than `max`: no text has {} to {} letters",
                min.count, max.count
            );
            return Err(error::at(&min.span, message));
        }
        if let Some(min) = min {
            let min = Literal::u32_unsuffixed(min.count);
            self.step(span, quote!(.min_length(#min)));
        }
        if let Some(max) = max {
            self.max_length = Some(max.count);
            let max = Literal::u32_unsuffixed(max.count);
            self.step(span, quote!(.max_length(#max)));
        }
        self.column_steps
            .extend(quote_spanned!(span=> .has_length()));
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
        for [one, other] in [
            [("min", &range.min), ("above", &range.above)],
            [("max", &range.max), ("below", &range.below)],
        ] {
            if let (Some(_), Some(second)) = (one.1, other.1) {
                let message = format!(
                    "`{}` and `{}` bound the same side: remove one of them",
                    one.0, other.0
                );
                return Err(error::at(second, message));
            }
        }
        let least = range.min.as_ref().or(range.above.as_ref());
        let is_open = range.above.is_some() || range.below.is_some();
        let most = range.max.as_ref().or(range.below.as_ref());
        if let (Some(least), Some(most)) = (least, most)
            && (value_of(least) > value_of(most) || is_open && value_of(least) >= value_of(most))
        {
            let message = "no number is between these bounds: lower this one, or raise the other";
            return Err(error::at(least, message));
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
                "this is not a valid regular expression ({reason}): see the syntax of the `regex` crate"
            );
            return Err(error::at(&span, message));
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
