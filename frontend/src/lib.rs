//! The browser's entry: one exported function an island, collected from `app`.

// Names the crate, so that its islands are linked in.
use app as _;
