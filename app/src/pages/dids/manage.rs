//! Manage your DIDs.

use leptos::prelude::*;
use portal::{DidFilter, DidPage, DidQuery, DidRow, DidSort, FailoverFilter, PAGE_SIZES, RouteRef};

use crate::{
    components::{Pager, select_option, shared_path, sort_header, tel},
    islands::selection::Selection,
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// The actions of Choose a DID Action: the slug of the screen, the label.
const ACTIONS: [(&str, &str); 5] = [
    ("set-route", "Set Route"),
    ("set-failover-route", "Set Failover Route"),
    ("clear-failover-route", "Clear Failover Route"),
    ("set-alias", "Set Alias"),
    ("release", "Release"),
];

/// A filter as it stands in the URL.
pub fn filter_pairs(filter: &DidFilter) -> Vec<(&'static str, String)> {
    vec![
        ("q", filter.q.clone().unwrap_or_default()),
        (
            "failover",
            match filter.failover {
                FailoverFilter::Any => "",
                FailoverFilter::None => "none",
                FailoverFilter::Some => "some",
            }
            .into(),
        ),
        ("route", filter.route.map(|r| r.to_string()).unwrap_or_default()),
        ("plan", filter.plan.map(|p| p.to_string()).unwrap_or_default()),
        ("country", filter.calling_code.map(|c| c.to_string()).unwrap_or_default()),
    ]
}

/// A sort as it stands in the URL.
fn sort_word(sort: DidSort) -> &'static str {
    match sort {
        DidSort::Number => "number",
        DidSort::Alias => "alias",
        DidSort::Primary => "primary",
        DidSort::Failover => "failover",
        DidSort::Changed => "changed",
    }
}

struct Address<'a>(&'a DidQuery);

impl Address<'_> {
    /// The page's address with another sort, page size or place.
    fn with(
        &self,
        sort: DidSort,
        descending: bool,
        per: u32,
        place: Option<(&'static str, String)>,
    ) -> String {
        let mut pairs = filter_pairs(&self.0.filter);
        if sort != DidSort::Number {
            pairs.push(("sort", sort_word(sort).into()));
        }
        if descending {
            pairs.push(("dir", "desc".into()));
        }
        if per != PAGE_SIZES[0] {
            pairs.push(("per", per.to_string()));
        }
        pairs.extend(place);
        format!("{}{}", urls::MANAGE, urls::query(&pairs))
    }

    fn place(&self, key: &'static str, cursor: String) -> String {
        self.with(self.0.sort, self.0.descending, self.0.page_size, Some((key, cursor)))
    }
}

/// The page. `choices` are the routes that the filter offers.
pub fn manage(frame: &Frame, page: &DidPage, query: &DidQuery, choices: &[RouteRef]) -> String {
    document(frame, Here::Manage, "Manage your DIDs", Bundle::Base, || {
        let download = format!("{}{}", urls::DOWNLOAD, urls::query(&filter_pairs(&query.filter)));
        view! {
            {title("Manage your DIDs", view! {
                <a class="button" href=download>"Download your DIDs (.csv)"</a>
                <a data-writes="" class="button" href=urls::IMPORT>"Import DIDs"</a>
            })}
            {filters(page, query, choices)}
            // What is chosen is one's own, and no change of the account: who may only look may choose as well.
            <form id="bulk" method="post" action=urls::APPLY_ACTION data-outside="">
                {hidden_filter(&query.filter)}
                <input type="hidden" name="as_of" value=page.as_of.to_string()/>
                {table(page, query)}
                {(!page.rows.is_empty()).then(|| bulk_bar(page))}
            </form>
            {pager(page, query)}
        }
    })
}

fn is_filtered(filter: &DidFilter) -> bool {
    filter_pairs(filter).iter().any(|(_, value)| !value.is_empty())
}

fn filters(page: &DidPage, query: &DidQuery, choices: &[RouteRef]) -> impl IntoView + use<> {
    let filter = &query.filter;
    let failover = match filter.failover {
        FailoverFilter::Any => "",
        FailoverFilter::None => "none",
        FailoverFilter::Some => "some",
    };
    let failovers = [("", "Any failover"), ("none", "No failover"), ("some", "With a failover")]
        .map(|(value, label)| select_option(value, label, value == failover))
        .collect_view();
    let routes = choices
        .iter()
        .map(|r| select_option(r.id.to_string(), r.alias.to_string(), filter.route == Some(r.id)))
        .collect_view();
    let countries = page
        .codes
        .iter()
        .map(|(code, n)| {
            let label = format!("{} +{} ({})", code.name, code.code, words::figure(*n));
            select_option(code.code.to_string(), label, filter.calling_code == Some(code.code))
        })
        .collect_view();
    let clear =
        is_filtered(filter).then(|| view! { <a class="button link" href=urls::MANAGE>"Clear filters"</a> });
    view! {
        <form class="filters" method="get" action=urls::MANAGE role="search">
            <div class="grow">
                <label for="q">"Search"</label>
                <input type="search" id="q" name="q" value=filter.q.clone().unwrap_or_default() placeholder="Digits or alias" autocomplete="off"/>
            </div>
            <div><label for="failover">"Failover"</label><select id="failover" name="failover">{failovers}</select></div>
            <div>
                <label for="route">"Route"</label>
                <select id="route" name="route"><option value="">"Any route"</option>{routes}</select>
            </div>
            <div>
                <label for="country">"Country"</label>
                <select id="country" name="country"><option value="">"Any country"</option>{countries}</select>
            </div>
            {(query.sort != DidSort::Number).then(|| view! { <input type="hidden" name="sort" value=sort_word(query.sort)/> })}
            {query.descending.then(|| view! { <input type="hidden" name="dir" value="desc"/> })}
            {(query.page_size != PAGE_SIZES[0]).then(|| view! { <input type="hidden" name="per" value=query.page_size.to_string()/> })}
            <button class="button">"Search"</button>
            {clear}
        </form>
    }
}

