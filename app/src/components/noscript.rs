//! What stands in place of a preview without JavaScript.

use leptos::prelude::*;

/// Says that the preview needs JavaScript, where there is none.
pub fn needs_javascript() -> impl IntoView {
    view! {
        <noscript>
            <div class="note warn">
                <p>"The preview runs in your browser and needs JavaScript; everything else here works without it."</p>
            </div>
        </noscript>
    }
}
