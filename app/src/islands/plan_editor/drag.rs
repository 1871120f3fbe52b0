//! A step dragged to another place, by mouse, pen or finger. The buttons do the same from the keyboard.

use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

use super::browser::Editor;
use crate::{islands::dom, plan_form::Edit};

/// A step that is dragged.
pub(super) struct Drag {
    from: usize,
    to: usize,
}

impl Editor {
    pub(super) fn drag_begins(&mut self, event: &PointerEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(handle) = target.and_then(|target| target.closest(".handle").ok().flatten()) else {
            return;
        };
        let steps = dom::find_all::<Element>("#steps > li");
        let Some(from) = steps.iter().position(|step| step.contains(Some(&handle))) else { return };
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        let _ = handle.set_pointer_capture(event.pointer_id());
        let _ = steps[from].class_list().add_1("dragged");
        self.drag = Some(Drag { from, to: from });
    }

    pub(super) fn drag_moves(&mut self, event: &PointerEvent) {
        let Some(drag) = &mut self.drag else { return };
        let y = f64::from(event.client_y());
        let steps = dom::find_all::<Element>("#steps > li");
        let middle = |step: &Element| {
            let place = step.get_bounding_client_rect();
            place.top() + place.height() / 2.0
        };
        // The gap that the pointer is over, counted with the dragged step still in its place.
        let gap = steps.iter().take_while(|step| middle(step) < y).count();
        drag.to = if gap > drag.from { gap - 1 } else { gap };
        for (at, step) in steps.iter().enumerate() {
            let lands = drag.to != drag.from && at == drag.to;
            let _ = step.class_list().toggle_with_force("drop-before", lands && drag.to < drag.from);
            let _ = step.class_list().toggle_with_force("drop-after", lands && drag.to > drag.from);
        }
    }

    pub(super) fn drag_ends(&mut self, _: &PointerEvent) {
        let Some(Drag { from, to }) = self.drag.take() else { return };
        if from == to {
            self.forget_drag();
        } else {
            self.edit(Edit::Move { from, to });
        }
    }

    pub(super) fn drag_is_cancelled(&mut self, _: &PointerEvent) {
        self.forget_drag();
    }

    pub(super) fn forget_drag(&mut self) {
        self.drag = None;
        for step in dom::find_all::<Element>("#steps > li") {
            let _ = step.class_list().remove_3("dragged", "drop-before", "drop-after");
        }
    }
}
