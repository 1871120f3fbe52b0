//! Small pieces without state.

mod changes;
mod comes_back;
mod fields;
mod finding;
mod health;
mod line;
mod noscript;
mod number;
mod path;
mod table;
mod when;

pub use changes::field_changes;
pub use comes_back::comes_back;
pub use fields::{breakable, error_list, error_note, field_error, reason_field, select_option, textarea};
pub use finding::{
    accept_link, accepted_findings, affected, finding_words, open_findings, pressing_first, severity, touched,
};
pub use health::{badge, glyph};
pub use line::{Line, listed, message};
pub use noscript::needs_javascript;
pub use number::tel;
pub use path::{failover_mark, path, plan_mark, route_mark, shared_path};
pub use table::{Pager, sort_header};
pub use when::{ago, lasting, when};
