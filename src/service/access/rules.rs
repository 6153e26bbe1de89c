//! Which scope a call needs: one table of every method, one of the paths of the page and the JSON calls.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::scope::Scope;

/// What a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: health, and what a browser must have to log in.
    Nothing,
    /// Nothing where the operator says so, else any scope: what the API looks like.
    Reflection,
    /// A scope.
    Scope(Scope),
}

use Need::{Nothing, Reflection};
use Scope::{Admin, Review, Screen};

/// Every method of the service. A test holds it against the descriptors, so that none can be forgotten; what
/// is not in it needs the scope `admin`.
const METHODS: &[(&str, Need)] = &[
    ("/grpc.health.v1.Health/Check", Nothing),
    ("/grpc.health.v1.Health/Watch", Nothing),
    ("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Reflection),
    ("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Reflection),
    ("/zeef.v1.ScreeningService/Screen", Need::Scope(Screen)),
    ("/zeef.v1.ScreeningService/ScreenStream", Need::Scope(Screen)),
    ("/zeef.v1.ScreeningService/Compare", Need::Scope(Screen)),
    ("/zeef.v1.CaseService/ScreenCase", Need::Scope(Screen)),
    ("/zeef.v1.EntityService/GetEntity", Need::Scope(Screen)),
    ("/zeef.v1.EntityService/SearchEntities", Need::Scope(Screen)),
    ("/zeef.v1.ReviewService/ListMatches", Need::Scope(Review)),
    ("/zeef.v1.ReviewService/GetMatch", Need::Scope(Review)),
    ("/zeef.v1.ReviewService/AssignMatch", Need::Scope(Review)),
    ("/zeef.v1.ReviewService/DecideMatch", Need::Scope(Review)),
    ("/zeef.v1.ReviewService/ReopenMatch", Need::Scope(Review)),
    ("/zeef.v1.ReviewService/CommentMatch", Need::Scope(Review)),
    // Who is under watch, and what was found about them.
    ("/zeef.v1.MonitorService/Watch", Need::Scope(Review)),
    ("/zeef.v1.MonitorService/Unwatch", Need::Scope(Review)),
    ("/zeef.v1.MonitorService/ListWatched", Need::Scope(Review)),
    ("/zeef.v1.MonitorService/WatchAlerts", Need::Scope(Review)),
    ("/zeef.v1.ListService/ListLists", Need::Scope(Screen)),
    ("/zeef.v1.ListService/ListSnapshots", Need::Scope(Screen)),
    ("/zeef.v1.ListService/DiffSnapshots", Need::Scope(Screen)),
];

/// Paths of everything that is no gRPC, by their beginnings: the longest that fits counts. What ends in `/`
/// fits all below it, `/` itself the pages that no other row names.
const PATHS: &[(&str, Need)] = &[
    ("/", Need::Scope(Screen)),
    ("/assets/", Nothing),
    ("/language", Nothing),
    ("/login", Nothing),
    ("/logout", Nothing),
    ("/metrics", Need::Scope(Admin)),
    // What was asked and found, and who is under watch.
    ("/alerts", Need::Scope(Review)),
    ("/review", Need::Scope(Review)),
    ("/watched", Need::Scope(Review)),
    // Rows of their own, so that they are counted each for itself.
    ("/case", Need::Scope(Screen)),
    ("/compare", Need::Scope(Screen)),
    ("/entity/", Need::Scope(Screen)),
    ("/lists", Need::Scope(Screen)),
    ("/match/", Need::Scope(Screen)),
    ("/screen", Need::Scope(Screen)),
    ("/search", Need::Scope(Screen)),
    ("/v1/", Need::Scope(Screen)),
    ("/v1/case", Need::Scope(Screen)),
    ("/v1/compare", Need::Scope(Screen)),
    ("/v1/entities", Need::Scope(Screen)),
    ("/v1/lists", Need::Scope(Screen)),
    ("/v1/openapi.json", Reflection),
    ("/v1/screen", Need::Scope(Screen)),
];

/// A call, as the tables know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it needs.
    pub need: Need,
    /// Its path in the table, for counting: `other` where there is none.
    pub name: &'static str,
}

/// The name of calls that no table knows. Their paths are the callers' and go nowhere.
pub const OTHER: &str = "other";

static BY_PATH: LazyLock<HashMap<&'static str, Need>> = LazyLock::new(|| METHODS.iter().copied().collect());

/// The method at a path.
pub fn method(path: &str) -> Known {
    match BY_PATH.get_key_value(path) {
        Some((name, need)) => Known { need: *need, name },
        None => Known { need: Need::Scope(Admin), name: OTHER },
    }
}

/// The page, file or JSON call at a path.
pub fn page(path: &str) -> Known {
    let fits = |known: &str| match known.strip_suffix('/') {
        Some(folder) => path.starts_with(known) || path == folder,
        None => path == known || path.strip_prefix(known).is_some_and(|rest| rest.starts_with('/')),
    };
    let found = PATHS.iter().filter(|(known, _)| fits(known)).max_by_key(|(known, _)| known.len());
    found.map_or(Known { need: Need::Scope(Admin), name: OTHER }, |(name, need)| Known { need: *need, name })
}

/// Every name that [`method`] and [`page`] give.
pub fn names() -> impl Iterator<Item = &'static str> {
    METHODS.iter().chain(PATHS).map(|(name, _)| *name).chain([OTHER])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use prost::Message as _;
    use prost_types::FileDescriptorSet;

    use super::*;
    use crate::service::proto;

    #[test]
    fn every_method_stands_in_the_table_and_no_other() {
        let sets = [
            proto::FILE_DESCRIPTOR_SET,
            tonic_health::pb::FILE_DESCRIPTOR_SET,
            tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
            tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
        ];
        let mut described = BTreeSet::new();
        for set in sets {
            for file in FileDescriptorSet::decode(set).unwrap().file {
                for service in &file.service {
                    for method in &service.method {
                        described.insert(format!("/{}.{}/{}", file.package(), service.name(), method.name()));
                    }
                }
            }
        }
        let listed: BTreeSet<String> = METHODS.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(listed.len(), METHODS.len(), "a method stands there twice");
        assert_eq!(described, listed);
    }

    #[test]
    fn every_page_and_json_call_stands_in_the_table() {
        let routes = [include_str!("../../web/mod.rs"), include_str!("../../web/api/mod.rs")];
        let paths = routes.iter().flat_map(|text| text.split(".route(\"").skip(1));
        let paths: Vec<&str> = paths.filter_map(|rest| rest.split('"').next()).collect();
        assert!(paths.len() > 15, "{paths:?}");
        for path in paths {
            // The start page, and what browsers ask for by themselves.
            let by_default = ["/", "/favicon.ico"].contains(&path);
            assert!(by_default || page(path).name != "/", "{path} has no row of its own");
        }
    }

    #[test]
    fn only_health_and_the_way_in_need_nothing() {
        for (path, need) in METHODS.iter().chain(PATHS) {
            let open = path.starts_with("/grpc.health.v1.Health/")
                || ["/assets/", "/language", "/login", "/logout"].contains(path);
            assert_eq!(*need == Nothing, open, "{path}");
        }
    }

    #[test]
    fn what_no_table_knows_needs_the_most() {
        let admin = Known { need: Need::Scope(Admin), name: OTHER };
        assert_eq!(method("/zeef.v1.ScreeningService/screen"), admin);
        assert_eq!(method("/zeef.v1.New/Method"), admin);
        assert_eq!(method(""), admin);
        assert_eq!(page("*"), admin);
    }

    #[test]
    fn the_longest_path_that_fits_counts() {
        for (path, need) in [
            ("/", Need::Scope(Screen)),
            ("/lists", Need::Scope(Screen)),
            ("/assets/style.css", Nothing),
            ("/assets", Nothing),
            ("/login", Nothing),
            ("/loginx", Need::Scope(Screen)),
            ("/metrics", Need::Scope(Admin)),
            ("/metrics/", Need::Scope(Admin)),
        ] {
            assert_eq!(page(path).need, need, "{path}");
        }
    }
}
