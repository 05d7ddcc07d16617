//! Handlers whose types say everything that they read and answer.

use axum::extract::State;
use http::HeaderMap;

use super::{parts::QuietParts, refusals::Refusals};
#[cfg(feature = "openapi")]
use crate::openapi::Page;

/// A parameter or an answer of a handler, which adds itself to the operation's page of the OpenAPI document.
pub(crate) trait Documented {
    /// Says what is read, or answered.
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>);
}

/// What a client need not know of.
macro_rules! unseen {
    ($($type:ty $(, $parameter:ident)?;)*) => {$(
        impl $(<$parameter>)? Documented for $type {
            #[cfg(feature = "openapi")]
            fn document(_: &mut Page<'_>) {}
        }
    )*};
}

unseen! {
    State<T>, T;
    HeaderMap;
    QuietParts;
}

impl<T: Documented, E: Refusals> Documented for Result<T, E> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        T::document(page);
        page.outcomes(E::outcomes());
    }
}

/// A handler whose parameters and answers are all documented; `T` are its parameters.
pub(crate) trait Endpoint<T> {
    /// Says everything that it reads and answers.
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>);
}

macro_rules! endpoint {
    ($($parameter:ident),*) => {
        impl<F, Answer, $($parameter),*> Endpoint<($($parameter,)*)> for F
        where
            F: AsyncAnswer<($($parameter,)*), Answer = Answer>,
            Answer: Documented,
            $($parameter: Documented,)*
        {
            #[cfg(feature = "openapi")]
            fn document(page: &mut Page<'_>) {
                $($parameter::document(page);)*
                Answer::document(page);
            }
        }

        impl<F, Answers, $($parameter),*> AsyncAnswer<($($parameter,)*)> for F
        where
            F: Fn($($parameter),*) -> Answers,
            Answers: Future,
        {
            type Answer = Answers::Output;
        }
    };
}

/// A function that answers in the future.
pub(crate) trait AsyncAnswer<T> {
    /// What it answers.
    type Answer;
}

endpoint!(A, B);
endpoint!(A, B, C);
endpoint!(A, B, C, D);
