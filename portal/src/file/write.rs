//! Writing an account file: a line for each route and each DID, so that two files can be compared line by line.

use routing::{AccountId, Alias, Answerer, InboundRoute};
use serde::Serialize;
use serde_json::{Value, json};
use store::DidFilter;

use super::FORMAT;
use crate::book::Book;
use crate::limits::BULK_CHUNK;
use crate::routes::answerer_name;
use crate::{Actor, Portal, Result};

/// A route's line; fields that say nothing are left out.
#[derive(Serialize)]
struct RouteLine<'a> {
    alias: &'a str,
    r#type: &'a str,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    edge: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answerer: Option<&'a str>,
}

/// A DID's line.
#[derive(Serialize)]
struct DidLine<'a> {
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<&'a str>,
    primary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failover: Option<&'a str>,
}

impl Portal {
    /// The account as a file: its name and clocks, its routes by alias, its DIDs by number. Health is not in it.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn export_account(&self, actor: &Actor, account: AccountId) -> Result<String> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let (book, account) = (&facts.book, &facts.account);
        let mut text = format!("{{\n  \"format\": {},\n  \"account\": {{\n", line(&FORMAT));
        text.push_str(&format!(
            "    \"name\": {},\n    \"country\": {},\n",
            line(&account.name),
            line(&account.country)
        ));
        text.push_str(&format!(
            "    \"defaults\": {}\n  }},\n  \"routes\": [",
            line(&json!(account.defaults))
        ));
        let mut routes: Vec<&InboundRoute> = book.added().map(|row| &row.route).collect();
        routes.sort_by_cached_key(|route| route.alias.fold());
        let none = routes.is_empty();
        push_lines(&mut text, routes.into_iter().map(|route| route_line(book, route)), true);
        text.push_str(if none { "],\n  \"dids\": [" } else { "\n  ],\n  \"dids\": [" });
        let mut last = None;
        loop {
            let rows = self.store.dids_after(account.id, &DidFilter::default(), last, BULK_CHUNK).await?;
            let first = last.is_none();
            let Some(end) = rows.last() else { break };
            last = Some(end.did.number);
            push_lines(&mut text, rows.iter().map(|row| did_line(book, row)), first);
        }
        text.push_str(if last.is_some() { "\n  ]\n}\n" } else { "]\n}\n" });
        Ok(text)
    }
}

fn push_lines(text: &mut String, lines: impl Iterator<Item = String>, mut first: bool) {
    for line in lines {
        text.push_str(if first { "\n    " } else { ",\n    " });
        text.push_str(&line);
        first = false;
    }
}

fn route_line(book: &Book, route: &InboundRoute) -> String {
    let domains = &route.domains;
    line(&RouteLine {
        alias: route.alias.as_str(),
        r#type: route.target.kind().as_str(),
        value: route.target.canonical(),
        edge: book.edge(route).map(|edge| edge.name.as_str()),
        carrier: domains.carrier.as_deref(),
        site: domains.site.as_deref(),
        region: domains.region.as_deref(),
        answerer: (domains.answerer != Answerer::default()).then(|| answerer_name(domains.answerer)),
    })
}

fn did_line(book: &Book, row: &store::DidRow) -> String {
    let (primary, failover) = (book.route_ref(row.did.primary), book.failover_ref(row.did.failover));
    line(&DidLine {
        number: row.did.number.to_string(),
        alias: row.did.alias.as_ref().map(Alias::as_str),
        primary: primary.alias.as_str(),
        failover: failover.route().map(|route| route.alias.as_str()),
    })
}

/// On one line. Text and maps with text keys: their JSON cannot fail, and if it did, reading the file would say so.
fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| Value::Null.to_string())
}
