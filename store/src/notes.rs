//! What the staff tells a customer, of a DID or of the whole account.

use routing::{AccountId, E164};

use crate::convert::{number_from_db, number_to_db};
use crate::db::Store;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// A note's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteId(pub i64);

impl std::fmt::Display for NoteId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// The DID that it is about; none: the whole account.
    pub number: Option<E164>,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: UnixMs,
}

/// A note to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNote {
    /// The DID that it is about; none: the whole account.
    pub number: Option<E164>,
    /// What it says.
    pub text: String,
    /// Who writes it.
    pub by: String,
}

#[derive(sqlx::FromRow)]
struct StoredNote {
    id: i64,
    number: Option<i64>,
    text: String,
    by_whom: String,
    at: i64,
}

impl StoredNote {
    fn into_domain(self) -> Result<Note> {
        let number = |number| number_from_db("notes", self.id, "number", number);
        Ok(Note {
            id: NoteId(self.id),
            number: self.number.map(number).transpose()?,
            text: self.text,
            by: self.by_whom,
            at: UnixMs(self.at),
        })
    }
}

impl Store {
    /// The account's notes, the latest first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn notes(&self, account: AccountId) -> Result<Vec<Note>> {
        let sql = Sql::new(
            "list notes",
            "select id, number, text, by_whom, at from notes where account_id = $1 order by id desc",
        )
        .bind(account.0);
        all(self, sql).await
    }

    /// The notes on one of the account's DIDs, the latest first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn notes_on(&self, account: AccountId, number: E164) -> Result<Vec<Note>> {
        let sql = Sql::new(
            "list a DID's notes",
            "select id, number, text, by_whom, at from notes where account_id = $1 and number = $2 order by id desc",
        )
        .bind(account.0)
        .bind(number_to_db(number));
        all(self, sql).await
    }
}

async fn all(store: &Store, sql: Sql) -> Result<Vec<Note>> {
    let rows: Vec<StoredNote> = store.reader().await?.conn().all(sql).await?;
    rows.into_iter().map(StoredNote::into_domain).collect()
}

pub(crate) async fn count(conn: &mut Conn<'_>, account: AccountId) -> Result<u64> {
    let sql = Sql::new("count notes", "select count(*) from notes where account_id = $1").bind(account.0);
    let (count,): (i64,) = conn.one(sql).await?;
    Ok(crate::convert::count(count))
}

pub(crate) async fn insert(conn: &mut Conn<'_>, account: AccountId, at: UnixMs, new: &NewNote) -> Result<()> {
    let sql = Sql::new(
        "write a note",
        "insert into notes (account_id, number, text, by_whom, at) values ($1, $2, $3, $4, $5)",
    )
    .bind(account.0)
    .bind(new.number.map(number_to_db))
    .bind(new.text.as_str())
    .bind(new.by.as_str())
    .bind(at.0);
    conn.run(sql).await.map(drop)
}

/// Takes a note away, and says what it was.
pub(crate) async fn delete(conn: &mut Conn<'_>, account: AccountId, id: NoteId) -> Result<Note> {
    let sql = Sql::new(
        "remove a note",
        "delete from notes where account_id = $1 and id = $2 returning id, number, text, by_whom, at",
    )
    .bind(account.0)
    .bind(id.0);
    let row: Option<StoredNote> = conn.optional(sql).await?;
    row.ok_or(Error::NotFound(Noun::Note))?.into_domain()
}
