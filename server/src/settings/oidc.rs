//! The settings of the OIDC provider that signs people in.

use std::path::PathBuf;

use portal::ProviderSettings;
use serde::Deserialize;

use super::SettingsError;

/// Where the client's secret is looked for. It has no flag: every user of the machine sees the flags of a process.
const SECRET_VARIABLE: &str = "SWITCHBACK_OIDC_CLIENT_SECRET";

/// The flags about the provider.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct OidcFlags {
    /// An OIDC provider that signs people in as well: its issuer, such as https://accounts.example.com. It needs
    /// --oidc-client-id, a client secret (SWITCHBACK_OIDC_CLIENT_SECRET or --oidc-client-secret-file) and --public-url
    #[arg(long, env = "SWITCHBACK_OIDC_ISSUER", global = true, value_name = "URL")]
    oidc_issuer: Option<String>,
    /// What the provider calls this server
    #[arg(long, env = "SWITCHBACK_OIDC_CLIENT_ID", global = true, value_name = "ID")]
    oidc_client_id: Option<String>,
    /// A file with the secret by which the provider knows this server
    #[arg(long, env = "SWITCHBACK_OIDC_CLIENT_SECRET_FILE", global = true, value_name = "FILE")]
    oidc_client_secret_file: Option<PathBuf>,
    /// What people call the provider: "Sign in with …" [default: its host]
    #[arg(long, env = "SWITCHBACK_OIDC_LABEL", global = true, value_name = "NAME")]
    oidc_label: Option<String>,
    /// Let the provider sign in who never linked it, by an e-mail address that it says it verified: whoever runs it, or
    /// can have an address verified there, can then sign in as the person of that address
    #[arg(long, env = "SWITCHBACK_OIDC_LINK_VERIFIED_EMAIL", global = true)]
    oidc_link_verified_email: bool,
}

/// The table `[oidc]` of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OidcFile {
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret_file: Option<PathBuf>,
    label: Option<String>,
    link_verified_email: Option<bool>,
}

/// Puts flags and environment over the file.
pub(super) fn load(
    flags: &OidcFlags,
    file: OidcFile,
    secret: Option<String>,
) -> Result<Option<ProviderSettings>, SettingsError> {
    let Some(issuer) = flags.oidc_issuer.clone().or(file.issuer) else { return Ok(None) };
    let client_id = flags.oidc_client_id.clone().or(file.client_id);
    let secret_file = flags.oidc_client_secret_file.clone().or(file.client_secret_file);
    let client_secret = match (secret, secret_file) {
        (Some(secret), _) => Some(secret),
        (None, Some(path)) => {
            let read = std::fs::read_to_string(&path);
            Some(read.map_err(|source| SettingsError::Read { path, source })?.trim().to_owned())
        }
        (None, None) => None,
    };
    let (Some(client_id), Some(client_secret)) = (client_id, client_secret) else {
        return Err(SettingsError::OidcClient);
    };
    Ok(Some(ProviderSettings {
        issuer,
        client_id,
        client_secret,
        label: flags.oidc_label.clone().or(file.label),
        link_verified_email: flags.oidc_link_verified_email || file.link_verified_email.unwrap_or_default(),
    }))
}

/// The secret that the environment holds.
pub(super) fn secret() -> Option<String> {
    std::env::var(SECRET_VARIABLE).ok().filter(|secret| !secret.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> OidcFile {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_flag_goes_before_the_file_and_the_variable_before_the_secrets_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        std::fs::write(&path, "of the file\n").unwrap();
        let flags = OidcFlags { oidc_issuer: Some("https://flag".into()), ..OidcFlags::default() };
        let text = format!(
            "issuer = 'https://file'\nclient_id = 'us'\nlabel = 'Acme'\nclient_secret_file = '{}'",
            path.display()
        );
        let found = load(&flags, file(&text), None).unwrap().unwrap();
        assert_eq!(found.issuer, "https://flag");
        assert_eq!((found.client_id.as_str(), found.label.as_deref()), ("us", Some("Acme")));
        assert_eq!(found.client_secret, "of the file");
        assert!(!found.link_verified_email, "nobody is linked unasked unless somebody said so");
        let found = load(&flags, file(&text), Some("of the variable".into())).unwrap().unwrap();
        assert_eq!(found.client_secret, "of the variable");
        assert!(!format!("{found:?}").contains("of the"), "{found:?}");
    }

    #[test]
    fn a_provider_is_whole_or_not_there() {
        let none = load(&OidcFlags::default(), OidcFile::default(), Some("secret".into()));
        assert_eq!(none.unwrap(), None);
        for (text, secret) in [
            ("issuer = 'https://a'", Some("secret")),
            ("issuer = 'https://a'\nclient_id = 'us'", None),
            ("issuer = 'https://a'\nclient_id = 'us'\nclient_secret_file = '/nowhere/secret'", None),
        ] {
            let error = load(&OidcFlags::default(), file(text), secret.map(str::to_owned)).unwrap_err();
            assert!(!error.to_string().is_empty());
        }
        assert!(toml::from_str::<OidcFile>("client_secret = 'x'").is_err(), "the file is no place for it");
    }
}
