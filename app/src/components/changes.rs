//! What was changed, before and after.

use leptos::prelude::*;
use portal::FieldChange;

use crate::words;

/// Each field that differs on a line: `Failover: none → mobile`.
pub fn field_changes(fields: &[FieldChange]) -> impl IntoView + use<> {
    let lines = fields
        .iter()
        .map(|field| {
            let before = field.before.clone().unwrap_or_else(|| "none".into());
            let after = field.after.clone().unwrap_or_else(|| "none".into());
            view! { <div>{words::change_field(&field.name)}": "<del>{before}</del>" → "<ins>{after}</ins></div> }
        })
        .collect_view();
    view! { <div>{lines}</div> }
}
