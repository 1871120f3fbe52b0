//! Keyset pages: each starts after a place in the order, so that the thousandth costs what the first does.

use routing::{AccountId, E164};

use super::cursor::{Cursor, Key};
use super::filter::{FailsOver, Prepared, Role};
use super::{DID_COLUMNS, DidRow, StoredDid};
use crate::convert::number_to_db;
use crate::sql::{Conn, Sql};
use crate::{DatabaseKind, Error, Result};

/// What DIDs are sorted by. Ties come by number; rows without the key come last, or first when descending,
/// so that descending is the exact reverse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DidSort {
    /// The number, by value.
    #[default]
    Number,
    /// The alias, without regard to case.
    Alias,
    /// The alias of the primary route.
    Primary,
    /// The alias of the failover route, or the name of the failover plan.
    Failover,
    /// When it last changed.
    Changed,
}

impl DidSort {
    /// Every order, for tests and menus.
    pub const ALL: [DidSort; 5] =
        [DidSort::Number, DidSort::Alias, DidSort::Primary, DidSort::Failover, DidSort::Changed];

    pub(super) fn letter(self) -> char {
        match self {
            DidSort::Number => 'n',
            DidSort::Alias => 'a',
            DidSort::Primary => 'p',
            DidSort::Failover => 'f',
            DidSort::Changed => 'c',
        }
    }

    pub(super) fn from_letter(letter: char) -> Option<DidSort> {
        DidSort::ALL.into_iter().find(|sort| sort.letter() == letter)
    }

    /// Whether some rows have no key.
    fn is_nullable(self) -> bool {
        matches!(self, DidSort::Alias | DidSort::Failover)
    }

    /// The key in a statement; there may be none beside the number itself.
    fn key_sql(self, keys: Keys) -> &'static str {
        match (self, keys) {
            (_, Keys::Routes) => "k.alias_key",
            (_, Keys::Plans) => "k.name_key",
            (DidSort::Alias, Keys::Dids) => "d.alias_key",
            (DidSort::Alias, Keys::Names) => "k.alias",
            (DidSort::Changed, Keys::Dids) => "d.changed_at",
            (_, Keys::Dids | Keys::Names) => "",
        }
    }
}

/// Which page of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageRequest<'a> {
    /// The order.
    pub sort: DidSort,
    /// The other way round.
    pub descending: bool,
    /// The place that the page starts after; `None`: at the start.
    pub cursor: Option<&'a Cursor>,
    /// The page that ends before the cursor instead.
    pub backwards: bool,
    /// Rows in the page, at least one.
    pub limit: u32,
}

/// A page of DIDs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidPage {
    /// The rows, in the order asked for.
    pub rows: Vec<DidRow>,
    /// Where the next page starts, if there is one.
    pub next: Option<Cursor>,
    /// Where the page before ends, if there is one: to be asked for backwards.
    pub previous: Option<Cursor>,
}

impl DidPage {
    /// The page of a list in which nothing is left. The way back from a place in it starts at that place.
    pub fn empty(request: PageRequest<'_>) -> DidPage {
        let previous = request.cursor.filter(|_| !request.backwards).cloned();
        DidPage { rows: Vec::new(), next: None, previous }
    }
}

/// A row with the text that it is sorted by.
#[derive(sqlx::FromRow)]
struct SortedDid {
    #[sqlx(flatten)]
    did: StoredDid,
    sort_key: Option<String>,
}

/// A stretch of the order in which rows are alike.
enum Stretch<'a> {
    /// Every row that has a key.
    Keyed,
    /// Rows with this very key, after a number.
    Tie(&'a Key, E164),
    /// Rows whose key comes after this one.
    Beyond(&'a Key),
    /// Rows without a key, after a number if one is given.
    Keyless(Option<E164>),
}

/// The table that the keys of a stretch stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keys {
    /// The DIDs themselves.
    Dids,
    /// What PostgreSQL keeps beside them, where what stays is indexed: no alias is empty there, and not null.
    Names,
    Routes,
    Plans,
}

