//! A ceremony with a passkey: the browser asks the authenticator, and what it says goes to the server in the page's form.

use leptos::prelude::*;

/// Asks at once, and again when the button is pressed. What the browser comes back with is sent as the field `passkey` of
/// the form `#ceremony`.
#[island]
pub fn Passkey(
    /// What the browser is to ask the authenticator for, as JSON.
    options: String,
    /// Whether a passkey is made; otherwise one is used.
    makes: bool,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    crate::islands::dom::when_awake(move || browser::attach(options, makes));
    #[cfg(not(feature = "hydrate"))]
    let _ = (options, makes);
    view! {
        <p class="note" role="status" hidden></p>
        <button type="button" class="button primary" hidden>"Try again"</button>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::rc::Rc;

    use js_sys::{Function, JSON, Object, Promise, Reflect};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use web_sys::{Event, HtmlElement, HtmlFormElement, HtmlInputElement};

    use crate::islands::dom;

    /// What an error of a browser means (WebAuthn Level 3, §5.1.3 and §5.1.4). Browsers do not say whether somebody
    /// cancelled, took too long, or has no passkey, so that no page learns who is there.
    fn why(error: &str) -> &'static str {
        match error {
            "NotAllowedError" | "AbortError" => {
                "It was cancelled, it took too long, or there is no passkey for this portal here."
            }
            "InvalidStateError" => {
                "This device or password manager holds a passkey of yours already. Use another one."
            }
            "SecurityError" => {
                "Passkeys of this portal do not work at this address. Open the portal under its own name."
            }
            "NotSupportedError" | "ConstraintError" => {
                "This device cannot hold a passkey that asks who you are. Use another one."
            }
            "TypeError" => "This browser has no passkeys, or is too old for them. Use another one.",
            _ => "The browser could not do it.",
        }
    }

    /// Shows how it stands; when it cannot go on, with the button to try again.
    fn say(words: &str, failed: bool) {
        if let Some(status) = dom::find::<HtmlElement>("#ceremony [role=status]") {
            status.set_hidden(false);
            status.set_class_name(if failed { "note warn" } else { "note" });
            status.set_text_content(Some(words));
        }
        if let Some(button) = dom::find::<HtmlElement>("#ceremony button") {
            button.set_hidden(!failed);
            // The browser's own window took the focus.
            if failed {
                let _ = button.focus();
            }
        }
    }

    fn fail(error: &JsValue) {
        let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
        say(why(name.as_deref().unwrap_or_default()), true);
    }

    pub(super) fn attach(options: String, makes: bool) {
        let options: Rc<str> = options.into();
        if let Some(button) = dom::find::<HtmlElement>("#ceremony button") {
            let options = Rc::clone(&options);
            dom::on(&button, "click", move |_: Event| ask(&options, makes));
        }
        ask(&options, makes);
    }

    fn ask(options: &str, makes: bool) {
        say("Your browser asks for your passkey.", false);
        let promise = match begin(options, makes) {
            Ok(promise) => promise,
            Err(error) => return fail(&error),
        };
        let done = Closure::once_into_js(|credential: JsValue| match send(&credential) {
            Ok(()) => say("Thank you. One moment …", false),
            Err(error) => fail(&error),
        });
        let failed = Closure::once_into_js(|error: JsValue| fail(&error));
        // `then` by its name: closures that free themselves are plain values, which the typed one does not take.
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

    fn function(of: &JsValue, name: &str) -> Result<Function, JsValue> {
        let lacking = |_| JsValue::from(js_sys::TypeError::new(name));
        Reflect::get(of, &name.into()).map_err(lacking)?.dyn_into().map_err(lacking)
    }
}
