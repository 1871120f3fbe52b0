//! Databases for tests: a new SQLite file, or a new database on a PostgreSQL server that lives as long as
//! the test process.

pub(crate) mod postgres;

use std::future::Future;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use store::{Account, DatabaseKind, DatabaseUrl, NewAccount, Store};

/// Runs each named test, an `async fn(Db)`, on both databases.
macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[test]
            fn on_sqlite() {
                crate::support::run_on_sqlite(super::$name);
            }

            #[test]
            fn on_postgres() {
                crate::support::run_on_postgres(super::$name);
            }
        })+
    };
}
pub(crate) use contract;

/// A new database with the store on it.
pub(crate) struct Db {
    pub(crate) store: Store,
    pub(crate) url: String,
}

impl Db {
    async fn open(url: String) -> Db {
        let parsed: DatabaseUrl = url.parse().unwrap();
        Db { store: Store::connect(&parsed).await.unwrap(), url }
    }

    /// The first account.
    pub(crate) async fn account(&self) -> Account {
        let new = NewAccount {
            name: "Northwind".to_owned(),
            country: "US".to_owned(),
            sample: false,
            created_at: store::UnixMs::now(),
        };
        self.create(new).await.unwrap()
    }

    /// Creates an account by an operation of its own.
    pub(crate) async fn create(&self, new: NewAccount) -> store::Result<Account> {
        let tx = self.store.create_account(new).await?;
        let id = tx.account().id;
        let kind = "create_account".to_owned();
        tx.commit(store::Operation { kind, ..store::Operation::default() }).await?;
        Ok(self.store.account(id).await?.expect("it was created"))
    }

    /// A second account, which the store does not let anybody create yet.
    pub(crate) async fn second_account(&self) -> Account {
        self.sql(
            "insert into accounts (name, country, version, defaults, sample, next_route_id, created_at)
             select 'Contoso', 'GB', 0, defaults, sample, 1, created_at from accounts where id = 1",
        )
        .await;
        self.sql(
            "insert into routes (account_id, id, alias, alias_key, kind, value, answerer, health, version)
             select 2, id, alias, alias_key, kind, value, answerer, health, version
             from routes where account_id = 1 and id = 0",
        )
        .await;
        self.store.accounts().await.unwrap().pop().unwrap()
    }

    /// Takes the triggers away that keep the history as it was written, as somebody would who owns the database.
    pub(crate) async fn disarm_history(&self) {
        self.sql(match self.store.kind() {
            DatabaseKind::Sqlite => {
                "drop trigger operations_are_not_updated; drop trigger operations_are_not_deleted;
                 drop trigger operations_are_not_replaced; drop trigger operations_are_hashed;
                 drop trigger changes_are_not_updated; drop trigger changes_are_not_deleted;
                 drop trigger changes_are_complete; drop trigger audit_chain_is_not_updated;
                 drop trigger audit_chain_is_not_deleted; drop trigger audit_chain_is_not_replaced;"
            }
            DatabaseKind::Postgres => {
                "alter table operations disable trigger user; alter table changes disable trigger user;
                 alter table audit_chain disable trigger user;"
            }
        })
        .await;
    }

    /// Runs statements behind the store's back.
    pub(crate) async fn sql(&self, text: &str) {
        self.try_sql(text).await.unwrap();
    }

    /// The same, where the database may refuse.
    pub(crate) async fn try_sql(&self, text: &str) -> Result<(), sqlx::Error> {
        let text = AssertSqlSafe(text.to_owned());
        match self.store.kind() {
            DatabaseKind::Sqlite => {
                let mut conn = SqliteConnection::connect(&self.url).await?;
                conn.execute(sqlx::raw_sql(text)).await?;
                conn.close().await
            }
            DatabaseKind::Postgres => {
                let mut conn = PgConnection::connect(&self.url).await?;
                conn.execute(sqlx::raw_sql(text)).await?;
                conn.close().await
            }
        }
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let text = AssertSqlSafe(format!("select count(*) from {table}"));
        let (rows,): (i64,) = match self.store.kind() {
            DatabaseKind::Sqlite => {
                let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
                sqlx::query_as(text).fetch_one(&mut conn).await.unwrap()
            }
            DatabaseKind::Postgres => {
                let mut conn = PgConnection::connect(&self.url).await.unwrap();
                sqlx::query_as(text).fetch_one(&mut conn).await.unwrap()
            }
        };
        rows
    }
}

pub(crate) fn run_on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Db) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("new folder/switchback.db").display());
    block_on(async {
        let db = Db::open(url).await;
        let store = db.store.clone();
        test(db).await;
        store.close().await;
    });
}

pub(crate) fn run_on_postgres<F: Future<Output = ()>>(test: impl FnOnce(Db) -> F) {
    block_on(async {
        let database = postgres::Database::create().await;
        let db = Db::open(database.url.clone()).await;
        let store = db.store.clone();
        test(db).await;
        store.close().await;
        database.remove().await;
    });
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(future)
}
