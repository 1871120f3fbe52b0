//! The steps of the form as HTML text: written by the server into its page, and by the island when rows come and go.
//! (A tree of typed views for them would weigh more in the browser's bundle than the routing core does.)

use std::fmt::Write;

use routing::{PlanDraft, PlanError, Preset, StepDraft};

use super::{
    Ground,
    fields::{CUSTOM, error_of, is_custom},
};
use crate::{labels, timeline::escape};

/// All steps, with what is wrong beside the fields.
pub fn steps(ground: &Ground, draft: &PlanDraft, errors: &[PlanError]) -> String {
    let mut out = String::with_capacity(4096 * draft.steps.len());
    let form = Form { ground, errors };
    for (at, step) in draft.steps.iter().enumerate() {
        form.step(&mut out, at, step, draft.steps.len());
    }
    out
}

struct Form<'a> {
    ground: &'a Ground,
    errors: &'a [PlanError],
}

impl Form<'_> {
    fn step(&self, out: &mut String, at: usize, step: &StepDraft, steps: usize) {
        let number = at + 1;
        let _ = write!(
            out,
            "<li class=\"plan-step\" id=\"step.{at}\"><div role=\"group\" aria-labelledby=\"step.{at}.title\">\
             <div class=\"step-head\"><span class=\"handle\" aria-hidden=\"true\" title=\"Drag to another place\">⠿</span>\
             <h3 id=\"step.{at}.title\">Step {number}</h3><span class=\"row\">",
        );
        let first = if at == 0 { " disabled" } else { "" };
        let last = if number == steps { " disabled" } else { "" };
        // After a button that moves a step, a page without JavaScript opens where the step is then.
        let _ = write!(
            out,
            "<button class=\"button icon\" name=\"do\" value=\"up.{at}\" id=\"do.up.{at}\" aria-label=\"Move step \
             {number} up\" formaction=\"#step.{}\"{first}>↑</button><button class=\"button icon\" name=\"do\" \
             value=\"down.{at}\" id=\"do.down.{at}\" aria-label=\"Move step {number} down\" \
             formaction=\"#step.{number}\"{last}>↓</button><button class=\"button icon\" name=\"do\" \
             value=\"remove-step.{at}\" id=\"do.remove-step.{at}\" aria-label=\"Remove step {number}\" \
             formaction=\"#steps\">✕</button></span></div><div class=\"step-fields\">",
            at.saturating_sub(1),
        );
        self.enter_on(out, at, step);
        self.hours(out, at, step);
        self.routes(out, at, step);
        self.seconds(out, &format!("step.{at}.no_response"), "No response within", &step.no_response_s);
        self.seconds(out, &format!("step.{at}.ring"), "Rings for at most", &step.ring_s);
        self.sharing(out, at, step);
        out.push_str("</div></div></li>");
    }

    fn enter_on(&self, out: &mut String, at: usize, step: &StepDraft) {
        let custom = is_custom(step);
        let id = format!("step.{at}.enter_on");
        let error = self.error_at(&id);
        field_begins(
            out,
            &id,
            if at == 0 { "When the primary fails by" } else { "When the call has failed by" },
        );
        select_begins(out, &id, error.is_some() && !custom);
        for preset in Preset::ALL {
            option(out, preset.name(), labels::preset(preset), step.enter_on.trim() == preset.name(), false);
        }
        option(out, CUSTOM, "codes and causes of your own…", custom, false);
        let text = if custom { step.enter_on.as_str() } else { "" };
        let _ = write!(
            out,
            "</select><div class=\"custom\"><label for=\"step.{at}.custom\" class=\"hidden-text\">Codes and \
             causes</label>",
        );
        text_field(out, &format!("step.{at}.custom"), &id, text, error.is_some() && custom);
        out.push_str(
            "<div class=\"help\">Such as 404, 480, 5xx, no_answer. Causes: no_response, no_answer, unreachable, \
             marked_down.</div></div>",
        );
        error_line(out, &id, error);
        out.push_str("</div>");
    }

    fn hours(&self, out: &mut String, at: usize, step: &StepDraft) {
        let id = format!("step.{at}.hours");
        let error = self.error_at(&id);
        let chosen = step.hours.trim();
        field_begins(out, &id, "During");
        select_begins(out, &id, error.is_some());
        option(out, "", "all hours", chosen.is_empty(), false);
        let schedules = &self.ground.snapshot.schedules;
        for schedule in schedules {
            let value = schedule.id.to_string();
            option(out, &value, &schedule.name.to_string(), value == chosen, false);
        }
        if !chosen.is_empty() && !schedules.iter().any(|schedule| schedule.id.to_string() == chosen) {
            option(out, chosen, "(a schedule that is gone: choose another)", true, false);
        }
        out.push_str("</select>");
        error_line(out, &id, error);
        out.push_str("</div>");
    }

    fn routes(&self, out: &mut String, at: usize, step: &StepDraft) {
        let id = format!("step.{at}.routes");
        let several = step.routes.len() > 1;
        let _ = write!(out, "<div class=\"field whole\" id=\"{id}\">");
        let options: Vec<(String, String, bool)> = self
            .ground
            .choices
            .iter()
            .map(|choice| {
                let barred = choice.barred.is_some();
                let own = if barred { " rings your own DIDs" } else { "" };
                (choice.id.to_string(), format!("{}{own}", choice.label), barred)
            })
            .collect();
        for (place, leg) in step.routes.iter().enumerate() {
            let id = format!("step.{at}.route.{place}");
            let error = self.error_at(&id);
            let label = if place == 0 { "Ring".to_owned() } else { format!("Ring, route {}", place + 1) };
            let class = if place == 0 { "" } else { " class=\"hidden-text\"" };
            let _ = write!(out, "<label for=\"{id}\"{class}>{label}</label><div class=\"leg\">");
            let missing = self.errors.iter().any(|e| e.place == routing::PlanPlace::Routes(at));
            select_begins(out, &id, error.is_some() || missing && place == 0);
            let chosen = leg.route.trim();
            option(out, "", "Choose an inbound route", chosen.is_empty(), false);
            let mut known = chosen.is_empty();
            for (value, label, barred) in &options {
                known |= value == chosen;
                // A disabled option that is chosen would not be sent.
                option(out, value, label, value == chosen, *barred && value != chosen);
            }
            if !known {
                option(out, chosen, "(a route that is gone: choose another)", true, false);
            }
            out.push_str("</select>");
            if several {
                let _ = write!(
                    out,
                    "<button class=\"button icon\" name=\"do\" value=\"remove-route.{at}.{place}\" aria-label=\"Take \
                     route {} out of step {}\" formaction=\"#step.{at}\">✕</button>",
                    place + 1,
                    at + 1
                );
            }
            out.push_str("</div>");
            error_line(out, &id, error);
        }
        error_line(out, &id, self.error_at(&id));
        let _ = write!(
            out,
            "<button class=\"button link\" name=\"do\" value=\"add-route.{at}\" id=\"do.add-route.{at}\" \
             formaction=\"#step.{at}\">{}</button></div>",
            if several { "Ring one more" } else { "Ring another one at once" }
        );
    }

    /// Stagger and weights: folded away until wanted.
    fn sharing(&self, out: &mut String, at: usize, step: &StepDraft) {
        let weighted = step.routes.iter().any(|leg| !leg.weight.is_empty());
        let used = weighted || !step.stagger_s.trim().is_empty();
        if step.routes.len() < 2 && !used {
            return;
        }
        let id = format!("step.{at}.stagger");
        let open = if used { " open" } else { "" };
        let _ = write!(
            out,
            "<details class=\"field whole\"{open}><summary>Start one after another</summary><div class=\"step-fields\">",
        );
        self.seconds(out, &id, "From one start to the next", &step.stagger_s);
        let _ = write!(
            out,
            "<div class=\"field whole\"><p class=\"help\">Empty: all start at once. With weights, each call draws who \
             starts first; the larger, the oftener.</p>"
        );
        for (place, leg) in step.routes.iter().enumerate() {
            let id = format!("step.{at}.weight.{place}");
            let error = self.error_at(&id);
            let _ = write!(
                out,
                "<div class=\"weight\"><label for=\"{id}\">Weight of route {}</label>",
                place + 1
            );
            text_field(out, &id, &id, &leg.weight, error.is_some());
            out.push_str("</div>");
            error_line(out, &id, error);
        }
        out.push_str("</div></div></details>");
    }

    fn seconds(&self, out: &mut String, id: &str, label: &str, value: &str) {
        let error = self.error_at(id);
        field_begins(out, id, label);
        out.push_str("<span class=\"seconds\">");
        text_field(out, id, id, value, error.is_some());
        out.push_str(" s</span>");
        error_line(out, id, error);
        out.push_str("</div>");
    }

    /// What is wrong with the field of that id.
    fn error_at(&self, id: &str) -> Option<String> {
        let line = format!("{id}-error");
        self.errors.iter().find(|error| error_of(error.place) == line).map(|error| error.problem.to_string())
    }
}

