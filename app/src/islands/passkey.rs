//! A ceremony with a passkey: the browser asks the authenticator, and what it says goes to the server in the page's form.

use leptos::prelude::*;

/// What has come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "without a browser nothing comes of it"))]
enum State {
    /// Nothing yet.
    Waiting,
    /// The browser asks.
    Asking,
    /// It goes to the server.
    Sending,
    /// It did not, for this reason.
    Failed(&'static str),
}

impl State {
    fn words(self) -> &'static str {
        match self {
            State::Waiting => "",
            State::Asking => "Your browser asks for your passkey.",
            State::Sending => "Thank you. One moment …",
            State::Failed(why) => why,
        }
    }
}

/// Asks at once, and again when the button is pressed. What the browser comes back with is sent as the field `passkey` of
/// the form `#ceremony`.
#[island]
pub fn Passkey(
    /// What the browser is to ask the authenticator for, as JSON.
    options: String,
    /// Whether a passkey is made; otherwise one is used.
    makes: bool,
) -> impl IntoView {
    let state = RwSignal::new(State::Waiting);
    let options = StoredValue::new(options);
    let ask = move || {
        #[cfg(feature = "hydrate")]
        options.with_value(|options| browser::ask(options, makes, state));
        #[cfg(not(feature = "hydrate"))]
        let _ = (options, makes);
    };
    #[cfg(feature = "hydrate")]
    crate::islands::dom::when_awake(ask);
    let class = move || if matches!(state.get(), State::Failed(_)) { "note warn" } else { "note" };
    let nothing = move || matches!(state.get(), State::Waiting | State::Asking | State::Sending);
    view! {
        <p class=class role="status">{move || state.get().words()}</p>
        <button type="button" class="button primary" id="ask-again" hidden=nothing on:click=move |_| ask()>"Try again"</button>
    }
}

/// What an error of a browser means (WebAuthn Level 3, §5.1.3 and §5.1.4). Browsers do not say whether somebody cancelled,
/// took too long, or has no passkey, so that no page learns who is there.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "browsers alone fail so"))]
fn why(error: &str) -> &'static str {
    match error {
        "NotAllowedError" | "AbortError" => {
            "It was cancelled, it took too long, or there is no passkey for this portal here."
        }
        "InvalidStateError" => {
            "This device or password manager holds a passkey of yours already. Use another one."
        }
        "SecurityError" => {
            "Passkeys of this portal do not work at this address. Open the portal under its own name and try again."
        }
        "NotSupportedError" | "ConstraintError" => {
            "This device cannot hold a passkey that asks who you are. Use another one."
        }
        "TypeError" => {
            "This browser has no passkeys, or is too old for them. Use another one, or your password."
        }
        _ => "The browser could not do it. Try again, or use your password.",
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use js_sys::{Function, JSON, Object, Promise, Reflect};
    use leptos::prelude::*;
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement};

    use super::{State, why};
    use crate::islands::dom;

    pub(super) fn ask(options: &str, makes: bool, state: RwSignal<State>) {
        state.set(State::Asking);
        let promise = match begin(options, makes) {
            Ok(promise) => promise,
            Err(error) => return fail(&error, state),
        };
        let done = move |credential: JsValue| match send(&credential) {
            Ok(()) => state.set(State::Sending),
            Err(error) => fail(&error, state),
        };
        let done = Closure::once_into_js(done);
        let failed = Closure::once_into_js(move |error: JsValue| fail(&error, state));
        // `then` by its name: a closure that is called once frees itself, which the typed one cannot take.
        let _ = function(&promise, "then").and_then(|then| then.call2(&promise, &done, &failed));
    }

    /// An error here is of a browser that lacks something.
    fn begin(options: &str, makes: bool) -> Result<Promise, JsValue> {
        let (parse, act) = match makes {
            true => ("parseCreationOptionsFromJSON", "create"),
            false => ("parseRequestOptionsFromJSON", "get"),
        };
        let kind = Reflect::get(&dom::window(), &"PublicKeyCredential".into())?;
        let options = function(&kind, parse)?.call1(&kind, &JSON::parse(options)?)?;
        let request = Object::new();
        Reflect::set(&request, &"publicKey".into(), &options)?;
        let credentials = Reflect::get(&dom::window().navigator(), &"credentials".into())?;
        function(&credentials, act)?.call1(&credentials, &request)?.dyn_into()
    }

    fn send(credential: &JsValue) -> Result<(), JsValue> {
        let json = function(credential, "toJSON")?.call0(credential)?;
        let text = JSON::stringify(&json)?;
        let form: HtmlFormElement = dom::find("#ceremony").ok_or(JsValue::NULL)?;
        let field: HtmlInputElement = dom::find("#ceremony input[name=passkey]").ok_or(JsValue::NULL)?;
        field.set_value(&String::from(text));
        form.request_submit()
    }

    fn fail(error: &JsValue, state: RwSignal<State>) {
        let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
        state.set(State::Failed(why(name.as_deref().unwrap_or_default())));
        // The browser's own window took the focus; the button is shown with the next frame.
        request_animation_frame(|| {
            if let Some(button) = dom::find::<HtmlElement>("#ask-again") {
                let _ = button.focus();
            }
        });
    }

    fn function(of: &JsValue, name: &str) -> Result<Function, JsValue> {
        let lacking = |_| JsValue::from(js_sys::TypeError::new(name));
        Reflect::get(of, &name.into()).map_err(lacking)?.dyn_into().map_err(lacking)
    }
}