pub(crate) async fn page(
    conn: &mut Conn<'_>,
    account: AccountId,
    filter: &Prepared,
    request: PageRequest<'_>,
) -> Result<DidPage> {
    let PageRequest { sort, descending, cursor, backwards, limit } = request;
    if cursor.is_some_and(|cursor| cursor.sort != sort) {
        return Err(Error::Cursor);
    }
    let walk = Walk::new(conn.kind(), account, filter, sort);
    let limit = limit.max(1);
    if let Some(start) = cursor.filter(|_| backwards) {
        let (mut found, more) = walk.take_with_more(conn, !descending, Some(start), limit).await?;
        if more {
            found.reverse();
            return walk.page(found, true, true);
        }
        // The start of the list: fill the page up from there, rather than show a stump of it.
        let (found, more) = walk.take_with_more(conn, descending, None, limit).await?;
        return walk.page(found, more, false);
    }
    let (found, more) = walk.take_with_more(conn, descending, cursor, limit).await?;
    if found.is_empty() {
        return Ok(DidPage::empty(request));
    }
    walk.page(found, more, cursor.is_some())
}

/// The next rows by number.
pub(crate) async fn after(
    conn: &mut Conn<'_>,
    account: AccountId,
    filter: &Prepared,
    last: Option<E164>,
    limit: u32,
) -> Result<Vec<DidRow>> {
    let walk = Walk::new(conn.kind(), account, filter, DidSort::Number);
    let cursor = last.map(|number| Cursor { sort: DidSort::Number, key: Key::Null, number });
    let found = walk.take(conn, false, cursor.as_ref(), i64::from(limit)).await?;
    found.into_iter().map(|row| row.did.into_domain()).collect()
}

struct Walk<'a> {
    account: AccountId,
    filter: &'a Prepared,
    sort: DidSort,
    /// Whether aliases, or the numbers of one calling code, are walked where PostgreSQL keeps them.
    by_names: bool,
}

