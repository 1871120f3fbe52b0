//! Settings: a flag, else the environment (`SWITCHBACK_…`), else `switchback.toml`, else the default.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// Where settings are looked for when nobody says otherwise.
const DEFAULT_FILE: &str = "switchback.toml";
const DEFAULT_LISTEN: &str = "127.0.0.1:3000";
const DEFAULT_DATABASE: &str = "sqlite:switchback.sqlite";

/// The flags that every command takes; clap reads the environment for each.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct SettingFlags {
    /// The settings file [default: switchback.toml, if it is there]
    #[arg(long, env = "SWITCHBACK_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database: sqlite:PATH or postgres://… [default: sqlite:switchback.sqlite]
    #[arg(long, env = "SWITCHBACK_DATABASE", global = true, value_name = "URL", hide_env_values = true)]
    database: Option<String>,
    /// Where to listen [default: 127.0.0.1:3000]
    #[arg(long, env = "SWITCHBACK_LISTEN", global = true, value_name = "ADDRESS")]
    listen: Option<String>,
}

/// The file's contents; an unknown key is an error, since a misspelt one would be ignored without a word.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    database: Option<String>,
    listen: Option<String>,
}

/// What the process runs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) database: String,
    pub(crate) listen: SocketAddr,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("cannot read the settings file {}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("the settings file {} is not right", path.display())]
    Parse { path: PathBuf, source: Box<toml::de::Error> },
    #[error("`{0}` is no address to listen on; write it like {DEFAULT_LISTEN} or [::1]:3000")]
    Listen(String),
    #[error(
        "Switchback has no sign-in yet, so it listens on loopback only; {0} is open to others. \
         Use {DEFAULT_LISTEN}, and an SSH tunnel to reach it from elsewhere"
    )]
    NotLoopback(SocketAddr),
}

impl Settings {
    /// Reads the file if there is one, and puts flags and environment over it.
    pub(crate) fn load(flags: &SettingFlags) -> Result<Settings, SettingsError> {
        let file = match &flags.config {
            Some(path) => read(path)?,
            None if Path::new(DEFAULT_FILE).exists() => read(Path::new(DEFAULT_FILE))?,
            None => SettingsFile::default(),
        };
        let listen = flags.listen.clone().or(file.listen).unwrap_or_else(|| DEFAULT_LISTEN.into());
        let listen: SocketAddr = listen
            .replace("localhost:", "127.0.0.1:")
            .parse()
            .map_err(|_| SettingsError::Listen(listen.clone()))?;
        if !listen.ip().is_loopback() {
            return Err(SettingsError::NotLoopback(listen));
        }
        let database = flags.database.clone().or(file.database).unwrap_or_else(|| DEFAULT_DATABASE.into());
        Ok(Settings { database, listen })
    }
}

fn read(path: &Path) -> Result<SettingsFile, SettingsError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| SettingsError::Read { path: path.into(), source })?;
    toml::from_str(&text).map_err(|e| SettingsError::Parse { path: path.into(), source: Box::new(e) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(listen: Option<&str>, file: Option<&str>) -> (SettingFlags, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        let config = file.map(|text| {
            let path = dir.path().join("s.toml");
            std::fs::write(&path, text).unwrap();
            path
        });
        (SettingFlags { config, database: None, listen: listen.map(Into::into) }, dir)
    }

    #[test]
    fn a_flag_goes_before_the_file_and_the_file_before_the_default() {
        for (flag, file, expected) in [
            (None, None, "127.0.0.1:3000"),
            (None, Some("listen = '127.0.0.1:4000'"), "127.0.0.1:4000"),
            (Some("[::1]:5000"), Some("listen = '127.0.0.1:4000'"), "[::1]:5000"),
            (Some("localhost:5000"), None, "127.0.0.1:5000"),
        ] {
            let (flags, _dir) = flags(flag, file);
            assert_eq!(Settings::load(&flags).unwrap().listen.to_string(), expected);
        }
    }

    #[test]
    fn only_loopback_is_listened_on_and_errors_name_the_place() {
        for (flag, file, part) in [
            (Some("0.0.0.0:3000"), None, "loopback only"),
            (Some("192.0.2.1:3000"), None, "loopback only"),
            (Some("3000"), None, "no address"),
            (None, Some("listn = '127.0.0.1:1'"), "is not right"),
        ] {
            let (flags, _dir) = flags(flag, file);
            let error = Settings::load(&flags).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
