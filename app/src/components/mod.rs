//! Small pieces without state.

mod fields;
mod health;
mod number;
mod path;
mod table;
mod when;

pub use fields::{error_list, field_error, select_option, textarea};
pub use health::{badge, glyph};
pub use number::tel;
pub use path::{failover_hop, hop, path};
pub use table::{Pager, sort_header};
pub use when::{ago, when};