fn field_begins(out: &mut String, id: &str, label: &str) {
    let _ = write!(out, "<div class=\"field\"><label for=\"{id}\">{label}</label>");
}

fn select_begins(out: &mut String, id: &str, wrong: bool) {
    let wrong = if wrong { " aria-invalid=\"true\"" } else { "" };
    let _ = write!(out, "<select id=\"{id}\" name=\"{id}\" aria-describedby=\"{id}-error\"{wrong}>");
}

fn text_field(out: &mut String, id: &str, described: &str, value: &str, wrong: bool) {
    let wrong = if wrong { " aria-invalid=\"true\"" } else { "" };
    let _ = write!(
        out,
        "<input type=\"text\" id=\"{id}\" name=\"{id}\" value=\"{}\" autocomplete=\"off\" spellcheck=\"false\" \
         aria-describedby=\"{described}-error\"{wrong}>",
        escape(value)
    );
}

fn option(out: &mut String, value: &str, label: &str, chosen: bool, disabled: bool) {
    let chosen = if chosen { " selected" } else { "" };
    let disabled = if disabled { " disabled" } else { "" };
    let _ = write!(out, "<option value=\"{}\"{chosen}{disabled}>{}</option>", escape(value), escape(label));
}

/// The line under a field. It is always there, so that the island only has to fill it.
fn error_line(out: &mut String, id: &str, error: Option<String>) {
    let hidden = if error.is_none() { " hidden" } else { "" };
    let text = error.map(|text| format!("✕ {}", escape(&text))).unwrap_or_default();
    let _ = write!(out, "<div class=\"error\" id=\"{id}-error\"{hidden}>{text}</div>");
}
