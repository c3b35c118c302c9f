//! The path of a test's cassette.

use std::path::{Path, PathBuf};

/// The place of a test, as far as its cassette depends on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) package: &'a str,
    pub(crate) manifest_dir: &'a Path,
    /// `crate::module`
    pub(crate) module: &'a str,
    pub(crate) name: &'a str,
    /// The folder of the source file.
    pub(crate) folder: &'a Path,
}

/// Returns the path of a cassette. Default: `cassettes/<package>/<module>/<test>.json`. A declared path is relative
/// to the source file or to the package's folder; a new cassette is made beside the source file.
pub(crate) fn find(place: &Place<'_>, declared: Option<&str>) -> PathBuf {
    let Some(declared) = declared else {
        return root(place.manifest_dir).join(below(place));
    };
    let candidates = [place.folder.join(declared), place.manifest_dir.join(declared)];
    let there = candidates.iter().find(|it| it.is_file() || pending(it).is_file());
    there.unwrap_or(&candidates[0]).clone()
}

/// Returns the path of a recording that is not accepted yet.
pub(crate) fn pending(cassette: &Path) -> PathBuf {
    let mut name = cassette.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// Returns the nearest folder `cassettes` between the package's folder and the workspace's, which has the
/// `Cargo.lock`. Default: the workspace's.
fn root(manifest_dir: &Path) -> PathBuf {
    for folder in manifest_dir.ancestors() {
        let cassettes = folder.join("cassettes");
        if cassettes.is_dir() || folder.join("Cargo.lock").is_file() {
            return cassettes;
        }
    }
    manifest_dir.join("cassettes")
}

/// Returns `package/module/test.json`; a library's own name at the start of its module is left out.
fn below(place: &Place<'_>) -> PathBuf {
    let mut path = PathBuf::from(place.package);
    let library = place.package.replace('-', "_");
    let mut modules = place.module.split("::").peekable();
    if modules.peek() == Some(&library.as_str()) {
        modules.next();
    }
    path.extend(modules);
    path.push(format!("{}.json", place.name.trim_start_matches("r#")));
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place<'a>(package: &'a str, module: &'a str) -> Place<'a> {
        Place {
            package,
            manifest_dir: Path::new("nowhere"),
            module,
            name: "it_works",
            folder: Path::new("nowhere/tests"),
        }
    }

    #[test]
    fn a_cassette_is_named_after_its_test() {
        let path =
            |package, module| below(&place(package, module)).to_string_lossy().replace('\\', "/");
        assert_eq!(path("my-app", "my_app::grants::tests"), "my-app/grants/tests/it_works.json");
        assert_eq!(path("my-app", "grants"), "my-app/grants/it_works.json");
        assert_eq!(path("my-app", "my_app"), "my-app/it_works.json");
    }

    #[test]
    fn a_missing_declared_cassette_is_beside_the_source() {
        let found = find(&place("my-app", "grants"), Some("shared/a.json"));
        assert_eq!(found, Path::new("nowhere/tests").join("shared/a.json"));
    }
}