fn hidden_filter(filter: &DidFilter) -> impl IntoView + use<> {
    filter_pairs(filter)
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
}

fn header(query: &DidQuery, sort: DidSort, label: &'static str) -> impl IntoView + use<> {
    let current = query.sort == sort;
    let href = Address(query).with(sort, current && !query.descending, query.page_size, None);
    sort_header(label, href, current.then_some(query.descending))
}

fn table(page: &DidPage, query: &DidQuery) -> impl IntoView + use<> {
    let rows = page.rows.iter().map(row).collect_view();
    let empty = page.rows.is_empty().then(|| {
        let text = if page.matching.n > 0 {
            let first = Address(query).with(query.sort, query.descending, query.page_size, None);
            view! { "Nothing further here. " <a href=first>"Go to the first page"</a> }.into_any()
        } else if is_filtered(&query.filter) {
            view! { "No DID matches. " <a href=urls::MANAGE>"Clear filters"</a> }.into_any()
        } else {
            view! { "No DIDs yet." <span data-writes="">" "<a href=urls::IMPORT>"Import your DIDs"</a>" from a CSV file, or paste them."</span> }.into_any()
        };
        view! { <tr><td class="empty" colspan="4">{text}</td></tr> }
    });
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col" class="tick">
                    <label id="tick-page-label" hidden>
                        <input type="checkbox" id="tick-page" autocomplete="off"/>
                        <span class="hidden-text">"Select all DIDs on this page"</span>
                    </label>
                    <span class="hidden-text">"Select"</span>
                </th>
                {header(query, DidSort::Number, "Number")}
                {header(query, DidSort::Alias, "Alias")}
                {header(query, DidSort::Primary, "Primary → failover")}
            </tr></thead>
            <tbody>{rows}{empty}</tbody>
        </table>
    }
}

fn row(row: &DidRow) -> impl IntoView + use<> {
    let number = row.number;
    let label = format!("Select {}", number.grouped());
    view! {
        <tr>
            <td class="tick"><label><input type="checkbox" name="did" value=number.digits().to_string() aria-label=label/></label></td>
            <td class="nowrap"><a href=urls::did(number)>{tel(number)}</a></td>
            <td class="wide">{row.alias.as_ref().map(ToString::to_string)}</td>
            <td>{shared_path(&row.primary, &row.failover, row.weights)}</td>
        </tr>
    }
}

fn bulk_bar(page: &DidPage) -> impl IntoView + use<> {
    let matching = words::count(page.matching);
    let more = page.matching.capped || page.matching.n > page.rows.len() as u64;
    let actions = ACTIONS.map(|(slug, label)| select_option(slug, label, false)).collect_view();
    view! {
        <div class="bulk" role="group" aria-label="Bulk action">
            <Selection matching=matching.clone() more=more/>
            <label id="all-matching">
                <input type="checkbox" name="all" value="matching"/>
                {format!(" All {matching} matching, not only the ticked ones")}
            </label>
            <span class="choose">
                <label for="action" class="hidden-text">"Choose a DID Action"</label>
                <select id="action" name="action" required><option value="">"Choose a DID Action"</option>{actions}</select>
                <button class="button primary">"Apply Action"</button>
            </span>
        </div>
    }
}

fn pager(page: &DidPage, query: &DidQuery) -> impl IntoView + use<> {
    let address = Address(query);
    let sizes = PAGE_SIZES
        .map(|size| (size, address.with(query.sort, query.descending, size, None), size == query.page_size))
        .to_vec();
    let showing =
        format!("{} shown of {}", words::figure(page.rows.len() as u64), words::count(page.matching));
    (!page.rows.is_empty()).then(|| {
        Pager {
            previous: page.previous.as_ref().map(|c| address.place("before", c.to_string())),
            next: page.next.as_ref().map(|c| address.place("after", c.to_string())),
            sizes,
            showing,
        }
        .view()
    })
}
