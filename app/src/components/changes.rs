//! What was changed, before and after.

use leptos::prelude::*;
use portal::FieldChange;

use crate::{history_words, words};

/// Each field that differs on a line: `Failover: none → mobile`.
pub fn field_changes(fields: &[FieldChange]) -> impl IntoView + use<> {
    let lines = fields
        .iter()
        .map(|field| {
            let say = |side: &Option<String>| {
                side.as_deref().map_or_else(|| "none".into(), |stored| history_words::value(&field.name, stored))
            };
            let (before, after) = (say(&field.before), say(&field.after));
            view! { <div>{words::change_field(&field.name)}": "<del>{before}</del>" → "<ins>{after}</ins></div> }
        })
        .collect_view();
    view! { <div>{lines}</div> }
}
