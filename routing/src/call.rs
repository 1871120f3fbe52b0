//! One call, from its first INVITE to an answer or the last refusal, without a clock or a socket.

mod io;
mod leg;
mod machine;
mod plan;
mod profile;
mod walk;

pub use io::{Input, LegId, Output};
pub use machine::CallMachine;
pub use plan::{CallPlan, CompileError, Moment, OpenHours, PlanLeg, PlanStep, Standing};
pub use profile::Profile;
