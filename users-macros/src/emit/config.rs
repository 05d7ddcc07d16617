//! The declared backends and routes.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::{
    attr::{RouteName, Strategy, Transport},
    model::{Backend, Events, LimitBy, LimitRule, Limits, Period, RouteRules, Routes, User},
    place::at,
};

/// The value of the trait's `CONFIG`.
pub(super) fn value(user: &User) -> TokenStream {
    let backends = user.backends.iter().map(backend);
    let routes = user.routes.as_ref().map(routes);
    let limits = user.limits.as_ref().map(limits);
    let secure = user.secure.then(|| quote!(.secure()));
    let events = user.events.as_ref().map(events);
    let config = quote!(__rt::Config::new(&[#(#backends),*]) #routes #limits #events #secure);
    match tables(user) {
        // A list of statics is not promoted to one itself.
        Some(tables) => quote!({
            const TABLES: &[&__rt::Table] = #tables;
            #config.tables(TABLES)
        }),
        None => config,
    }
}

/// The tables that the backends and the other keys need, and the application's own.
fn tables(user: &User) -> Option<TokenStream> {
    let sessions = user
        .backends
        .iter()
        .any(Backend::keeps_sessions)
        .then(|| quote!(&__rt::SESSIONS));
    let own = user.tables.iter().map(|path| quote!(&#path));
    let limits = matches!(user.limits, Some(Limits::Rules(_))).then(|| quote!(&__rt::LIMITS));
    let revocable = |backend: &Backend| backend.revocable;
    let epochs = user
        .backends
        .iter()
        .any(revocable)
        .then(|| quote!(&__rt::EPOCHS));
    let tickets = user.oauth.then(|| quote!(&__rt::TICKETS));
    let events = user.events.as_ref().map(|_| quote!(&__rt::EVENTS));
    let declared = sessions
        .into_iter()
        .chain(epochs)
        .chain(limits)
        .chain(tickets)
        .chain(events);
    let tables: Vec<_> = declared.chain(own).collect();
    (!tables.is_empty()).then(|| quote!(&[#(#tables),*]))
}

/// The cargo features that the backends need.
pub(super) fn features(user: &User) -> TokenStream {
    let strategies = user.backends.iter().map(|backend| backend.strategy);
    let redis = strategies.filter(|strategy| strategy.value == Strategy::Redis);
    redis
        .map(|strategy| quote_spanned!(at(strategy.span)=> __rt::redis_strategy! {}))
        .collect()
}

fn backend(backend: &Backend) -> TokenStream {
    let name = &backend.name;
    let constructor = match backend.transport {
        Transport::Bearer => quote!(bearer),
        Transport::Cookie => quote!(cookie),
        Transport::Custom => quote!(custom),
    };
    let strategy = match backend.strategy.value {
        Strategy::Jwt => quote!(Jwt),
        Strategy::Session => quote!(Session),
        Strategy::Database => quote!(Database),
        Strategy::Redis => quote!(Redis),
        Strategy::Custom => quote!(Custom),
    };
    let prefix = backend
        .prefix
        .as_ref()
        .map(|prefix| quote!(.under(#prefix)));
    let routes = (!backend.routes).then(|| quote!(.without_routes()));
    let refresh = backend.refresh.then(|| quote!(.with_refresh()));
    let revocable = backend.revocable.then(|| quote!(.revocable()));
    quote! {
        __rt::BackendSpec::#constructor(#name, __rt::StrategyKind::#strategy) #prefix #routes #refresh #revocable
    }
}

fn routes(routes: &Routes) -> TokenStream {
    let Routes {
        auth,
        register,
        reset_password,
        verify,
        users,
        except,
        requires_verification,
    } = routes;
    let except = except.iter().map(|RouteName(name)| format_ident!("{name}"));
    let prefix = |prefix: &Option<String>| {
        prefix
            .as_ref()
            .map_or_else(|| quote!(__rt::None), |prefix| quote!(__rt::Some(#prefix)))
    };
    let [register, reset_password, verify, users] =
        [register, reset_password, verify, users].map(prefix);
    quote! {
        .routes(__rt::Routes {
            auth: #auth,
            register: #register,
            reset_password: #reset_password,
            verify: #verify,
            users: #users,
            except: &[#(__rt::Route::#except),*],
            requires_verification: #requires_verification,
        })
    }
}

fn events(events: &Events) -> TokenStream {
    let hours = Literal::u64_unsuffixed(events.keep);
    quote!(.events(__rt::Duration::from_hours(#hours)))
}

fn limits(limits: &Limits) -> TokenStream {
    let rules = match limits {
        Limits::Off => return quote!(.limits(__rt::Limits::Off)),
        Limits::Rules(rules) => rules,
    };
    let routes = rules.routes.iter().map(route_rules);
    let unlock = rules.unlock.then(|| quote!(.unlock()));
    quote!(.limits(__rt::Limits::Rules(__rt::LimitRules::DEFAULT #(#routes)*)) #unlock)
}

fn route_rules(RouteRules { route, rules }: &RouteRules) -> TokenStream {
    let route = format_ident!("{route}");
    let rules = rules.iter().map(limit_rule);
    quote!(.#route(&[#(#rules),*]))
}

fn limit_rule(rule: &LimitRule) -> TokenStream {
    let LimitRule { times, period, by } = rule;
    let period = match period {
        Period::Second => quote!(Second),
        Period::Minute => quote!(Minute),
        Period::Hour => quote!(Hour),
        Period::Day => quote!(Day),
    };
    let by = match by {
        LimitBy::Ip => quote!(Ip),
        LimitBy::Account => quote!(Account),
        LimitBy::AccountAndIp => quote!(AccountAndIp),
    };
    quote!(__rt::LimitRule::new(#times, __rt::LimitPeriod::#period, __rt::LimitBy::#by))
}
