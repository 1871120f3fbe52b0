//! What is wrong in which account.

use leptos::prelude::*;
use portal::{Standing, Standings};

use super::account_link;
use crate::{urls, words};

pub(super) fn section(standings: &Standings) -> impl IntoView + use<> {
    let rows = standings.accounts.iter().map(row).collect_view();
    let table = (!standings.accounts.is_empty()).then(|| {
        view! {
            <table class="table rows">
                <thead><tr>
                    <th scope="col">"Account"</th>
                    <th scope="col" class="right">"Serious"</th><th scope="col" class="right">"Warnings"</th>
                    <th scope="col" class="right">"Notes"</th><th scope="col" class="right">"DIDs without failover"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    });
    view! {
        <section aria-labelledby="wrong">
            <h2 id="wrong">"What is wrong where"</h2>
            <p class="muted">"Findings that nobody accepted, the worst account first. The counts lead to the account's own pages."</p>
            {table}
            {said(standings).into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
            {(standings.unseen > 0).then(|| view! { <p><a class="button" href=urls::SUPPORT>"Look at the next ones"</a></p> })}
        </section>
    }
}

fn row(standing: &Standing) -> impl IntoView + use<> {
    let id = standing.account.id;
    let findings = urls::mounted(id, urls::FINDINGS);
    let Some(tally) = standing.tally else {
        return view! {
            <tr>
                <td data-label="Account" class="wide">{account_link(&standing.account)}</td>
                <td colspan="4" class="wide">"Too large to be looked at beside others. "<a href=findings>"Open its findings"</a></td>
            </tr>
        }
        .into_any();
    };
    let bare = urls::mounted(id, &format!("{}?failover=none", urls::MANAGE));
    view! {
        <tr>
            <td data-label="Account" class="wide">{account_link(&standing.account)}</td>
            {count("Serious", tally.serious, &findings)}
            {count("Warnings", tally.warnings, &findings)}
            {count("Notes", tally.notes, &findings)}
            {count("No failover", tally.without_failover, &bare)}
        </tr>
    }
    .into_any()
}

/// A count that leads to what was counted.
fn count(label: &'static str, n: u64, address: &str) -> impl IntoView + use<> {
    let figure = words::figure(n);
    let shown = match n {
        0 => view! { <span class="muted">{figure}</span> }.into_any(),
        _ => view! { <a href=address.to_owned()>{figure}</a> }.into_any(),
    };
    view! { <td data-label=label class="right">{shown}</td> }
}

/// What stands beside the list: what it leaves out, and the accounts without anything open.
fn said(standings: &Standings) -> Vec<String> {
    let accounts = |n: u64, one: &str, several: &str| match n {
        0 => None,
        1 => Some(format!("1 account {one}")),
        n => Some(format!("{} accounts {several}", words::figure(n))),
    };
    let nothing = standings.accounts.is_empty() && standings.quiet == 0 && standings.unseen == 0;
    [
        nothing.then(|| "There is no account yet. An administrator makes one under Accounts.".to_owned()),
        accounts(
            standings.more,
            "more has open findings. The worst are shown; mend those first.",
            "more have open findings. The worst are shown; mend those first.",
        ),
        accounts(standings.quiet, "has no open finding.", "have no open finding."),
        accounts(
            standings.unseen,
            "was not looked at yet: that would have taken too long.",
            "were not looked at yet: that would have taken too long.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_list_leaves_out_is_said() {
        for ((more, quiet, unseen), expected) in [
            ((0, 0, 0), &["There is no account yet. An administrator makes one under Accounts."][..]),
            ((0, 1, 0), &["1 account has no open finding."]),
            (
                (1_200, 0, 1),
                &[
                    "1,200 accounts more have open findings. The worst are shown; mend those first.",
                    "1 account was not looked at yet: that would have taken too long.",
                ],
            ),
        ] {
            let standings = Standings { accounts: Vec::new(), more, quiet, unseen };
            assert_eq!(said(&standings), expected);
        }
    }
}