impl<'a> Walk<'a> {
    fn new(kind: DatabaseKind, account: AccountId, filter: &'a Prepared, sort: DidSort) -> Walk<'a> {
        let stays = sort == DidSort::Alias || (sort == DidSort::Number && filter.is_of_calling_code());
        Walk { account, filter, sort, by_names: kind == DatabaseKind::Postgres && stays }
    }

    /// Where the keys of a stretch stand. Those of failovers stand in two tables; each gives a part.
    fn keys(&self, stretch: &Stretch<'_>) -> &'static [Keys] {
        match (self.sort, stretch) {
            (DidSort::Primary, _) => &[Keys::Routes],
            (DidSort::Failover, Stretch::Keyless(_)) => &[Keys::Dids],
            (DidSort::Failover, _) => &[Keys::Routes, Keys::Plans],
            _ if self.by_names => &[Keys::Names],
            _ => &[Keys::Dids],
        }
    }

    /// The first rows after a place, and whether there are more.
    async fn take_with_more(
        &self,
        conn: &mut Conn<'_>,
        descending: bool,
        from: Option<&Cursor>,
        limit: u32,
    ) -> Result<(Vec<SortedDid>, bool)> {
        // One more than asked for tells.
        let mut rows = self.take(conn, descending, from, i64::from(limit) + 1).await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        Ok((rows, more))
    }

    /// The first rows after a place.
    async fn take(
        &self,
        conn: &mut Conn<'_>,
        descending: bool,
        from: Option<&Cursor>,
        limit: i64,
    ) -> Result<Vec<SortedDid>> {
        let kind = conn.kind();
        let mut sql = Sql::new("list DIDs", "select * from (");
        let mut first = true;
        for stretch in stretches(self.sort, descending, from) {
            for (keys, role) in self.parts(&stretch) {
                sql.push(if first { "select * from (" } else { " union all select * from (" });
                first = false;
                self.push_stretch(&mut sql, &stretch, keys, role, descending);
                sql.push(" limit ").push_bind(limit).push(") as stretch");
            }
        }
        if first {
            return Ok(Vec::new());
        }
        sql.push(") as walk order by ");
        self.push_order(&mut sql, kind, descending);
        sql.push(" limit ").push_bind(limit);
        // Of words that are everywhere PostgreSQL believes that few rows hold them, and would read and sort all there are
        // rather than look at them in order until the page is full.
        let in_order = kind == DatabaseKind::Postgres && self.filter.is_common();
        if in_order {
            conn.run(Sql::new("list DIDs", "set local enable_sort = off")).await?;
        }
        let rows: Vec<SortedDid> = conn.all(sql).await?;
        if in_order {
            conn.run(Sql::new("list DIDs", "set local enable_sort to default")).await?;
        }
        Ok(rows)
    }

    /// The parts of a stretch in which something can match.
    fn parts(&self, stretch: &Stretch<'_>) -> Vec<(Keys, Role)> {
        let mut parts = Vec::new();
        for keys in self.keys(stretch) {
            let failover = match keys {
                Keys::Dids | Keys::Names => FailsOver::Nowhere,
                Keys::Routes => FailsOver::ToRoute,
                Keys::Plans => FailsOver::ToPlan,
            };
            let can_match =
                |role: &Role| self.sort != DidSort::Failover || self.filter.admits(failover, *role);
            let roles = self.filter.roles().iter().copied().filter(can_match);
            parts.extend(roles.map(|role| (*keys, role)));
        }
        parts
    }

    fn push_stretch(&self, sql: &mut Sql, stretch: &Stretch<'_>, keys: Keys, role: Role, descending: bool) {
        let joined = match (self.sort, keys) {
            (_, Keys::Dids) => None,
            (_, Keys::Names) if self.filter.is_narrow() => Some("k.number = d.number"),
            // The plus keeps PostgreSQL from reading both in the order of numbers, the DIDs from the account's first.
            (_, Keys::Names) => Some("d.number = +k.number"),
            (_, Keys::Plans) => Some("k.id = d.failover_plan"),
            (DidSort::Failover, Keys::Routes) => Some("k.id = d.failover_route"),
            (_, Keys::Routes) => Some("k.id = d.primary_route"),
        };
        sql.push("select ").push(DID_COLUMNS);
        sql.push(match (keys, self.sort) {
            (Keys::Routes, _) => ", k.alias_key as sort_key from routes as k",
            (Keys::Plans, _) => ", k.name_key as sort_key from plans as k",
            (Keys::Names, DidSort::Alias) => ", nullif(k.alias, '') as sort_key from did_search as k",
            (Keys::Names, _) => ", cast(null as text) as sort_key from did_search as k",
            (Keys::Dids, DidSort::Alias) => ", d.alias_key as sort_key from dids as d where ",
            (Keys::Dids, _) => ", cast(null as text) as sort_key from dids as d where ",
        });
        if let Some(on) = joined {
            // Routes or plans in the order of their names outside, each one's DIDs by number inside: nothing is
            // sorted. SQLite takes the order of a cross join as given. Few matches are better found first.
            sql.push(if self.filter.is_narrow() {
                " join dids as d on "
            } else {
                " cross join dids as d where "
            });
            sql.push(on);
            sql.push(if self.filter.is_narrow() { " where k.account_id = " } else { " and k.account_id = " });
            sql.push_bind(self.account.0).push(" and ");
        }
        let by_names = keys == Keys::Names;
        self.filter.push_in_role(sql, role, if by_names { "k" } else { "d" });
        if by_names {
            sql.plan_for_values();
        }

        let key = self.sort.key_sql(keys);
        let number_sql = if by_names { "k.number" } else { "d.number" };
        let beyond = if descending { " < " } else { " > " };
        match stretch {
            Stretch::Keyed if by_names => {
                sql.push(" and k.alias > ''");
            }
            Stretch::Keyed if self.sort.is_nullable() && joined.is_none() => {
                sql.push(" and ").push(key).push(" is not null");
            }
            Stretch::Keyed => {}
            Stretch::Tie(value, number) => {
                sql.push(" and ").push(key).push(" = ").push_key(value);
                sql.push(" and ").push(number_sql).push(beyond).push_bind(number_to_db(*number));
            }
            Stretch::Beyond(value) => {
                sql.push(" and ").push(key).push(beyond).push_key(value);
                if by_names && descending {
                    sql.push(" and k.alias > ''");
                }
            }
            Stretch::Keyless(number) => {
                match self.sort {
                    DidSort::Alias if by_names => sql.push(" and k.alias = ''"),
                    DidSort::Alias => sql.push(" and d.alias_key is null"),
                    DidSort::Failover => {
                        sql.push(" and d.failover_route is null and d.failover_plan is null")
                    }
                    DidSort::Number | DidSort::Primary | DidSort::Changed => sql,
                };
                if let Some(number) = number {
                    sql.push(" and ").push(number_sql).push(beyond).push_bind(number_to_db(*number));
                }
            }
        }
        sql.push(" order by ");
        if let Stretch::Keyed | Stretch::Beyond(_) = stretch {
            sql.push(key).push(if descending { " desc, " } else { ", " });
        }
        sql.push(number_sql).push(if descending { " desc" } else { "" });
    }

    /// The order over all stretches together.
    fn push_order(&self, sql: &mut Sql, kind: DatabaseKind, descending: bool) {
        let direction = if descending { " desc, " } else { ", " };
        match self.sort {
            DidSort::Number => {}
            DidSort::Changed => {
                sql.push("changed_at").push(direction);
            }
            DidSort::Alias | DidSort::Primary | DidSort::Failover => {
                sql.push("sort_key is null").push(direction).push("sort_key collate ");
                // By code point on both.
                sql.push(match kind {
                    DatabaseKind::Sqlite => "binary",
                    DatabaseKind::Postgres => "\"C\"",
                });
                sql.push(direction);
            }
        }
        sql.push(if descending { "number desc" } else { "number" });
    }

    fn page(&self, found: Vec<SortedDid>, more_after: bool, more_before: bool) -> Result<DidPage> {
        let place = |row: Option<&SortedDid>| row.map(|row| self.place(row)).transpose();
        let next = if more_after { place(found.last())? } else { None };
        let previous = if more_before { place(found.first())? } else { None };
        let rows = found.into_iter().map(|row| row.did.into_domain()).collect::<Result<_>>()?;
        Ok(DidPage { rows, next, previous })
    }

    fn place(&self, row: &SortedDid) -> Result<Cursor> {
        let key = match (self.sort, &row.sort_key) {
            (DidSort::Changed, _) => Key::Moment(row.did.changed_at),
            (DidSort::Number, _) | (_, None) => Key::Null,
            (_, Some(text)) => Key::Text(text.clone()),
        };
        Ok(Cursor { sort: self.sort, key, number: row.did.number()? })
    }
}

/// What lies after a place, in order. Rows without a key come last going up, first going down.
fn stretches(sort: DidSort, descending: bool, from: Option<&Cursor>) -> Vec<Stretch<'_>> {
    if sort == DidSort::Number {
        return vec![Stretch::Keyless(from.map(|cursor| cursor.number))];
    }
    let mut ahead = match from {
        None if descending && sort.is_nullable() => vec![Stretch::Keyless(None), Stretch::Keyed],
        None => vec![Stretch::Keyed],
        Some(Cursor { key: Key::Null, number, .. }) if descending => {
            vec![Stretch::Keyless(Some(*number)), Stretch::Keyed]
        }
        Some(Cursor { key: Key::Null, number, .. }) => return vec![Stretch::Keyless(Some(*number))],
        Some(Cursor { key, number, .. }) => vec![Stretch::Tie(key, *number), Stretch::Beyond(key)],
    };
    if !descending && sort.is_nullable() {
        ahead.push(Stretch::Keyless(None));
    }
    ahead
}

impl Sql {
    fn push_key(&mut self, key: &Key) -> &mut Sql {
        match key {
            Key::Null => self.push("null"),
            Key::Text(text) => self.push_bind(text.as_str()),
            Key::Moment(at) => self.push_bind(*at),
        }
    }
}
