//! API tokens of an account.

use leptos::prelude::*;
use portal::{ApiToken, Field, FieldError, MadeToken, Scope, Team, TokenDraft, UnixMs};

use crate::{
    components::{Line, ago, error_note, listed, select_option, textarea, when},
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// What the form shows.
#[derive(Debug, Default)]
pub struct TokenForm {
    /// As typed.
    pub draft: TokenDraft,
    /// What is wrong with it.
    pub problems: Vec<FieldError>,
    /// A token that was made: it is shown now, and never again.
    pub made: Option<MadeToken>,
}

fn scope_words(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "Read: looks at everything",
        Scope::Write => "Write: changes routing",
    }
}

/// The page.
pub fn tokens(frame: &Frame, team: &Team, form: &TokenForm, now: UnixMs) -> String {
    document(frame, Here::Tokens, "API tokens", Bundle::Base, || {
        let made = form.made.as_ref().map(|made| {
            view! {
                <div class="note good" role="status">
                    <p><b>"The token for "{made.name.clone()}": "</b>"copy it now, it is not shown again. It works until "{when(made.expires_at)}"."</p>
                    <p><textarea class="once" rows="1" readonly aria-label="The token">{textarea(&made.reveal())}</textarea></p>
                </div>
            }
        });
        let rows = team.tokens.iter().map(|token| row(token, now)).collect_view();
        let nothing = team.tokens.is_empty().then(|| {
            view! { <tr><td class="empty" colspan="6">"No program has a token for this account."</td></tr> }
        });
        view! {
            {title("API tokens", ())}
            <p>"A program sends its token with each request, as "<code>"Authorization: Bearer swb_…"</code>". It can do nothing that its maker cannot, in this account only."</p>
            {error_note("Nothing was saved.", listed(&form.problems), None)}
            <div class="stack">
                {made}
                <table class="table rows">
                    <thead><tr>
                        <th scope="col">"For"</th><th scope="col">"Begins"</th><th scope="col">"May"</th>
                        <th scope="col">"Until"</th><th scope="col">"Last used"</th>
                        <th scope="col"><span class="hidden-text">"Revoke"</span></th>
                    </tr></thead>
                    <tbody>{rows}{nothing}</tbody>
                </table>
                {team.belongs.then(|| make(form))}
            </div>
        }
    })
}

fn row(token: &ApiToken, now: UnixMs) -> impl IntoView + use<> {
    let used = match token.used_at {
        Some(at) => ago(at, now).into_any(),
        None => "never".into_any(),
    };
    let over = (token.expires_at.0 <= now.0).then(|| view! { <b>" over"</b> });
    view! {
        <tr>
            <td data-label="For" class="wide">{token.name.clone()}<div class="muted">{token.by.clone()}</div></td>
            <td data-label="Begins"><code>{token.hint.clone()}"…"</code></td>
            <td data-label="May">{token.scope.as_str()}</td>
            <td data-label="Until">{when(token.expires_at)}{over}</td>
            <td data-label="Last used">{used}</td>
            <td>
                <form method="post" action=format!("{}/revoke", urls::TOKENS)>
                    <input type="hidden" name="token" value=token.id.to_string()/>
                    <button class="button" aria-label=format!("Revoke {}", token.name)>"Revoke"</button>
                </form>
            </td>
        </tr>
    }
}

fn make(form: &TokenForm) -> impl IntoView + use<> {
    let line =
        |field, label, value, help| Line { field, label, kind: "text", value, autocomplete: "off", help };
    let days = if form.draft.days.is_empty() { "90" } else { &form.draft.days };
    let name = line(Field::Name, "What it is for", form.draft.name.as_str(), "Such as: nightly export.");
    let days = line(Field::Days, "For how many days", days, "");
    let chosen = Scope::parse(&form.draft.scope).unwrap_or(Scope::Read);
    let scopes = Scope::ALL
        .map(|scope| select_option(scope.as_str(), scope_words(scope), scope == chosen))
        .collect_view();
    view! {
        <section class="card" aria-labelledby="make">
            <h2 id="make">"Make a token"</h2>
            <form method="post" action=urls::TOKENS>
                {name.view(&form.problems)}
                <div class="field"><label for="scope">"What it may do"</label><select id="scope" name="scope">{scopes}</select></div>
                {days.view(&form.problems)}
                <button class="button primary">"Make the token"</button>
            </form>
        </section>
    }
}
