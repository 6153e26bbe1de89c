//! Files, variables and flags, and what comes of them.

use std::path::Path;

use super::*;

/// A folder with a configuration file in it.
fn world(text: &str) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zeef.toml");
    std::fs::write(&file, text).unwrap();
    (folder, Sources { file: Some(file), ..Sources::default() })
}

fn variables(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What is said of a faulty file, without the folder's name.
fn said(text: &str, variables_given: &[(&str, &str)]) -> String {
    let (folder, mut sources) = world(text);
    sources.variables = variables(variables_given);
    let error = Settings::read(&sources).expect_err(text);
    error.to_string().replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn nothing_at_all_is_a_configuration() {
    let settings = Settings::read(&Sources::default()).unwrap();
    assert_eq!(settings.sections.listen().unwrap().to_string(), "127.0.0.1:50051");
    assert_eq!(settings.counts(), (0, 0, 0));
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let (folder, mut sources) = world(
        "[server]\nlisten = \"127.0.0.1:1\"\npolicies = [\"house.toml\"]\n[limits]\nmax_streams = 1\n\
         longest_call = \"5s\"\n[data]\nfolder = \"lists\"\n[data.max_age_days]\neu = 7\n",
    );
    sources.variables = variables(&[
        ("ZEEF_SERVER_LISTEN", "127.0.0.1:2"),
        ("ZEEF_LIMITS_MAX_STREAMS", "2"),
        ("ZEEF_DATA_MAX_AGE_DAYS_DEFAULT", "3"),
        ("ZEEF_LOG_LEVEL", ""),
    ]);
    sources.flags = vec![Flag::new("--listen", "server.listen", "127.0.0.1:3")];
    let settings = Settings::read(&sources).unwrap();
    let sections = &settings.sections;
    assert_eq!(sections.listen().unwrap().port(), 3);
    assert_eq!(sections.limits.max_streams, Some(2));
    assert_eq!(sections.limits.longest_call.unwrap().0.as_secs(), 5);
    assert_eq!((sections.max_age().of("eu"), sections.max_age().of("un")), (7, 3));
    assert_eq!(settings.counts(), (5 - 1, 2, 1));
    // Paths in the file count from the file.
    let beside = |path: &Path| path.starts_with(folder.path());
    assert!(beside(&sections.data.folder.as_ref().unwrap().0) && beside(&sections.server.policies[0].0));
}

#[test]
fn faults_come_all_at_once_with_their_lines() {
    let said = said(
        "[limits]\nmax_strems = 3\nmax_queued = \"many\"\nlongest_call = \"5\"\n\n[sever]\nlisten = \"x\"\n",
        &[("ZEEF_LIMITS_MAX_QUEUE", "1"), ("ZEEF_SERVER_THREADS", "two")],
    );
    for part in [
        "zeef.toml:2: limits.max_strems: there is no such key (did you mean \"max_streams\"?)",
        "zeef.toml:3: limits.max_queued: invalid type: string \"many\", expected a whole number",
        "zeef.toml:4: limits.longest_call: write a whole number with its unit",
        "zeef.toml:6: sever: there is no such key (did you mean \"server\"?)",
        "ZEEF_LIMITS_MAX_QUEUE: there is no such variable (did you mean \"ZEEF_LIMITS_MAX_QUEUED\"?)",
        "ZEEF_SERVER_THREADS: must be a whole number",
    ] {
        assert!(said.contains(part), "{part:?} is not in:\n{said}");
    }
    assert!(said.starts_with("the configuration has 6 faults:"), "{said}");
}

#[test]
fn what_does_not_fit_is_told_with_its_line() {
    for (text, part) in [
        ("[server]\nlisten = \"localhost\"", "zeef.toml:2: server.listen: write an IP address"),
        ("[limits]\n\nmax_streams = 0", "zeef.toml:3: limits.max_streams: must be 1 or more"),
        ("[limits]\nkeepalive_timeout = \"0s\"", "zeef.toml:2: limits.keepalive_timeout: must be longer"),
        ("[data]\nfolder = \"x\"\ndemo = true", "zeef.toml:3: data.demo: the demonstration lists"),
        ("[data.max_age_days]\neu = -1", "zeef.toml:2: data.max_age_days.eu: must be 0"),
        ("[log]\nlevel = \"zeef=loud\"", "zeef.toml:2: log.level:"),
        ("[log]\nformat = \"xml\"", "zeef.toml:2: log.format: unknown variant"),
        ("server = 3", "zeef.toml:1: server: invalid type"),
        ("[server]\nlisten = \"x", "zeef.toml:2: this is not TOML"),
        ("[server]\nlisten = \"a\"\nlisten = \"b\"", "zeef.toml:3: this is not TOML"),
    ] {
        let said = said(text, &[]);
        assert!(said.contains(part), "{part:?} is not in:\n{said}");
    }
}

#[test]
fn a_variable_that_is_nearly_one_is_told_and_others_are_nobodys_business() {
    let sources = Sources {
        variables: variables(&[
            ("ZEEF_SERVRE_LISTEN", "x"),
            ("ZEEF_CONFIG", "/zeef.toml"),
            ("ZEEF_PYTHON", "python3"),
            ("PATH", "/bin"),
        ]),
        ..Sources::default()
    };
    let settings = Settings::read(&sources).unwrap();
    assert_eq!(settings.remarks.len(), 1, "{:?}", settings.remarks);
    assert!(settings.remarks[0].contains("ZEEF_SERVER_LISTEN"));
}

#[test]
fn a_folder_and_the_demonstration_lists_exclude_each_other() {
    let lists = |text: &str, variables_given: &[(&str, &str)], flags: Vec<Flag>| {
        let (_folder, mut sources) = world(text);
        sources.variables = variables(variables_given);
        sources.flags = flags;
        let sections = Settings::read(&sources).unwrap().sections;
        (sections.data.folder.map(|f| f.0.display().to_string()), sections.data.demo)
    };
    let demo = || vec![Flag::new("--demo", "data.demo", true)];
    let data = || vec![Flag::new("--data", "data.folder", "/flag")];
    assert_eq!(lists("", &[("ZEEF_DATA", "/env")], vec![]), (Some("/env".into()), false));
    assert_eq!(
        lists("data.folder = '/file'", &[("ZEEF_DATA", "/env")], vec![]),
        (Some("/env".into()), false)
    );
    assert_eq!(lists("", &[("ZEEF_DATA", "/env")], demo()), (None, true));
    assert_eq!(lists("data.demo = true", &[], data()), (Some("/flag".into()), false));
    let own = [("ZEEF_DATA_FOLDER", "/own"), ("ZEEF_DATA", "/env")];
    assert_eq!(lists("", &own, vec![]), (Some("/own".into()), false));
}

#[test]
fn a_missing_file_is_told_as_such() {
    let sources = Sources { file: Some("/no/such/zeef.toml".into()), ..Sources::default() };
    assert!(matches!(Settings::read(&sources), Err(ConfigError::Read { .. })));
}

#[test]
fn a_reload_tells_what_needs_a_restart() {
    let (_one, old) =
        world("[log]\nlevel = \"info\"\n[limits]\nmax_streams = 1\n[data.max_age_days]\neu = 1\n");
    let (_two, new) = world("[log]\nlevel = \"warn\"\n[server]\nthreads = 1\n[data.max_age_days]\nun = 1\n");
    let (old, new) = (Settings::read(&old).unwrap(), Settings::read(&new).unwrap());
    let changes = Changes::between(&old, &new);
    assert_eq!(changes.taken_up, ["data.max_age_days.eu", "data.max_age_days.un", "log.level"]);
    assert_eq!(changes.left, ["limits.max_streams", "server.threads"]);
    assert_eq!(Changes::between(&new, &new), Changes::default());
}

#[test]
fn a_secret_is_refused_in_the_file() {
    let said_of = said("[access]\nsession_key = \"hush-hush\"\n", &[]);
    assert!(
        said_of.contains("zeef.toml:2: access.session_key: is a secret") && !said_of.contains("hush-hush")
    );
    assert!(
        said_of.contains("access.session_key_file") && said_of.contains("ZEEF_ACCESS_SESSION_KEY"),
        "{said_of}"
    );
    let sources =
        Sources { variables: variables(&[("ZEEF_ACCESS_SESSION_KEY", "hush-hush")]), ..Sources::default() };
    let settings = Settings::read(&sources).unwrap();
    assert!(
        !format!("{settings:?}").contains("hush-hush")
            || format!("{:?}", settings.sections).contains("Secret(…)")
    );
    assert_eq!(settings.sections.access(None).unwrap().session_key.as_deref(), Some(&b"hush-hush"[..]));
}

/// A token of nobody.
const TOKEN: &str = "[[access.tokens]]\nname = \"hr\"\nsha256 = \"00000000000000000000000000000000\
                     00000000000000000000000000000000\"\nscopes = [\"screen\"]\n";

#[test]
fn other_machines_reach_only_what_is_locked() {
    let tls = "[tls]\ncertificate = \"a\"\nkey = \"b\"\n";
    let anonymous = "[access]\nanonymous = [\"screen\"]\n";
    for (listen, rest, missing) in [
        ("127.0.0.1:1", String::new(), None),
        ("[::1]:1", String::new(), None),
        ("0.0.0.0:1", format!("{tls}{TOKEN}"), None),
        (
            "0.0.0.0:1",
            String::new(),
            Some("there is not TLS (give tls.certificate and tls.key), nor a way to know"),
        ),
        ("[::]:1", tls.to_owned(), Some("a way to know who calls")),
        ("192.0.2.1:1", TOKEN.to_owned(), Some("TLS (give")),
        ("0.0.0.0:1", format!("{tls}{anonymous}{TOKEN}"), Some("access.anonymous lets everybody in")),
    ] {
        let text = |more: &str| format!("[server]\nlisten = \"{listen}\"\n{more}{rest}");
        let (_folder, sources) = world(&text(""));
        let read = Settings::read(&sources);
        match missing {
            None => assert!(read.is_ok(), "{listen} {rest}: {read:?}"),
            Some(part) => {
                let said = read.expect_err(&rest).to_string();
                assert!(
                    said.contains(part) && said.contains("--insecure-listen"),
                    "{part:?} is not in:\n{said}"
                );
                let (_folder, sources) = world(&text("insecure_listen = true\n"));
                assert!(Settings::read(&sources).is_ok(), "the operator has said so");
            }
        }
    }
}

#[test]
fn faults_of_access_are_told_with_their_lines() {
    let oidc = |rest: &str| {
        format!("[access.oidc]\nissuer = \"i\"\naudience = \"a\"\ngrants = {{ x = [\"screen\"] }}\n{rest}")
    };
    let login = |rest: &str| oidc(&format!("jwks_file = \"b\"\n[access.oidc.login]\n{rest}"));
    for (text, part) in [
        ("[tls]\ncertificate = \"a\"".to_owned(), "zeef.toml:2: tls.certificate: needs its key"),
        ("[tls]\nclient_authorities = \"a\"".to_owned(), "tls.client_authorities: asks clients"),
        (TOKEN.replace("screen", "read"), "zeef.toml:1: access.tokens: unknown variant `read`"),
        (TOKEN.replace("[\"screen\"]", "[]"), "may do nothing"),
        (
            TOKEN.replace("sha256", "sha265"),
            "zeef.toml:3: access.tokens.sha265: there is no such key (did you mean",
        ),
        (TOKEN.replace("000000000000", "00"), "64 hexadecimal digits"),
        (TOKEN.replace("hr", "anonymous"), "is no name for a client"),
        (TOKEN.replace("hr", "oidc:x"), "is no name for a client"),
        (format!("{TOKEN}{TOKEN}"), "there are two of this name"),
        (format!("{TOKEN}{}", TOKEN.replace("hr", "hr2")), "share one token"),
        (format!("{TOKEN}allowance = {{ burst = 3 }}\n"), "burst: says nothing without per_second"),
        (format!("{TOKEN}allowance = {{ per_second = 0 }}\n"), "expected a whole number"),
        (format!("{TOKEN}expires = \"soon\"\n"), "write a date"),
        (oidc(""), "access.oidc.jwks_url: is missing"),
        (oidc("jwks_url = \"http://login.example/keys\""), "must begin with https://"),
        (oidc("jwks_url = \"https://a\"\njwks_file = \"b\""), "keys come from one place"),
        (oidc("jwks_url = \"http://127.0.0.1.example/keys\""), "must begin with https://"),
        (login("scopes = [\"openid\"]"), "access.oidc.login.client_id: is missing"),
        (
            login("redirect_uri = \"https://zeef.example/other\""),
            "zeef.toml:7: access.oidc.login.redirect_uri: must be",
        ),
        (login("redirect_uri = \"https://a/b/login/callback\""), "redirect_uri: must be"),
        (login("redirect_uri = \"http://zeef.example/login/callback\""), "redirect_uri: must be"),
        (login("redirect_uri = \"https://zeef.example/login/callback\""), "there is no TLS here"),
        (login("client_secret = \"hush\""), "zeef.toml:7: access.oidc.login.client_secret"),
        (login("scopes = [\"profile\"]"), "scopes: must hold openid"),
        (
            login("token_endpoint = \"http://login.example/token\""),
            "token_endpoint: must begin with https://",
        ),
        (
            login("token_endpoint = \"https://login.example/token\""),
            "authorization_endpoint: is missing beside",
        ),
        (login("client_id = \"x\""), "the issuer is no address"),
        (login("client_ID = \"x\""), "did you mean \"client_id\""),
    ] {
        let said = said(&text, &[]);
        assert!(said.contains(part), "{part:?} is not in:\n{said}");
    }
}

/// The configurations in `deploy/` are without fault.
#[test]
fn examples_can_be_used() {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
    let sources = Sources { file: Some(deploy.join("zeef.toml")), ..Sources::default() };
    let settings = Settings::read(&sources).unwrap();
    assert_eq!(settings.sections.access.tokens.len(), 2);

    let manifest = std::fs::read_to_string(deploy.join("kubernetes/zeef.yaml")).unwrap();
    let (_, inside) = manifest.split_once("  zeef.toml: |\n").unwrap();
    let inside: Vec<&str> = inside
        .lines()
        .take_while(|l| l.is_empty() || l.starts_with("    "))
        .map(|l| l.get(4..).unwrap_or(""))
        .collect();
    let (_folder, sources) = world(&inside.join("\n"));
    let settings = Settings::read(&sources).unwrap();
    assert!(settings.sections.asks_who_calls());
}
