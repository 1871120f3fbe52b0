//! Settings: a flag, else the environment (`SWITCHBACK_…`), else `switchback.toml`, else the default.

mod oidc;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use portal::ProviderSettings;
use serde::Deserialize;

use self::oidc::{OidcFile, OidcFlags};

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
    /// Which account a command is about, by its id or its name, where there are several
    #[arg(long, env = "SWITCHBACK_ACCOUNT", global = true, value_name = "ACCOUNT")]
    account: Option<String>,
    /// Under which address people reach this server, such as https://portal.example.com; it is needed to listen on more
    /// than loopback, and something before this server then speaks TLS
    #[arg(long, env = "SWITCHBACK_PUBLIC_URL", global = true, value_name = "URL")]
    public_url: Option<String>,
    /// A proxy stands before this server and writes X-Forwarded-For: its word counts for who asks
    #[arg(long, env = "SWITCHBACK_BEHIND_PROXY", global = true)]
    behind_proxy: bool,
    /// Where to listen [default: 127.0.0.1:3000]
    #[arg(long, env = "SWITCHBACK_LISTEN", global = true, value_name = "ADDRESS")]
    listen: Option<String>,
    #[command(flatten)]
    oidc: OidcFlags,
}

/// The file's contents; an unknown key is an error, since a misspelt one would be ignored without a word.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    database: Option<String>,
    listen: Option<String>,
    account: Option<String>,
    public_url: Option<String>,
    behind_proxy: Option<bool>,
    #[serde(default)]
    oidc: OidcFile,
}

/// What the process runs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) database: String,
    pub(crate) listen: SocketAddr,
    /// Which account a command is about.
    pub(crate) account: Option<String>,
    /// Under which address people reach the server.
    pub(crate) public: Option<PublicUrl>,
    /// A proxy stands before it.
    pub(crate) behind_proxy: bool,
    /// Who else signs people in.
    pub(crate) oidc: Option<ProviderSettings>,
}

/// The address of the server from outside: `https`, a host, and perhaps a port. Browsers send their cookies over
/// nothing less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicUrl {
    authority: String,
}

impl PublicUrl {
    pub(crate) fn parse(text: &str) -> Option<PublicUrl> {
        let authority = text.trim().strip_prefix("https://")?.trim_end_matches('/');
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        (!authority.is_empty() && authority.chars().all(plain))
            .then(|| PublicUrl { authority: authority.to_ascii_lowercase() })
    }

    /// The host, with the port if it is not the usual one.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }
}

impl std::fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "https://{}", self.authority)
    }
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
        "{0} is open to others, and passwords must not cross a network in the clear. Use {DEFAULT_LISTEN}; or put \
         something before it that speaks TLS, and say with --public-url under which https address it is reached"
    )]
    NotLoopback(SocketAddr),
    #[error(
        "an OIDC provider needs --oidc-client-id, and a client secret in SWITCHBACK_OIDC_CLIENT_SECRET or in a file that \
         --oidc-client-secret-file names"
    )]
    OidcClient,
    #[error(
        "an OIDC provider sends people back to this server: say with --public-url under which https address it is reached"
    )]
    OidcPublicUrl,
    #[error("`{0}` is no address of a server from outside; write it like https://portal.example.com")]
    PublicUrl(String),
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
        let public = flags.public_url.clone().or(file.public_url);
        let public = match public {
            None => None,
            Some(text) => {
                Some(PublicUrl::parse(&text).ok_or_else(|| SettingsError::PublicUrl(text.clone()))?)
            }
        };
        if !listen.ip().is_loopback() && public.is_none() {
            return Err(SettingsError::NotLoopback(listen));
        }
        let database = flags.database.clone().or(file.database).unwrap_or_else(|| DEFAULT_DATABASE.into());
        let account = flags.account.clone().or(file.account);
        let behind_proxy = flags.behind_proxy || file.behind_proxy.unwrap_or_default();
        let oidc = oidc::load(&flags.oidc, file.oidc, oidc::secret())?;
        // A provider on this machine is there to try: so is this server.
        if oidc.as_ref().is_some_and(|oidc| oidc.issuer.starts_with("https:")) && public.is_none() {
            return Err(SettingsError::OidcPublicUrl);
        }
        Ok(Settings { database, listen, account, public, behind_proxy, oidc })
    }
}

#[cfg(test)]
impl Settings {
    /// The defaults, for a database.
    pub(crate) fn of(database: &str) -> Settings {
        Settings {
            database: database.to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            account: None,
            public: None,
            behind_proxy: false,
            oidc: None,
        }
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
        (SettingFlags { config, listen: listen.map(Into::into), ..SettingFlags::default() }, dir)
    }

    #[test]
    fn a_flag_goes_before_the_file_and_the_file_before_the_default() {
        for (flag, file, expected) in [
            (None, None, "127.0.0.1:3000"),
            (None, Some("listen = '127.0.0.1:4000'"), "127.0.0.1:4000"),
            (Some("[::1]:5000"), Some("listen = '127.0.0.1:4000'"), "[::1]:5000"),
            (Some("localhost:5000"), None, "127.0.0.1:5000"),
            (Some("0.0.0.0:80"), Some("public_url = 'https://Portal.example.com/'"), "0.0.0.0:80"),
        ] {
            let (flags, _dir) = flags(flag, file);
            assert_eq!(Settings::load(&flags).unwrap().listen.to_string(), expected);
        }
    }

    #[test]
    fn more_than_loopback_is_listened_on_behind_tls_only_and_errors_name_the_place() {
        for (flag, file, part) in [
            (Some("0.0.0.0:3000"), None, "in the clear"),
            (Some("192.0.2.1:3000"), None, "in the clear"),
            (None, Some("public_url = 'http://portal.example.com'"), "from outside"),
            (None, Some("public_url = 'https://portal.example.com/x'"), "from outside"),
            (Some("3000"), None, "no address"),
            (None, Some("[oidc]\nissuer = 'https://accounts.example.com'"), "--oidc-client-id"),
            (None, Some("[oidc]\nissue = 'https://accounts.example.com'"), "is not right"),
            (None, Some("listn = '127.0.0.1:1'"), "is not right"),
        ] {
            let (flags, _dir) = flags(flag, file);
            let error = Settings::load(&flags).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
